import pg from 'pg';
import type { EventStore } from './event-store.js';
import { PostgresEventStore } from './postgres.js';
import { eventStoreSchema } from './postgres-schema.js';

const isPostgres = (url: string) => /^postgres(ql)?:/.test(url);

/** The store that the URL's scheme names. One in a PostgreSQL of its own is made there when it is missing. */
export async function openEventStore(url: string): Promise<EventStore> {
  if (isPostgres(url)) {
    await makeSchema(url);
    return new PostgresEventStore(url);
  }
  // Its client is large, and most places have no use for it.
  const { EventStoreDBEventStore } = await import('./eventstoredb.js');
  return new EventStoreDBEventStore(url);
}

/** Processes that start together take turns. */
async function makeSchema(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'duban events' });
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtext('duban events'))`);
    await client.query(eventStoreSchema);
  } finally {
    await client.end();
  }
}
