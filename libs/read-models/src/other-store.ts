import type { DataSource } from 'typeorm';
import type { EventStore } from '@app/event-store/event-store.js';
import { OF_ANOTHER_STORE } from './checkpoint.js';
import { Follower, placeIn } from './follower.js';

/**
 * Once the events have moved to another store (`duban migrate-store`), the places of before mean nothing there. Views have their positions
 * in their rows, so they are built anew; whatever acts on events goes on behind the last event that it handled, by that event's name.
 */
export async function leaveOtherStore(store: EventStore, db: DataSource): Promise<void> {
  const elsewhere = `position <> '' and not starts_with(position, $1)`;
  const mark = `${store.mark}:`;
  for (const follower of await db.getRepository(Follower).createQueryBuilder().where(elsewhere.replace('$1', ':mark'), { mark }).getMany())
    await placeIn(store, follower);
  await db.query(
    `update app.checkpoint set position = '', version = ${OF_ANOTHER_STORE}, error = null, "failedAt" = null where ${elsewhere}`,
    [mark],
  );
}
