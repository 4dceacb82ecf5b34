import type { EntityManager } from 'typeorm';
import type { Position, Recorded } from '@app/event-store/event-store.js';
import { lock } from './checkpoint.js';
import { LIVE } from './tables.js';
import { SetBack } from './transient.js';
import type { AnyView } from './view.js';
import { write } from './write.js';

/** What a committed batch may have changed, for those who wait for it. `null`: more than fits into a notice. */
export type Notice = Readonly<{ position: Position; touched: readonly Touched[] | null }>;
export type Touched = Readonly<{ task?: string; unit?: string; guideline?: string }>;
export const NOTICES = 'duban_views';
const NOTICE_LIMIT = 7_000;

/** The view's tables are of another version of the code than this process has: to feed them would spoil them. */
export class OtherVersion extends Error {
  constructor(
    readonly view: AnyView,
    readonly found: number,
  ) {
    super(`view ${view.name} has tables of version ${found}, this process has version ${view.version}`);
  }
}

/**
 * Applies a batch, the one that follows `previous`, once for every view: rows, counters and checkpoints change together, and what was
 * already read is skipped. The locked checkpoints make a second runner wait instead of doing it again. Throws `OtherVersion`.
 */
export const apply = (db: EntityManager, views: readonly AnyView[], batch: readonly Recorded[], previous: Position) =>
  db.transaction(async (tx) => {
    const checkpoints = await lock(tx, views);
    const last = batch.at(-1)!.position;
    for (const view of views) {
      const { position: from, version, parked } = checkpoints.get(view.name)!;
      if (version !== view.version) throw new OtherVersion(view, version);
      if (from < previous) throw new SetBack(view.name, from, previous);
      const all = batch[0]!.position > from && parked.length === 0;
      if (from < last)
        await write(tx, LIVE, view, all ? batch : batch.filter(({ position, stream }) => position > from && !parked.includes(stream)));
    }
    await tx.query(
      `with moved as (update app.checkpoint set position = $1, error = null, "failedAt" = null where view = any($2) and position < $1)
       select pg_notify($3, $4)`,
      [last, views.map(({ name }) => name), NOTICES, notice(last, views.some(({ appendOnly }) => !appendOnly) ? batch : [])],
    );
  });

function notice(position: Position, batch: readonly Recorded[]): string {
  const touched = new Map<string, Touched>();
  for (const { stream, data } of batch) {
    const [category, id] = [stream.slice(0, stream.indexOf('-')), stream.slice(stream.indexOf('-') + 1)];
    const { taskId, unitId } = data as { taskId?: string; unitId?: string };
    const about: Touched =
      category === 'assignment'
        ? { task: taskId, unit: unitId }
        : category === 'task' || category === 'guideline' || category === 'unit'
          ? { [category]: id }
          : {};
    touched.set(JSON.stringify(about), about);
  }
  const text = JSON.stringify({ position, touched: [...touched.values()] } satisfies Notice);
  return text.length < NOTICE_LIMIT ? text : JSON.stringify({ position, touched: null } satisfies Notice);
}
