import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { FaultyLine } from '@app/event-store/faulty-line.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { Deployment } from '../support/deployment.js';
import { eventually } from '../support/eventually.js';
import type { Load } from '../support/load.js';
import { inFailures } from '../support/oracle.js';

let database: TestDatabase;
let line: FaultyLine;
let product: Deployment;
let load: Load;

beforeAll(async () => {
  database = await createDatabase();
  const { hostname, port } = new URL(database.url);
  line = await FaultyLine.to({ host: hostname, port: Number(port) });
  const over = new URL(database.url);
  over.port = String(line.port);
  // A connection that says nothing counts as dead after 2 s here, after 32 s otherwise.
  over.searchParams.set('query_timeout', '2000');
  product = await Deployment.start({ databaseUrl: database.url }, { workers: 2, lines: { databaseUrl: over.href } });
  load = await product.load(8);
}, 240_000);

afterAll(async () => {
  await product?.stop();
  await line?.close();
  await database?.drop();
});

async function mustBeWhole() {
  await load.acknowledges(50);
  await product.isWell();
  await load.stop();
  await load.settle();
  expect(await product.broken(load)).toEqual([]);
}

describe('when api and workers lose their database because the line', () => {
  it.each<[string, () => void]>([
    ['is reset', () => line.reset()],
    ['ends in good order', () => line.end()],
    ['is cut and refuses new connections', () => line.down()],
    ['falls silent', () => line.silence()],
    ['becomes slow', () => line.slow(2_000)],
  ])(
    '%s, nothing is lost or doubled, every failure is clear, and all goes on by itself',
    async (_, fail) => {
      load.start();
      await load.acknowledges(50);
      for (let time = 0; time < 3; time++) {
        fail();
        await wait(700);
        line.heal();
        await load.acknowledges(20);
      }
      await mustBeWhole();
      expect(product.programs.map(({ lives }) => lives)).toEqual([1, 1, 1]);
    },
    240_000,
  );
});

it('answers 503 to those of 200 commands that find no connection, soon, and all of them once there is one', async () => {
  const blocker = new pg.Client({ connectionString: database.url });
  await blocker.connect();
  await blocker.query('begin; lock table app.answer in access exclusive mode');
  const commands = load.next(200);
  const { ledger } = load;
  const before = ledger.failures.length;
  const sending = Promise.all(commands.map((command) => load.send([command])));
  const reading = Promise.all(Array.from({ length: 20 }, () => product.supervisor.get('/tasks')));
  await eventually(async () => ledger.failures.length - before >= 190, '190 answers while no connection is free', 20_000);
  const read = await reading;
  await blocker.query('commit');
  await blocker.end();
  await sending;

  expect(new Set(ledger.failures.slice(before).map(({ body }) => body.code))).toEqual(new Set(['store.unavailable']));
  expect(inFailures(read.filter(({ status }) => status !== 200))).toEqual([]);
  load.start();
  await mustBeWhole();
}, 240_000);
