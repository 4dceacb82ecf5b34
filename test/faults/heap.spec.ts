import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { SYSTEM } from '@app/domain/actor.js';
import { assignmentIdOf, idFrom } from '@app/domain/ids.js';
import { type NewEvent, NO_STREAM } from '@app/event-store/event-store.js';
import { openEventStore } from '@app/event-store/open-event-store.js';
import { databaseOptions, openMigrated } from '@app/read-models/database.js';
import { ENTITIES } from '@app/read-models/entities.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { aCorner, settingsOf } from '../support/elsewhere.js';
import { eventually, PATIENCE_MS } from '../support/eventually.js';
import { caughtUp, inViews } from '../support/oracle.js';
import { Program } from '../support/program.js';

const SHARES = 200;
const EACH = 500;
const HEAP_MB = 128;

let database: TestDatabase;
let db: DataSource;
let corner: Awaited<ReturnType<typeof aCorner>>;
let worker: Program;

beforeAll(async () => {
  database = await createDatabase();
  corner = await aCorner();
  db = await openMigrated({ ...databaseOptions(database.url), entities: ENTITIES });
});

afterAll(async () => {
  await worker?.kill();
  await db?.destroy();
  await corner?.leave();
  await database?.drop();
});

/** One share that was reported on again and again. */
function reports(taskId: string, unitId: string): NewEvent[] {
  const [guidelineId, of] = [idFrom('guideline'), { taskId, unitId }];
  const assigned = { ...of, guidelineId, role: 'lead', via: null, dueOn: null, acknowledgeBy: '2026-11-25' };
  const report = (n: number) => ({
    ...of,
    done: `第${n}次：${'推进有力。'.repeat(20)}`,
    problems: '',
    helpNeeded: '',
    nextStep: '',
    evidence: [],
  });
  return Array.from({ length: EACH }, (_, n) => ({
    id: randomUUID(),
    ...(n === 0
      ? { type: 'UnitAssigned', data: assigned }
      : n === 1
        ? { type: 'AssignmentAcknowledged', data: of }
        : { type: 'ProgressReported', data: { ...report(n), status: 'in-progress' } }),
  }));
}

it(`a worker with a heap of ${HEAP_MB} MB takes in 100,000 events, though it is killed in the middle of it`, async () => {
  const store = await openEventStore(corner.eventStoreUrl ?? database.url);
  const unitId = idFrom('unit');
  for (let n = 0; n < SHARES; n++) {
    const taskId = idFrom('task', randomUUID());
    const envelope = { by: SYSTEM, at: new Date(Date.UTC(2026, 10, 23, 1, 0, n)), commandId: randomUUID() };
    await store.append(`assignment-${assignmentIdOf(taskId, unitId)}`, reports(taskId, unitId), NO_STREAM, envelope);
  }
  worker = new Program(['dist/apps/worker/src/main.js'], {
    DATABASE_URL: database.url,
    ...settingsOf(corner),
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
    LOG_LEVEL: 'error',
  });
  worker.start();
  const built = async () => (await db.query<{ events: number }[]>('select events from app.build'))[0]?.events ?? 0;
  await eventually(async () => (await built()) > (SHARES * EACH) / 3, 'a third is taken in', 3 * PATIENCE_MS);
  await worker.kill();
  worker.start();

  const events = await caughtUp(store, db, 3 * PATIENCE_MS);
  expect(events.length).toBeGreaterThanOrEqual(SHARES * EACH);
  expect([worker.alive, worker.said]).toEqual([true, '']);
  expect(worker.peakMb).toBeLessThan(3 * HEAP_MB);
  expect(await inViews(events, db)).toEqual([]);
  await store.close();
}, 400_000);
