import pg from 'pg';
import { join } from 'node:path';
import type { Configuration } from '@app/runtime/configuration.js';
import { startPostgres } from '@app/runtime/embedded-postgres.js';

/** A database to work on, and how to leave it: an embedded server that ran before keeps running. */
export type Opened = Readonly<{ url: string; where: string; leave(): Promise<void>; stop(): Promise<void> }>;

/** The database of the configuration; without one, the embedded PostgreSQL in the data folder. */
export async function openDatabase({ databaseUrl, dataDir, language }: Configuration): Promise<Opened> {
  if (databaseUrl) return { url: databaseUrl, where: new URL(databaseUrl).host, leave: async () => {}, stop: async () => {} };
  const postgres = await startPostgres({ dir: join(dataDir, 'postgres'), onProgress: (line) => console.error(line), language });
  await createDatabase(postgres.url(), 'duban');
  const stop = () => postgres.stop();
  return { url: postgres.url('duban'), where: dataDir, leave: postgres.reused ? async () => {} : stop, stop };
}

async function createDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
