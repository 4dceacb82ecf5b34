import { createPostgresBackend, type PostgresConnectionOptions, runMigrations } from 'bullmq';
import { Pool } from 'pg';
import type { Backend } from './queue.js';

const SCHEMA = 'bullmq';

/** Rejects when the database is away. */
export async function postgresBackend(url: string, onError: (error: unknown) => void): Promise<Backend<PostgresConnectionOptions>> {
  const pool = poolOf(url, onError);
  await migrate(pool).catch(async (error) => {
    await pool.end();
    throw error;
  });
  return { adding: pool, working: pool, factory: createPostgresBackend, release: () => pool.end(), abandon: () => {} };
}

/** The pool is ours because a connection that breaks while it is lent out ends the process unless somebody listens to it, and BullMQ does not always (6.7.0). */
function poolOf(connectionString: string, onError: (error: unknown) => void): Pool {
  const pool = new Pool({
    connectionString,
    options: `-c search_path=${SCHEMA}`,
    max: 5,
    connectionTimeoutMillis: 2_000,
    keepAlive: true,
    application_name: 'duban queue',
  });
  return pool.on('error', onError).on('connect', (client) => client.on('error', onError));
}

async function migrate(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
}
