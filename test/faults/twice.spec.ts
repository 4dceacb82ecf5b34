import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { instantAt } from '@app/calendar/days.js';
import { PlatformModule } from '@app/commands/platform.module.js';
import { everything } from '@app/event-store/contract-given.js';
import { type Batch, EventStore } from '@app/event-store/event-store.js';
import { PostgresEventStore } from '@app/event-store/postgres.js';
import { MovableClock } from '@app/runtime/clock.js';
import { ApiModule } from '../../apps/api/src/api.module.js';
import { together } from '../../apps/api/src/serve.js';
import { DEMO_ACCOUNTS, loadGuideline, loadPeople } from '../../apps/cli/src/demonstration.js';
import { WorkerModule } from '../../apps/worker/src/worker.module.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually, PATIENCE_MS } from '../support/eventually.js';
import { Ledger } from '../support/ledger.js';
import { caughtUp, inLog, inReminders, inViews } from '../support/oracle.js';
import { PASSWORD } from '../support/visitor.js';

/** Whoever follows it gets every batch again, and what they had before that once more. */
class EverythingTwice extends PostgresEventStore {
  override async *follow(options: Parameters<EventStore['follow']>[0]): AsyncGenerator<Batch, void> {
    let before: Batch | undefined;
    for await (const batch of super.follow(options)) {
      yield batch;
      if (before) yield before;
      yield batch;
      before = batch;
    }
  }
}

const clock = new MovableClock();
let databases: TestDatabase[];
let workers: INestApplication[];

beforeAll(async () => {
  databases = [await createDatabase(), await createDatabase()];
  const [{ url: databaseUrl }] = databases as [TestDatabase];
  clock.moveTo(instantAt('2026-11-23', '08:30'));
  workers = [];
  // Two workers on two queues: each gives every digest to its own.
  for (const { url: queueUrl } of databases) {
    const place = { databaseUrl, queueUrl, clock, sweepEveryMs: 200 };
    const module = await Test.createTestingModule({ imports: [together(PlatformModule.at(place), ApiModule, WorkerModule)] })
      .overrideProvider(EventStore)
      .useFactory({ factory: () => new EverythingTwice(databaseUrl) })
      .compile();
    const worker = module.createNestApplication(new FastifyAdapter());
    await worker.init();
    workers.push(worker);
  }
});

afterAll(async () => {
  for (const worker of workers ?? []) await worker.close();
  for (const database of databases ?? []) await database.drop();
});

it('changes nothing when every event and every job is delivered twice, to two workers', async () => {
  const [worker] = workers as [INestApplication];
  const [store, db] = [worker.get(EventStore), worker.get(DataSource)];
  await loadPeople(worker, DEMO_ACCOUNTS, PASSWORD);
  await loadGuideline(worker);
  const ofType = async (wanted: string) => (await everything(store, null, 2_000)).filter(({ type }) => type === wanted);
  await eventually(async () => (await ofType('UnitAssigned')).length >= 885, 'every share is handed out', PATIENCE_MS);
  for (const day of ['2026-11-24', '2026-11-25', '2026-11-26']) {
    clock.moveTo(instantAt(day));
    const held = () => db.query<unknown[]>('select from app.digest where "on" = $1', [day]);
    await eventually(async () => (await held()).length === 4, `everybody was told on ${day}`, PATIENCE_MS);
  }

  const events = await caughtUp(store, db);
  expect(inLog(events, new Ledger())).toEqual([]);
  expect(await inViews(events, db)).toEqual([]);
  expect(await inReminders(events, db)).toEqual([]);
  expect((await ofType('UnitAssigned')).length).toBe(885);
  expect(new Set((await ofType('ReminderSent')).map(({ data }) => (data as { on: string }).on)).size).toBeGreaterThan(1);
}, 240_000);
