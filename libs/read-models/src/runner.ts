import type { DataSource } from 'typeorm';
import { UnknownFact } from '@app/domain/decider.js';
import type { EventStore, Position } from '@app/event-store/event-store.js';
import { apply, OtherVersion } from './apply.js';
import { asBuilder, build } from './build.js';
import { lock, type Place } from './checkpoint.js';
import { isTransient, pause } from './transient.js';
import type { AnyView } from './view.js';

export type OnError = (views: string[], error: unknown) => void;
const TRIES = 3;
/** While a new version is rolled out, one of its processes soon takes in what the older ones do not know. */
const NEWER_WITHIN_MS = 1_000;
/** From so many events on, folding them into empty tables is faster by a build. */
const LONG = 5_000;
/** Views that are no further apart go together: what one of them has read already is passed over for it. */
const NEAR = 1_000;
const LOOK_AGAIN_MS = 5_000;
const BUSY_MS = 1_000;

/**
 * Keeps the views up to date until `signal` aborts. A view without rows, or whose tables are of an older version of its code, is built beside
 * what serves; one whose tables are of a newer version is left to newer processes. Views at the same place are fed together, those that only
 * add lines apart from those that change rows, so that two connections share the work. When a batch fails for one of them they go on alone,
 * and after three tries the event that cannot be applied is parked with its stream, for that view: everything else goes on, and `/health`
 * names it.
 */
export async function run(
  store: EventStore,
  db: DataSource,
  views: readonly AnyView[],
  signal: AbortSignal,
  onError: OnError,
): Promise<void> {
  const known = { unbuildable: new Set<AnyView>(), left: new Set<AnyView>() };
  await asBuilder(db, [], async () => {}).catch((error: unknown) => onError([], error));
  while (!signal.aborted) {
    const round = new AbortController();
    const end = () => round.abort();
    signal.addEventListener('abort', end);
    await new Runner(store, db, round, onError, known).keep(views);
    signal.removeEventListener('abort', end);
  }
}

/** What there is to do for a view at its place. */
type Duty = 'build' | 'leave' | 'stuck' | `feed ${'lines' | 'rows'} from ${Position}`;

/** Feeds views until its round ends: because somebody wants that, or because a view was built and may join the others. */
class Runner {
  private readonly signal: AbortSignal;
  private builds = 0;

  constructor(
    private readonly store: EventStore,
    private readonly db: DataSource,
    private readonly round: AbortController,
    private readonly onError: OnError,
    /** Views that could not be built, which stay as they are until somebody mends them; and those left to newer processes. */
    private readonly known: { unbuildable: Set<AnyView>; left: Set<AnyView> },
  ) {
    this.signal = round.signal;
  }

  async keep(views: readonly AnyView[]): Promise<void> {
    const { store, db, signal } = this;
    const apart = (groups: readonly (readonly AnyView[])[]) => Promise.all(groups.map((group) => this.keep(group)));
    for (let failures = 0; !signal.aborted;) {
      let building = false;
      try {
        const duties = await this.duties(views);
        const groups = [...new Set(duties.values())].map((duty) => views.filter((view) => duties.get(view) === duty));
        if (groups.length > 1) return void (await apart(groups));
        const view = views[0]!;
        const duty = duties.get(view)!;
        building = duty === 'build';
        if (duty === 'build') await this.build(views);
        else if (duty === 'leave' || duty === 'stuck') await pause(LOOK_AGAIN_MS, signal);
        else {
          const position = duty.slice(duty.lastIndexOf(' ') + 1);
          if (failures < TRIES) await follow(store, db, views, position, signal);
          else await parkNext(store, db, view, position);
        }
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof OtherVersion) continue;
        this.onError(
          views.map(({ name }) => name),
          error,
        );
        if (!isTransient(error)) {
          if (views.length > 1) return void (await apart(views.map((view) => [view])));
          if (building) this.known.unbuildable.add(views[0]!);
          await markFailed(db, views[0]!, error);
          failures++;
        }
        await pause(isTransient(error) ? 500 : (error instanceof UnknownFact ? NEWER_WITHIN_MS : 200) * failures, signal);
      }
    }
  }

  private async duties(views: readonly AnyView[]): Promise<Map<AnyView, Duty>> {
    const places = await this.db.transaction((tx) => lock(tx, views));
    const isLong = [...places.values()].some(({ position }) => position === '') && (await this.store.readAll(null, LONG)).length === LONG;
    const positionOf = ({ name }: AnyView) => places.get(name)!.position;
    const others = new Map(views.map((view) => [view, this.cannotBeFed(view, places.get(view.name)!, isLong)]));
    const [first = ''] = views
      .filter((view) => !others.get(view))
      .map(positionOf)
      .sort();
    const near = (await this.store.readAll(first || null, NEAR))[NEAR - 1]?.position;
    const from = (view: AnyView) => (!near || positionOf(view) <= near ? first : positionOf(view));
    return new Map(views.map((view) => [view, others.get(view) ?? `feed ${view.appendOnly ? 'lines' : 'rows'} from ${from(view)}`]));
  }

  private cannotBeFed(view: AnyView, { version, position }: Place, isLong: boolean): 'build' | 'leave' | 'stuck' | null {
    const { left, unbuildable } = this.known;
    if (version > view.version) {
      if (!left.has(view)) this.onError([view.name], new OtherVersion(view, version));
      left.add(view);
      return 'leave';
    }
    left.delete(view);
    const isOld = version < view.version;
    if ((isOld || (position === '' && isLong)) && !unbuildable.has(view)) return 'build';
    return isOld ? 'stuck' : null;
  }

  private async build(views: readonly AnyView[]): Promise<void> {
    const { store, db, signal } = this;
    const isWanted = (view: AnyView, place: Place) => this.cannotBeFed(view, place, true) === 'build';
    this.builds++;
    const { views: built, stopped } = await build(store, db, views, { signal, isWanted }).finally(() => this.builds--);
    for (const error of stopped) {
      this.known.unbuildable.add(error.view);
      this.onError([error.view.name], error);
      await markFailed(db, error.view, error);
    }
    if (built.length + stopped.length < views.length) await pause(BUSY_MS, signal);
    if (this.builds === 0) this.round.abort();
  }
}

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
    if (events.length === 0) {
      await markWell(db, views);
      continue;
    }
    await apply(db.manager, views, events, previous);
    previous = events.at(-1)!.position;
  }
}

/** Whatever held them up, this process or another has got past it. */
const markWell = (db: DataSource, views: readonly AnyView[]) =>
  db.query('update app.checkpoint set error = null, "failedAt" = null where view = any($1) and error is not null', [
    views.map(({ name }) => name),
  ]);

const markFailed = (db: DataSource, { name }: AnyView, error: unknown) =>
  db
    .query(`update app.checkpoint set error = $2, "failedAt" = coalesce("failedAt", now()) where view = $1`, [
      name,
      String(error).slice(0, 1_000),
    ])
    .catch(() => {});
