import type { DataSource } from 'typeorm';
import type { EventStore, Position } from '@app/event-store/event-store.js';

/** A view or follower that has read what the store does not have: the store was put back to an earlier state, the database was not. */
export type Ahead = Readonly<{ name: string; position: Position; head: Position | null }>;

/** None where everything is as it should be. What such a view would miss is everything that is recorded from then on. */
export async function aheadOf(store: EventStore, db: DataSource): Promise<Ahead[]> {
  const rows = await db.query<{ name: string; position: Position }[]>(
    'select view as name, position from app.checkpoint union all select name, position from app.follower order by 1',
  );
  // Asked after the places, which grow: nobody has read what was recorded later.
  const head = await store.head();
  // A place in another store is none here, and says nothing.
  const here = rows.filter(({ position }) => position.startsWith(`${store.mark}:`));
  return here.filter(({ position }) => position > (head ?? '')).map((row) => ({ ...row, head }));
}
