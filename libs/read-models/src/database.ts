import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Initial1764000000000 } from './migrations/1-initial.js';

// A day is a day: the driver's own parser would make it midnight of the server's zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (day) => day);

/** How every process opens the database. */
export const databaseOptions = (url: string) =>
  ({
    type: 'postgres',
    url,
    schema: 'app',
    applicationName: 'duban',
    migrations: [Initial1764000000000],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    // TypeORM would print whole statements with their parameters.
    logging: false,
    extra: {
      max: 10,
      connectionTimeoutMillis: 2_000,
      statement_timeout: 30_000,
      lock_timeout: 20_000,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
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
    return db;
  } finally {
    await turn.end();
  }
}
