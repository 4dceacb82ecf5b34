import { randomUUID } from 'node:crypto';
import pg from 'pg';

export type TestDatabase = Readonly<{
  url: string;
  /** Ends connections that are still open. */
  drop(): Promise<void>;
}>;

/** A fresh, empty database on the server of this run, so that spec files do not meet. */
export async function createDatabase(): Promise<TestDatabase> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) throw new Error('TEST_DATABASE_URL is missing: run the specs through ./duban test or npm run jest');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await execute(server, `create database ${name}`);
  return { url: url.href, drop: () => execute(server, `drop database if exists ${name} with (force)`) };
}

async function execute(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
