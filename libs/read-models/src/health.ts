import type { DataSource } from 'typeorm';
import type { EventStore, Position } from '@app/event-store/event-store.js';

/** How far something that follows the events is; `error` when it is held up. */
export type Lag = Readonly<{
  name: string;
  kind: 'view' | 'follower';
  position: Position | null;
  behind: boolean;
  error: string | null;
  failedAt: Date | null;
}>;

/** Events that a view passed over; `duban rebuild` takes them in once the fault is mended. */
export type ParkedStream = Readonly<{ view: string; stream: string; position: Position; error: string }>;

export type Health = Readonly<{ ok: boolean; store: string; head: Position | null; lags: readonly Lag[]; parked: readonly ParkedStream[] }>;

/** What the store and everything behind it say of themselves. Rejects when the store or the database cannot be asked. */
export async function healthOf(store: EventStore, db: DataSource): Promise<Health> {
  // All at once: the first that cannot be asked is answer enough.
  const [description, head, rows, parked] = await Promise.all([
    store.describe(),
    store.head(),
    db.query<Omit<Lag, 'behind'>[]>(
      `select view as name, 'view' as kind, position, error, "failedAt" from app.checkpoint
       union all select name, 'follower', position, error, "failedAt" from app.follower order by 2 desc, 1`,
    ),
    db.query<ParkedStream[]>('select view, stream, position, error from app.parked order by view, position'),
  ]);
  const lags = rows.map((row) => ({ ...row, behind: head !== null && (row.position ?? '') < head }));
  return { ok: lags.every(({ error }) => error === null), store: description, head, lags, parked };
}
