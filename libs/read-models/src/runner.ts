import { Column, type DataSource, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import { type EventStore, type Position, type Recorded, StoreError } from '@app/event-store/event-store.js';
import { type AnyView, type Change, foldRows, tallyChanges } from './view.js';

/** How far a view has read, and what stopped it, if anything did. */
@Entity('checkpoint')
export class Checkpoint {
  @PrimaryColumn('text') view: string;
  @Column({ type: 'text', collation: 'C' }) position: Position;
  @Column('text', { nullable: true }) error: string | null;
  @Column('timestamptz', { nullable: true }) failedAt: Date | null;
}

/** A stream whose events a view takes no more, since one of them could not be applied; a rebuild that succeeds takes them all. */
@Entity('parked')
export class Parked {
  @PrimaryColumn('text') view: string;
  @PrimaryColumn('text') stream: string;
  @Column({ type: 'text', collation: 'C' }) position: Position;
  @Column('text') error: string;
  @Column('timestamptz') parkedAt: Date;
}

/** How many rows a view has under a key; kept by the runner, so that no list is ever counted. */
@Entity('tally')
export class Tally {
  @PrimaryColumn('text', { collation: 'C' }) key: string;
  @Column('int') n: number;
}

/** What a committed batch may have changed, for those who wait for it. `null`: more than fits into a notice. */
export type Notice = Readonly<{ position: Position; touched: readonly Touched[] | null }>;
export type Touched = Readonly<{ task?: string; unit?: string; guideline?: string }>;
export const NOTICES = 'duban_views';
const NOTICE_LIMIT = 7_000;

/**
 * Applies a batch, the one that follows `previous`, once for every view: rows, counters and checkpoints change together, and what was
 * already read is skipped. The locked checkpoints make a second runner wait instead of doing it again.
 */
export const apply = (db: EntityManager, views: readonly AnyView[], batch: readonly Recorded[], previous: Position) =>
  db.transaction(async (tx) => {
    const checkpoints = await lock(tx, views);
    const last = batch.at(-1)!.position;
    for (const view of views) {
      const { position: from, parked } = checkpoints.get(view.name)!;
      if (from < previous) throw new Error(`view ${view.name} is at "${from}", before "${previous}": it would miss events`);
      const all = batch[0]!.position > from && parked.length === 0;
      if (from < last)
        await write(tx, view, all ? batch : batch.filter(({ position, stream }) => position > from && !parked.includes(stream)));
    }
    await tx.query(
      `with moved as (update app.checkpoint set position = $1, error = null, "failedAt" = null where view = any($2) and position < $1)
       select pg_notify($3, $4)`,
      [last, views.map(({ name }) => name), NOTICES, notice(last, views.some(({ appendOnly }) => !appendOnly) ? batch : [])],
    );
  });

type Place = Pick<Checkpoint, 'view' | 'position'> & { parked: string[] };

async function lock(tx: EntityManager, views: readonly AnyView[]): Promise<Map<string, Place>> {
  const names = views.map(({ name }) => name).sort();
  // A commit of views need not wait for the disk: rows and checkpoint are lost together, and folded again from the events.
  const select = () =>
    tx.query<Place[]>(
      `select view, position, array(select stream from app.parked where parked.view = checkpoint.view) as parked
       from app.checkpoint, set_config('synchronous_commit', 'off', true)
       where view = any($1) order by view for update of checkpoint`,
      [names],
    );
  let rows = await select();
  if (rows.length < names.length) {
    await tx.query(`insert into app.checkpoint (view, position) select name, '' from unnest($1::text[]) name on conflict do nothing`, [
      names,
    ]);
    rows = await select();
  }
  return new Map(rows.map((row) => [row.view, row]));
}

async function write(tx: EntityManager, view: AnyView, events: readonly Recorded[]) {
  const { entity, on, tally, appendOnly } = view;
  const heard = events.filter(({ type }) => type in on);
  if (heard.length === 0) return;
  const { tablePath, columns } = tx.dataSource.getMetadata(entity);
  const names = columns.map(({ databaseName }) => `"${databaseName}"`);

  const before = appendOnly ? [] : await load(tx, tablePath, view, heard);
  const change: Change<{ id: string }> = foldRows(view, before, heard);
  const changed = [...change.after.values()].filter((row) => change.before.get(row.id) !== row);
  const gone = [...change.before.keys()].filter((id) => !change.after.has(id));

  if (changed.length > 0)
    await tx.query(
      `insert into ${tablePath} (${names.join()}) select ${names.join()} from json_populate_recordset(null::${tablePath}, $1)
       on conflict (id) do ${appendOnly ? 'nothing' : `update set ${names.map((name) => `${name} = excluded.${name}`).join()}`}`,
      [JSON.stringify(changed)],
    );
  if (gone.length > 0) await tx.query(`delete from ${tablePath} where id = any($1)`, [gone]);

  const deltas = tally ? tallyChanges(tally, change) : new Map<string, number>();
  if (deltas.size > 0)
    await tx.query(
      `insert into app.tally (key, n) select * from unnest($1::text[], $2::int[]) on conflict (key) do update set n = tally.n + excluded.n`,
      [[...deltas.keys()].map((key) => `${view.name}:${key}`), [...deltas.values()]],
    );
}

async function load(tx: EntityManager, table: string, { target }: AnyView, events: readonly Recorded[]): Promise<{ id: string }[]> {
  const ids = new Set<string>();
  const taskIds = new Set<string>();
  for (const event of events) {
    const where = target(event);
    if ('id' in where) ids.add(where.id);
    else taskIds.add(where.taskId);
  }
  const byTask = taskIds.size > 0 ? ([` or "taskId" = any($2)`, [[...taskIds]]] as const) : (['', []] as const);
  return tx.query(`select * from ${table} where id = any($1)${byTask[0]}`, [[...ids], ...byTask[1]]);
}

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

/**
 * Keeps the views up to date until `signal` aborts. Views at the same place are fed together, those that only add lines apart from those
 * that change rows, so that two connections share the work. When a batch fails for one of them they go on alone, and after three tries the
 * event that cannot be applied is parked with its stream, for that view: everything else goes on, and `/health` names it.
 */
export async function run(
  store: EventStore,
  db: DataSource,
  views: readonly AnyView[],
  signal: AbortSignal,
  onError: OnError,
): Promise<void> {
  const alone = (groups: readonly (readonly AnyView[])[]) => Promise.all(groups.map((group) => run(store, db, group, signal, onError)));
  for (let failures = 0; !signal.aborted;) {
    try {
      const places = await db.transaction((tx) => lock(tx, views));
      const kind = ({ name, appendOnly }: AnyView) => `${places.get(name)!.position} ${appendOnly ? 'lines' : 'rows'}`;
      const groups = [...new Set(views.map(kind))].map((one) => views.filter((view) => kind(view) === one));
      if (groups.length > 1) return void (await alone(groups));
      const { position } = places.get(views[0]!.name)!;
      if (failures < TRIES) await follow(store, db, views, position, signal);
      else await parkNext(store, db, views[0]!, position);
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      onError(
        views.map(({ name }) => name),
        error,
      );
      if (!isTransient(error)) {
        if (views.length > 1) return void (await alone(views.map((view) => [view])));
        await markFailed(db, views[0]!, error);
        failures++;
      }
      await pause(isTransient(error) ? 500 : 200 * failures, signal);
    }
  }
}
export type OnError = (views: string[], error: unknown) => void;
const TRIES = 3;

/** Goes on event by event up to the one that cannot be applied, and parks its stream for this view: the rest need not wait for it. */
async function parkNext(store: EventStore, db: DataSource, view: AnyView, from: Position) {
  let previous = from;
  for (const event of await store.readAll(from || null, 1_000)) {
    try {
      await apply(db.manager, [view], [event], previous);
    } catch (error) {
      if (isTransient(error)) throw error;
      await db.query(
        `with parked as (
           insert into app.parked (view, stream, position, error, "parkedAt") values ($1, $2, $3, $4, now()) on conflict do nothing
         ) update app.checkpoint set position = $3, error = null, "failedAt" = null where view = $1 and position = $5`,
        [view.name, event.stream, event.position, String(error).slice(0, 1_000), previous],
      );
      return;
    }
    previous = event.position;
  }
}

async function follow(store: EventStore, db: DataSource, views: readonly AnyView[], from: Position, signal: AbortSignal) {
  let previous = from;
  for await (const { events } of store.follow({ after: from || null, signal, batch: 1_000 })) {
    if (events.length === 0) continue;
    await apply(db.manager, views, events, previous);
    previous = events.at(-1)!.position;
  }
}

/** Empties a view and folds it again from the first event, in one transaction: readers see the old rows until the new ones are complete. */
export async function rebuild(store: EventStore, db: DataSource, view: AnyView, onProgress: (events: number) => void): Promise<number> {
  return db.transaction(async (tx) => {
    await lock(tx, [view]);
    await tx.query('delete from app.parked where view = $1', [view.name]);
    await tx.query(`delete from ${tx.dataSource.getMetadata(view.entity).tablePath}`);
    await tx.query('delete from app.tally where starts_with(key, $1)', [`${view.name}:`]);
    let position: Position = '';
    let read = 0;
    for (let page = await store.readAll(null, 2_000); page.length > 0; page = await store.readAll(position, 2_000)) {
      await write(tx, view, page);
      position = page.at(-1)!.position;
      onProgress((read += page.length));
    }
    await tx.query('update app.checkpoint set position = $2, error = null, "failedAt" = null where view = $1', [view.name, position]);
    return read;
  });
}

const markFailed = (db: DataSource, { name }: AnyView, error: unknown) =>
  db
    .query(`update app.checkpoint set error = $2, "failedAt" = coalesce("failedAt", now()) where view = $1`, [
      name,
      String(error).slice(0, 1_000),
    ])
    .catch(() => {});

/** The database is away, busy or full: nothing is wrong with the event. */
export function isTransient(error: unknown): boolean {
  if (error instanceof StoreError) return error.retryable;
  const { code, driverError } = error as { code?: string; driverError?: { code?: string } };
  const state = driverError?.code ?? code ?? '';
  return (
    /^(08|40|53|55|57)/.test(state) ||
    /^E[A-Z]+$/.test(state) ||
    /Connection terminated|timeout exceeded|Client has encountered/.test(String(error))
  );
}

/** Waits, but no longer than somebody wants it to go on. */
export const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
