import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { Queue, Worker } from 'bullmq';
import { DataSource } from 'typeorm';
import { together } from '../../dist/apps/api/src/serve.js';
import { addDays, instantAt, todayIn } from '../../dist/libs/calendar/src/days.js';
import { isWorkingDay } from '../../dist/libs/calendar/src/working-days.js';
import { CommandsModule } from '../../dist/libs/commands/src/commands.module.js';
import { PlatformModule } from '../../dist/libs/commands/src/platform.module.js';
import { EventStore } from '../../dist/libs/event-store/src/event-store.js';
import { ViewProgress } from '../../dist/libs/read-models/src/progress.js';
import { run } from '../../dist/libs/read-models/src/runner.js';
import { VIEWS } from '../../dist/libs/read-models/src/views.js';
import { holdDigest, planDigest } from '../../dist/libs/reminders/src/digest.js';
import { postgresBackend } from '../../dist/libs/reminders/src/queue-postgres.js';
import { redisBackend } from '../../dist/libs/reminders/src/queue-redis.js';
import { redisIsInstalled, RedisServer } from '../../dist/test/support/redis.js';
import { copyRows, OTHER, otherUuid, tidy } from './closed.js';
import { duban } from './contenders.js';
import { freshDatabase } from './databases.js';
import { inParallel, median, quantile, summary, until } from './measure.js';
import { openViews, takeIn } from './views.js';
import { openWork } from './work.js';

const WAITING = 100_000;
const PROBES = 400;
const PROBES_OVER_MS = 8_000;
const IN_AN_HOUR = 3_600_000;
/** As many as a worker holds at once. */
const AT_ONCE = 4;
const complain = (error) => console.error(String(error));

/** How late jobs come while 100,000 others wait for their hour, on the queue's backends as the product opens them. */
async function lateness(backend, name) {
  const { adding, working, factory, prefix } = backend;
  const queue = new Queue(name, { connection: adding, prefix, defaultJobOptions: { removeOnComplete: true, removeOnFail: true } }, factory);
  const late = [];
  const hold = async ({ data: { due } }) => void late.push(Date.now() - due);
  const worker = new Worker(name, hold, { connection: working, prefix, concurrency: AT_ONCE, autorun: false }, factory);
  worker.on('error', complain);
  queue.on('error', complain);
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  const began = performance.now();
  for (let n = 0; n < WAITING; n += 2_000)
    await queue.addBulk(
      Array.from({ length: 2_000 }, (_, k) => ({ name, data: {}, opts: { jobId: `waiting-${n + k}`, delay: IN_AN_HOUR + n + k } })),
    );
  const addedPerSecond = (WAITING * 1_000) / (performance.now() - began);
  worker.run().catch(complain);
  const first = Date.now() + 2_000;
  const probe = (n) => {
    const due = first + Math.round((n * PROBES_OVER_MS) / PROBES);
    return { name, data: { due }, opts: { jobId: `probe-${n}`, delay: due - Date.now() } };
  };
  await queue.addBulk(Array.from({ length: PROBES }, (_, n) => probe(n)));
  await until(() => late.length === PROBES, `${PROBES} jobs`);
  await worker.close();
  await queue.close();
  await backend.release();
  return { addedPerSecond, ...summary(late, PROBES_OVER_MS / 1_000), earliest: Math.min(...late) };
}

/** @returns {Promise<[string, Awaited<ReturnType<typeof lateness>>][]>} */
async function onBackends(server, say) {
  say(`${WAITING} jobs waiting, on PostgreSQL`);
  const found = [['PostgreSQL', await lateness(await postgresBackend(await freshDatabase(server, 'bench_queue'), complain), 'waiting')]];
  if (!redisIsInstalled) return found;
  say(`${WAITING} jobs waiting, on Redis`);
  const redis = await RedisServer.start('--appendonly', 'yes');
  try {
    found.push(['Redis', await lateness(await redisBackend(redis.url, complain, () => {}), 'waiting')]);
  } finally {
    await redis.stop();
  }
  return found;
}

const UNITS = 1_000;
const PER_UNIT = 5;

/** A morning on which every share has a reminder due: the digests of all units, held; then the same planned for ten times as many shares. */
async function morning(server, rounds, say) {
  say(`digests of ${UNITS} units`);
  const url = await freshDatabase(server, 'bench_reminders');
  const db = await openViews(url);
  const { store, close } = await duban.open(url);
  await openWork(store, { units: UNITS, perUnit: PER_UNIT });
  await takeIn(store, db);
  await close();
  const on = nextWorkingDay();
  await db.query(`update app.assignment set "dueOn" = $1, "dueKey" = $1`, [addDays(on, 7)]);
  await tidy(db);
  const units = (await db.query('select distinct "unitId" from app.assignment')).map(({ unitId }) => unitId);

  const shares = 2 * UNITS * PER_UNIT;
  const held = await holdAll(url, units, on);
  if (held.reminders < shares) throw new Error(`${held.reminders} reminders of ${shares}`);

  say(`planning of ${WAITING} shares`);
  await db.query('truncate app.digest');
  await db.query(`update app.assignment set reminders = '[]'`);
  await db.transaction(async (tx) => {
    await tx.query(OTHER);
    await copyRows(tx, 'assignment', 'app.assignment r', WAITING / shares - 1, { id: otherUuid('r.id') });
  });
  await tidy(db);
  const planned = [];
  for (let round = 0; round < rounds; round++) {
    let due = 0;
    const began = performance.now();
    await inParallel(
      AT_ONCE,
      units.map((unitId) => async () => {
        const digest = await planDigest(db, { unitId, on });
        due += digest.due.length;
      }),
    );
    planned.push((performance.now() - began) / 1_000);
    if (due < WAITING) throw new Error(`${due} reminders of ${WAITING}`);
  }
  await db.destroy();
  return { held, plannedIn: median(planned) };
}

function nextWorkingDay() {
  let on = todayIn(new Date());
  while (!isWorkingDay(on)) on = addDays(on, 1);
  return on;
}

/** As a worker does on its day, from the hint to the message in the inbox. */
async function holdAll(url, units, on) {
  const app = await NestFactory.createApplicationContext(together(PlatformModule.at({ databaseUrl: url }), CommandsModule), {
    logger: ['error'],
  });
  await app.init();
  const [db, commands, stopping] = [app.get(DataSource), app.get(CommandBus), new AbortController()];
  const running = run(app.get(EventStore), db, VIEWS, stopping.signal, (_, error) => complain(error));
  const parts = {
    db,
    progress: app.get(ViewProgress),
    clock: { now: () => instantAt(on) },
    ask: (command) => commands.execute(command),
    channels: [],
  };
  const durations = [];
  const began = performance.now();
  await inParallel(
    AT_ONCE,
    units.map((unitId) => async () => {
      const asked = performance.now();
      await holdDigest({ unitId, on }, parts);
      durations.push(performance.now() - asked);
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  const [{ reminders }] = await db.query('select count(*)::int as reminders from app.reminder');
  const [{ told }] = await db.query('select sum(jsonb_array_length(items))::int as told from app.inbox');
  stopping.abort();
  await running;
  await app.close();
  durations.sort((a, b) => a - b);
  return { seconds, reminders, told, p50: quantile(durations, 0.5), p99: quantile(durations, 0.99) };
}

/** What waits for its hour, and a morning on which everything is due; goal 10. */
export async function reminders(server, { rounds, say }) {
  const queues = await onBackends(server, say);
  const { held, plannedIn } = await morning(server, rounds, say);
  return {
    rows: [
      ...queues.map(([where, { p50, p99, addedPerSecond }]) => ({
        what: `jobs late, ${WAITING} waiting, ${where}`,
        who: 'BullMQ',
        p50,
        p99,
        note: `${Math.round(addedPerSecond)} added/s`,
      })),
      {
        what: `digests of ${UNITS} units held`,
        who: duban.name,
        perSecond: UNITS / held.seconds,
        p50: held.p50,
        p99: held.p99,
        note: `${held.reminders} reminders recorded, ${held.told} told, in ${held.seconds.toFixed(1)} s`,
      },
      {
        what: `${WAITING} shares planned`,
        who: duban.name,
        perSecond: WAITING / plannedIn,
        note: `${UNITS} digests in ${plannedIn.toFixed(1)} s`,
      },
    ],
    goals: [
      ...queues.flatMap(([where, { p99, earliest }]) => [
        { no: 10, what: `${WAITING} jobs waiting on ${where}, late, p99`, is: p99, most: 150, unit: ' ms' },
        { no: 10, what: `${WAITING} jobs waiting on ${where}, the earliest`, is: earliest, least: 0, unit: ' ms late' },
      ]),
      { no: 10, what: `planning of ${WAITING} due shares`, is: plannedIn, most: 10, unit: ' s' },
    ],
  };
}
