import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const BUILT = new URL('../../dist/libs/runtime/src/embedded-postgres.js', import.meta.url);
const PREFIX = 'duban-test-';

/**
 * One throw-away PostgreSQL for the run; its address reaches the specs as TEST_DATABASE_URL, unless one is given. TEST_MODEL_DATABASE names
 * the database there that specs copy; it is made when the first of them wants it.
 */
export default async () => {
  const model = `test_model_${randomUUID().replaceAll('-', '')}`;
  process.env.TEST_MODEL_DATABASE = model;
  if (process.env.TEST_DATABASE_URL) globalThis.stopTestDatabase = () => dropFrom(process.env.TEST_DATABASE_URL, model);
  else await startServer();
  // Jest leaves without its teardown when it is interrupted.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => globalThis.stopTestDatabase().finally(() => process.exit(130)));
};

async function dropFrom(connectionString, database) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(`drop database if exists ${database} with (force)`);
  await client.end();
}

async function startServer() {
  if (!existsSync(BUILT)) throw new Error('The specs need a build: run ./duban test, or npm run build first');
  const { startPostgres } = await import(BUILT.href);
  await removeLeftovers(startPostgres);

  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // As root the server runs as user postgres, who could not enter it otherwise.
  chmodSync(folder, 0o755);
  const postgres = await startPostgres({ dir: join(folder, 'postgres'), throwAway: true });
  process.env.TEST_DATABASE_URL = postgres.url();
  globalThis.stopTestDatabase = async () => {
    delete process.env.TEST_DATABASE_URL;
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** A run that was killed leaves its server and its folder behind. */
async function removeLeftovers(startPostgres) {
  for (const name of readdirSync(tmpdir())) {
    const folder = join(tmpdir(), name);
    if (!name.startsWith(PREFIX) || statSync(folder, { throwIfNoEntry: false })?.uid !== process.getuid()) continue;
    if (isAlive(Number.parseInt(name.slice(PREFIX.length), 10))) continue;
    if (existsSync(join(folder, 'postgres')))
      await startPostgres({ dir: join(folder, 'postgres'), throwAway: true }).then((left) => left.stop());
    rmSync(folder, { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
