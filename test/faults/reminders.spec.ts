import pg from 'pg';
import { instantAt, todayIn } from '@app/calendar/days.js';
import { everything } from '@app/event-store/contract-given.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { Deployment, QUICK_WORKER } from '../support/deployment.js';
import { eventually, PATIENCE_MS } from '../support/eventually.js';
import type { Load } from '../support/load.js';
import { RedisServer, redisIsInstalled } from '../support/redis.js';

let database: TestDatabase;
let redis: RedisServer | undefined;
let sql: pg.Client;
let product: Deployment;
let load: Load;

beforeAll(async () => {
  database = await createDatabase();
  if (redisIsInstalled) redis = await RedisServer.start('--appendonly', 'yes');
  product = await Deployment.start(
    { databaseUrl: database.url, ...(redis && { queueUrl: redis.url }) },
    // Where clocks are put forward on a Friday at midnight.
    { workers: 2, worker: QUICK_WORKER, at: instantAt('2026-11-24', '08:30'), settings: { TZ: 'Africa/Cairo' } },
  );
  sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  load = await product.load(4);
}, 240_000);

afterAll(async () => {
  await product?.stop();
  await redis?.stop();
  await sql?.end();
  await database?.drop();
});

afterEach(() => load.stop());

/** Once everything that was asked is answered. */
async function broken() {
  await load.stop();
  await load.settle();
  return product.broken(load);
}

const digestsOf = async (on: string) => {
  const { rows } = await sql.query<{ n: number }>('select count(*)::int as n from app.digest where "on" = $1', [on]);
  return rows[0]!.n;
};
/** The units with people in them: the office of the supervisors, two departments and a city. */
const UNITS = 4;
/** The connections that want to write a message and may not yet. */
async function writing(): Promise<number[]> {
  const waiting = `select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%into app.inbox%'`;
  return (await sql.query<{ pid: number }>(waiting)).rows.map(({ pid }) => pid);
}
const allTold = (on: string) => eventually(async () => (await digestsOf(on)) === UNITS, `all told on ${on}`, PATIENCE_MS);

/** Each as `rule@on`, with the moment that the clock showed. */
async function reminded() {
  const store = await product.openStore();
  const events = await everything(store, null, 2_000);
  await store.close();
  return events.filter(({ type }) => type === 'ReminderSent').map(({ at, data }) => ({ at, ...(data as { rule: string; on: string }) }));
}

async function setClocks(day: string, time: string) {
  await load.stop();
  await product.setClocks(instantAt(day, time));
  load.start();
  await load.acknowledges(20);
}

it('are sent once and not before nine while the clock jumps an hour and a day ahead and back under load', async () => {
  load.start();
  await load.acknowledges(20);
  expect(await reminded()).toEqual([]);

  await setClocks('2026-11-24', '09:30');
  await allTold('2026-11-24');
  const first = await reminded();
  expect(new Set(first.map(({ rule, on }) => `${rule}@${on}`))).toEqual(new Set(['acknowledge-before@2026-11-24']));

  await setClocks('2026-11-24', '08:30');
  await setClocks('2026-11-23', '09:30');
  await allTold('2026-11-23');
  await setClocks('2026-11-24', '09:30');
  expect(await reminded()).toEqual(first);

  await setClocks('2026-11-25', '09:01');
  await allTold('2026-11-25');
  const early = (await reminded()).filter(({ at, on }) => at < instantAt(on));
  expect(early).toEqual([]);
  expect(await broken()).toEqual([]);
}, 240_000);

it('come on the right day, once, where the clocks of the machine are put forward in that night', async () => {
  const [task] = (await product.supervisor.must(product.supervisor.get<{ rows: { id: string }[] }>('/tasks'))).rows;
  const due = { dueOn: '2027-05-07', recurrence: null, words: null };
  await product.supervisor.must(product.supervisor.put(`/tasks/${task!.id}/due-date`, due));
  await product.setClocks(instantAt('2027-04-30', '05:59'));
  expect(await digestsOf('2027-04-30')).toBe(0);
  await product.setClocks(instantAt('2027-04-30', '09:00'));
  await allTold('2027-04-30');
  const sent = (await reminded()).filter(({ rule }) => rule === 'due-7');
  expect(new Set(sent.map(({ on, at }) => `${on} on ${todayIn(at)}`))).toEqual(new Set(['2027-04-30 on 2027-04-30']));
  expect(await broken()).toEqual([]);
}, 240_000);

it('are sent once when a worker hangs for longer than its lock lasts, and another begins again', async () => {
  const [hanging, other] = product.workers;
  await other!.kill();
  const blocker = new pg.Client({ connectionString: database.url });
  await blocker.connect();
  try {
    await blocker.query('begin; lock table app.inbox in exclusive mode');
    await product.setClocks(instantAt('2027-05-06'));
    await eventually(async () => (await writing()).length >= UNITS, 'one worker holds all digests', PATIENCE_MS);
    hanging!.freeze();
    const its = await writing();
    other!.start();
    await eventually(async () => (await writing()).some((pid) => !its.includes(pid)), 'another begins again', PATIENCE_MS);
    await blocker.query('commit');
    await allTold('2027-05-06');
  } finally {
    hanging!.thaw();
    await blocker.end();
  }
  await load.send(load.next(20));
  expect(await broken()).toEqual([]);
}, 240_000);

(redisIsInstalled ? describe : describe.skip)('with Redis', () => {
  it('are sent once when it is killed, and when it comes back with nothing', async () => {
    await redis!.kill();
    load.start();
    await load.acknowledges(20);
    await load.stop();
    await product.setClocks(instantAt('2027-05-07'));
    await redis!.start();
    await redis!.ask((client) => client.flushall());
    await allTold('2027-05-07');
    expect(await broken()).toEqual([]);
  }, 240_000);
});
