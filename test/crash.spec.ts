import type { Postgres } from '@app/runtime/embedded-postgres.js';
import type { Corner } from '../apps/cli/src/corner.js';
import { aCorner, settingsOf, whereEventsAreOurs } from './support/elsewhere.js';
import { eventually } from './support/eventually.js';
import { Load, sharesOf } from './support/load.js';
import { broken, inFailures } from './support/oracle.js';
import { UpProcess } from './support/process.js';
import { type Share, Visitor } from './support/visitor.js';

let corner: Corner;
let up: UpProcess;
let supervisor: Visitor;
let postgres: Postgres;
let shares: Share[];

beforeAll(async () => {
  corner = await aCorner();
  up = await UpProcess.prepare(settingsOf(corner));
  await up.start();
  supervisor = await new Visitor(() => up.url).signIn('ducha', await up.password());
  postgres = await up.database();
  shares = await sharesOf(supervisor);
}, 240_000);
afterAll(async () => {
  await up?.remove();
  await corner?.leave();
});

const brokenBy = ({ ledger }: Load) => broken({ ...corner, databaseUrl: postgres.url('duban') }, ledger);

it('keeps every acknowledged command once when the process is killed in the middle of 1,000, twice', async () => {
  const load = new Load(supervisor, shares);
  const { ledger } = load;
  const commands = load.next(1_000);
  for (const after of [300, 650]) {
    const sending = load.send(commands, () => !up.alive);
    await eventually(async () => ledger.acknowledged.size >= after, `${after} acknowledged`);
    await up.kill();
    await sending;
    expect(ledger.acknowledged.size).toBeLessThan(1_000);

    await up.start();
    expect((await up.database()).pid).toBe(postgres.pid);
    expect(await brokenBy(load)).toEqual([]);
  }
  expect(ledger.unknown.size).toBeGreaterThan(0);
  await load.send(commands);
  expect(ledger.failures).toEqual([]);
  expect(ledger.acknowledged.size).toBe(1_000);
  expect(await brokenBy(load)).toEqual([]);
}, 240_000);

whereEventsAreOurs('while the database is', () => {
  it.each([
    ['stopped', () => postgres.stop()],
    ['killed', async () => postgres.kill()],
  ])(
    '%s every answer is 503 with when to come back, and the process recovers by itself',
    async (_, end) => {
      const load = new Load(supervisor, shares);
      const { ledger } = load;
      const listening = await supervisor.listen();
      const sending = load.send(load.next(3_000), () => ledger.failures.length >= 200);
      await load.acknowledges(200);
      await end();
      await sending;
      listening.leave();

      expect(ledger.failures.length).toBeGreaterThanOrEqual(200);
      expect(inFailures(ledger.failures)).toEqual([]);
      const codes = new Set(ledger.failures.map(({ status, body }) => `${status} ${body.code}`));
      expect([...codes].filter((code) => !['503 store.unavailable', '503 store.outcome-unknown'].includes(code))).toEqual([]);
      const reading = await supervisor.get('/tasks');
      expect([reading.status, reading.body.code]).toEqual([503, 'store.unavailable']);
      const health = await fetch(`${up.url}/health`);
      expect([health.status, health.headers.has('retry-after')]).toEqual([503, true]);
      expect(up.alive).toBe(true);

      postgres = await up.database();
      await eventually(async () => (await supervisor.get('/tasks')).status === 200, 'it reads again');
      await eventually(async () => (await fetch(`${up.url}/health`)).status === 200, 'it is well again');

      expect(await brokenBy(load)).toEqual([]);
      await load.settle();
      expect(await brokenBy(load)).toEqual([]);
    },
    240_000,
  );
});
