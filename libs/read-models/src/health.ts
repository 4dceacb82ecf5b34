import type { DataSource } from 'typeorm';
import type { EventStore, Position } from '@app/event-store/event-store.js';
import { aheadOf } from './ahead.js';
import { type Build, IS_BEING_BUILT } from './checkpoint.js';

/** How far something that follows the events is; `error` when it is held up. */
export type Lag = Readonly<{
  name: string;
  kind: 'view' | 'follower';
  position: Position | null;
  behind: boolean;
  error: string | null;
  failedAt: Date | null;
  /** Of a view: which version of its code its tables are of. */
  version: number | null;
}>;

/** Events that a view passed over; `duban rebuild` takes them in once the fault is mended. */
export type ParkedStream = Readonly<{ view: string; stream: string; position: Position; error: string }>;

/** A view that is being folded beside the one that serves; not `alive` when its builder is no more. */
export type BuildState = Readonly<{ view: string; version: number; percent: number; events: number; perSecond: number; alive: boolean }>;

export type Health = Readonly<{
  ok: boolean;
  store: string;
  head: Position | null;
  lags: readonly Lag[];
  /** Who has read what the store does not have, and will miss what is recorded from now on. */
  ahead: readonly string[];
  parked: readonly ParkedStream[];
  builds: readonly BuildState[];
}>;

/** What the store and everything behind it say of themselves. Rejects when the store or the database cannot be asked. */
export async function healthOf(store: EventStore, db: DataSource): Promise<Health> {
  // All at once: the first that cannot be asked is answer enough.
  const [description, head, rows, parked, builds, ahead] = await Promise.all([
    store.describe(),
    store.head(),
    db.query<Omit<Lag, 'behind'>[]>(
      `select view as name, 'view' as kind, position, error, "failedAt", version from app.checkpoint
       union all select name, 'follower', position, error, "failedAt", null from app.follower order by 2 desc, 1`,
    ),
    db.query<ParkedStream[]>('select view, stream, position, error from app.parked order by view, position'),
    buildsIn(db),
    aheadOf(store, db),
  ]);
  const lags = rows.map((row) => ({ ...row, behind: head !== null && (row.position ?? '') < head }));
  const ok = lags.every(({ error }) => error === null) && ahead.length === 0;
  return { ok, store: description, head, lags, ahead: ahead.map(({ name }) => name), parked, builds };
}

/** The same for whoever may ask, never rejecting. What went wrong with an event may quote it: that is for `duban doctor`, not for everybody. */
export async function healthForAll(store: EventStore, db: DataSource) {
  try {
    const { lags, parked, ...health } = await healthOf(store, db);
    return {
      ...health,
      lags: lags.map(({ error, ...lag }) => ({ ...lag, failed: error !== null })),
      parked: parked.map(({ view, stream, position }) => ({ view, stream, position })),
    };
  } catch (error) {
    return { ok: false, store: 'unreachable', error: (error as Error).message };
  }
}

async function buildsIn(db: DataSource): Promise<BuildState[]> {
  const rows = await db.query<(Omit<BuildState, 'percent'> & Pick<Build, 'position' | 'head'>)[]>(
    `select view, version, events, position, head, ${IS_BEING_BUILT} as alive,
       (events / greatest(extract(epoch from "changedAt" - "startedAt"), 0.001))::int as "perSecond"
     from app.build order by view`,
  );
  return rows.map(({ position, head, ...build }) => ({ ...build, percent: percentOf(position, head) }));
}

/** How much of the log up to `head` lies before `position`. */
export const percentOf = (position: Position, head: Position) =>
  head === '' ? 100 : Math.min(100, Math.floor((100 * numberOf(position)) / numberOf(head)));

/** Positions of one PostgreSQL count events; of other stores they are only ordered, and the difference is a hint. */
export const numberOf = (position: Position | null) => Number(/\d{20}/.exec(position ?? '')?.[0] ?? 0);
