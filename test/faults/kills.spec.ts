import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Postgres, startPostgres } from '@app/runtime/embedded-postgres.js';
import { Deployment } from '../support/deployment.js';
import { eventually } from '../support/eventually.js';
import type { Load } from '../support/load.js';
import { TOLD_WITHIN_MS } from '../support/oracle.js';
import type { Page } from '../support/visitor.js';

const MOST_MB = 512;

let folder: string;
let postgres: Postgres;
let product: Deployment;
let load: Load;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duban-kills-'));
  await chmod(folder, 0o755);
  // Not a throw-away server: one that does not flush to disk would lose what it acknowledged.
  postgres = await startPostgres({ dir: join(folder, 'postgres') });
  const sql = new pg.Client({ connectionString: postgres.url() });
  await sql.connect();
  await sql.query('create database duban');
  await sql.end();
  product = await Deployment.start({ databaseUrl: postgres.url('duban') }, { apis: 2, workers: 2 });
  load = await product.load(8);
}, 240_000);

afterAll(async () => {
  await product?.stop();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
}, 240_000);

afterEach(() => load.stop());

/** Acknowledgements and views are back, by themselves. */
async function isBack() {
  await load.acknowledges(50);
  await product.isWell();
}

async function mustBeWhole() {
  await load.stop();
  await load.settle();
  expect(await product.broken(load)).toEqual([]);
  expect(product.peakMb).toBeLessThan(MOST_MB);
}

it('loses nothing and doubles nothing when api, worker and PostgreSQL are killed three times each under load', async () => {
  load.start();
  for (let round = 0; round < 3; round++) {
    const [api, worker] = [product.apis[round % 2]!, product.workers[round % 2]!];
    await load.acknowledges(50);
    await api.kill();
    api.start();
    await isBack();
    await worker.kill();
    worker.start();
    await product.answers([worker]);
    await isBack();
    postgres.kill();
    postgres = await startPostgres({ dir: join(folder, 'postgres'), port: postgres.port });
    await isBack();
  }
  expect(load.ledger.failures.length).toBeGreaterThan(0);
  await mustBeWhole();
  const person = await product.signIn('keji');
  const told = async () => (await person.must(person.get<Page<{ on: string }>>('/inbox'))).rows.map(({ on }) => on);
  await eventually(async () => (await told()).length > 0, 'a message in the inbox', TOLD_WITHIN_MS);
  expect(await told()).toEqual(['2026-11-24']);
}, 240_000);
