import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Checkpoint, lock } from './checkpoint.js';
import { Connection, SILENCE_MS } from './connection.js';
import { Initial1764000000000 } from './migrations/1-initial.js';
import { ViewBuilds1764100000000 } from './migrations/2-view-builds.js';
import { FollowerEvents1764300000000 } from './migrations/3-follower-events.js';
import { LIVE, Tables } from './tables.js';
import { VIEWS } from './views.js';

// A day is a day: the driver's own parser would make it midnight of the server's zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (day) => day);

/** How every process opens the database. */
export const databaseOptions = (url: string) =>
  ({
    type: 'postgres',
    url,
    schema: 'app',
    applicationName: 'duban',
    migrations: [Initial1764000000000, ViewBuilds1764100000000, FollowerEvents1764300000000],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    // TypeORM would print whole statements with their parameters.
    logging: false,
    extra: {
      Client: Connection,
      max: 10,
      connectionTimeoutMillis: 2_000,
      statement_timeout: 30_000,
      lock_timeout: 20_000,
      idle_in_transaction_session_timeout: 60_000,
      query_timeout: SILENCE_MS,
      keepAlive: true,
      // Compiling a statement takes longer than any of ours runs.
      options: '-c jit=off',
      keepAliveInitialDelayMillis: 10_000,
    },
  }) satisfies DataSourceOptions;

/** Opens the database and brings its tables up to date first. Processes that start together take turns. */
export async function openMigrated(options: DataSourceOptions & { url?: string }): Promise<DataSource> {
  const turn = new pg.Client({ connectionString: options.url, application_name: 'duban migrations' });
  await turn.connect();
  try {
    await turn.query(`select pg_advisory_lock(hashtext('duban migrations'))`);
    await turn.query('create schema if not exists app');
    const db = await new DataSource(options).initialize();
    await db.runMigrations();
    await makeViews(db);
    return db;
  } finally {
    await turn.end();
  }
}

/** Tables for the views that have none; from then on builds put others in their place. */
async function makeViews(db: DataSource): Promise<void> {
  const known = await db.manager.find(Checkpoint, { select: { view: true } });
  for (const view of VIEWS.filter(({ name }) => !known.some((place) => place.view === name)))
    await db.transaction(async (tx) => {
      await new Tables(db, LIVE, view).createLive(tx);
      await lock(tx, [view]);
    });
}
