import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { NO_STREAM, type Recorded } from '@app/event-store/event-store.js';
import { MemoryEventStore } from '@app/event-store/memory.js';
import { Follower, followAll } from './follower.js';
import { openViews, supervisor } from './testing.js';

let views: Awaited<ReturnType<typeof openViews>>;
let db: DataSource;
let store: MemoryEventStore;
const errors: string[] = [];

beforeEach(async () => {
  views = await openViews();
  ({ db } = views);
  store = new MemoryEventStore();
  errors.length = 0;
});
afterEach(() => views.close());

const envelope = { by: supervisor, at: new Date('2026-11-23T01:00:00Z'), commandId: 'a command' };
const record = (type: string) =>
  store.append(`unit-${randomUUID()}`, [{ id: randomUUID(), type, data: { reason: '…' } }], NO_STREAM, envelope);

/** Follows until `enough` says so of the types that were handled. */
async function handled(handle: (event: Recorded) => void, enough: (types: readonly string[]) => boolean | Promise<boolean>) {
  const types: string[] = [];
  const stopping = new AbortController();
  const onError = (error: unknown) => void errors.push((error as Error).message);
  const following = followAll({ name: 'a', store, db, signal: stopping.signal, onError }, async (event) => {
    handle(event);
    types.push(event.type);
  });
  try {
    for (const deadline = Date.now() + 20_000; !(await enough(types)); await new Promise((resolve) => setTimeout(resolve, 20)))
      if (Date.now() > deadline) throw new Error(`only ${types.join()}`);
  } finally {
    stopping.abort();
    await following;
  }
  return types;
}
const place = () => db.manager.findOneByOrFail(Follower, { name: 'a' });

it('hands over again what failed, also the very first event, and is well once that is done', async () => {
  await record('UnitDissolved');
  await record('UnitMerged');
  let failures = 2;
  const fail = () => {
    if (failures-- > 0) throw new Error('not yet');
  };
  expect(await handled(fail, (types) => types.length === 2)).toEqual(['UnitDissolved', 'UnitMerged']);
  expect(errors).toEqual(['not yet', 'not yet']);
  expect(await place()).toMatchObject({ error: null });
});

it('passes over no event that only a newer version knows, and goes on once a newer process has', async () => {
  await record('UnitDissolved');
  const { position } = await record('UnitSplit');
  await record('UnitMerged');
  await handled(
    () => {},
    async () => (await db.manager.findOneBy(Follower, { name: 'a' }))?.error?.includes('does not know UnitSplit') ?? false,
  );
  expect((await place()).position < position).toBe(true);

  await db.manager.update(Follower, { name: 'a' }, { position });
  expect(
    await handled(
      () => {},
      (types) => types.length === 1,
    ),
  ).toEqual(['UnitMerged']);
  expect(await place()).toMatchObject({ error: null });
});
