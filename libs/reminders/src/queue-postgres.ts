import { createPostgresBackend, type PostgresConnectionOptions, runMigrations } from 'bullmq';
import { Pool } from 'pg';
import { Connection } from '@app/read-models/connection.js';
import type { Backend, QueueState } from './queue.js';

const SCHEMA = 'bullmq';
const ANSWERS_WITHIN_MS = 10_000;

/** Rejects when the database is away. */
export async function postgresBackend(url: string, onError: (error: unknown) => void): Promise<Backend<PostgresConnectionOptions>> {
  const pool = poolOf(url, onError);
  await migrate(pool).catch(async (error) => {
    await pool.end();
    throw error;
  });
  return { adding: pool, working: pool, factory: createPostgresBackend, leave: async () => true, release: () => pool.end() };
}

export async function look(connectionString: string): Promise<QueueState> {
  const client = new Connection({ connectionString, connectionTimeoutMillis: 2_000, query_timeout: ANSWERS_WITHIN_MS });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return { server: `PostgreSQL ${rows[0]!.server_version}`, queue: `${client.host}:${client.port}`, keepsNothing: false };
  } finally {
    await client.end();
  }
}

/** The pool is ours because a connection that breaks while it is lent out ends the process unless somebody listens to it, and BullMQ does not always (6.7.0). */
function poolOf(connectionString: string, onError: (error: unknown) => void): Pool {
  const pool = new Pool({
    Client: Connection,
    connectionString,
    options: `-c search_path=${SCHEMA}`,
    max: 5,
    connectionTimeoutMillis: 2_000,
    query_timeout: ANSWERS_WITHIN_MS,
    keepAlive: true,
    application_name: 'duban queue',
  });
  return pool.on('error', onError);
}

async function migrate(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
}
