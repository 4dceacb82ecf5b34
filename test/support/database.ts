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

/**
 * Puts what `make` leaves in a database into this one, which is of this run's server and still empty. It is made once in a run and copied from
 * then on; so is the word that `make` answers. Jest's workers take turns.
 */
export async function copyOf(make: (url: string) => Promise<string>, url: string): Promise<string> {
  const [server, model] = [process.env.TEST_DATABASE_URL!, process.env.TEST_MODEL_DATABASE!];
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtext('duban model'))`);
    const made = `select shobj_description(oid, 'pg_database') as word from pg_database where datname = $1`;
    let word = (await client.query<{ word: string | null }>(made, [model])).rows[0]?.word;
    if (!word) {
      // One whose making was cut off says nothing.
      await client.query(`drop database if exists ${model} with (force)`);
      await client.query(`create database ${model}`);
      word = await make(Object.assign(new URL(server), { pathname: `/${model}` }).href);
      await client.query(`comment on database ${model} is ${pg.escapeLiteral(word)}`);
    }
    const name = new URL(url).pathname.slice(1);
    await client.query(`drop database ${name}`);
    await client.query(`create database ${name} template ${model}`);
    return word;
  } finally {
    await client.end();
  }
}

/** Whether it is on the server of this run. */
export const isOfThisRun = (url: string) => new URL(url).host === new URL(process.env.TEST_DATABASE_URL ?? 'postgres:').host;

async function execute(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
