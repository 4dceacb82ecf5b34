import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { SYSTEM } from '@app/domain/actor.js';
import type { EventStore } from '@app/event-store/event-store.js';
import { AssignmentRow, assignments } from '@app/read-models/assignments.js';
import { rebuild } from '@app/read-models/build.js';
import { databaseOptions } from '@app/read-models/database.js';
import { ENTITIES } from '@app/read-models/entities.js';
import { EVENT_TYPES } from '@app/read-models/event-types.js';
import { run } from '@app/read-models/runner.js';
import { Parked } from '@app/read-models/checkpoint.js';
import type { AnyView } from '@app/read-models/view.js';
import { VIEWS } from '@app/read-models/views.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { Deployment } from '../support/deployment.js';
import { eventually, PATIENCE_MS } from '../support/eventually.js';
import type { Load } from '../support/load.js';
import { caughtUp, inViews } from '../support/oracle.js';
import type { Share } from '../support/visitor.js';

/** Processes of this version run apart; what a newer one would be like is this process, which knows a kind of event more. */
const NEWER = 'DeadlineExtended';
const newer: AnyView = {
  ...assignments,
  on: { ...assignments.on, [NEWER]: (row: AssignmentRow) => ({ ...row, statusReason: '延期' }) },
} as AnyView;
const NEWER_VIEWS = VIEWS.map((view) => (view === assignments ? newer : view));

let database: TestDatabase;
let product: Deployment;
let load: Load;
let store: EventStore;
let db: DataSource;

beforeAll(async () => {
  database = await createDatabase();
  product = await Deployment.start({ databaseUrl: database.url });
  load = await product.load(4);
  store = await product.openStore();
  db = await new DataSource({ ...databaseOptions(database.url), entities: ENTITIES }).initialize();
}, 240_000);

afterAll(async () => {
  await product?.stop();
  await db?.destroy();
  await store?.close();
  await database?.drop();
});

/** What a newer process records of a share: something new, and then something old. */
async function recordNewer({ id, taskId, unitId }: Share): Promise<void> {
  const stream = `assignment-${id}`;
  const revision = (await store.read(stream)).at(-1)!.revision;
  const facts = [
    { id: randomUUID(), type: NEWER, data: { taskId, unitId } },
    { id: randomUUID(), type: 'SupportRecorded', data: { taskId, unitId, done: '…' } },
  ];
  await store.append(stream, facts, revision, { by: SYSTEM, at: new Date(), commandId: randomUUID() });
}

const parked = () => db.manager.find(Parked, { order: { view: 'ASC', position: 'ASC' } });

it('an event that only a newer version knows is parked with its stream, everything else goes on, and the newer version takes it in', async () => {
  const [share] = load.shares;
  await recordNewer(share!);
  await eventually(async () => (await parked()).length === VIEWS.length, 'every view has parked the stream', PATIENCE_MS);
  expect(new Set((await parked()).map(({ stream, error }) => `${stream} ${error}`))).toEqual(
    new Set([`assignment-${share!.id} Error: this version does not know ${NEWER}: it was recorded by a newer one`]),
  );

  const before = await store.head();
  const refused = await product.supervisor.post(`/assignments/${share!.id}/supports?onBehalfOf=${share!.unitId}`, { done: '…' });
  expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([503, 'version.older', '30']);
  expect(await store.head()).toBe(before);

  // Whoever acts on events waits for a process that knows what it should do.
  const [{ position }] = await db.query<[{ position: string }]>(`select position from app.follower where name = 'distributor'`);
  expect(position < before!).toBe(true);

  const others = load.next(300).filter(({ path }) => !path.includes(share!.id));
  await load.send(others);
  expect(load.ledger.failures).toEqual([]);

  (EVENT_TYPES as Set<string>).add(NEWER);
  for (const view of NEWER_VIEWS) await rebuild(store, db, view);
  expect(await parked()).toEqual([]);
  const events = await caughtUp(store, db);
  expect(await inViews(events, db, NEWER_VIEWS)).toEqual([]);
  expect(await db.manager.findOneBy(AssignmentRow, { id: share!.id })).toMatchObject({ statusReason: '延期' });
}, 240_000);

it('an event that only a newer version knows is taken in by the newer version where both run side by side', async () => {
  const stopping = new AbortController();
  const running = run(store, db, NEWER_VIEWS, stopping.signal, () => {});
  try {
    for (const share of load.shares.slice(10, 15)) await recordNewer(share);
    await load.send(load.next(50).filter(({ path }) => !load.shares.slice(10, 15).some(({ id }) => path.includes(id))));
    const events = await caughtUp(store, db);
    expect(await inViews(events, db, NEWER_VIEWS)).toEqual([]);
    const held = () => db.query<unknown[]>('select from app.checkpoint where error is not null');
    await eventually(async () => (await held()).length === 0, 'no view is held up', PATIENCE_MS);
  } finally {
    stopping.abort();
    await running;
  }
}, 240_000);
