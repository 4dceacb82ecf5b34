import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Postgres, startPostgres } from '@app/runtime/embedded-postgres.js';
import { eventually } from '../../../test/support/eventually.js';
import { aStream, envelope, events, everything } from './contract-given.js';
import { NO_STREAM, StoreError, type NewEvent } from './event-store.js';
import { PostgresEventStore } from './postgres.js';
import { eventStoreSchema } from './postgres-schema.js';

const KILLS = 3;

let folder: string;
let dir: string;
let server: Postgres;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'events-crash-'));
  dir = join(folder, 'postgres');
  // Not a throw-away server: one that does not flush to disk would lose what it acknowledged.
  server = await startPostgres({ dir });
  const sql = new Client({ connectionString: server.url() });
  await sql.connect();
  await sql.query(eventStoreSchema);
  await sql.end();
});

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('keeps each acknowledged append once, and shows a follower all, when the server is killed under its writers', async () => {
  const store = new PostgresEventStore(server.url());
  const acknowledged: NewEvent[] = [];
  const unknown: NewEvent[] = [];
  let writing = true;
  const writers = Array.from({ length: 16 }, async () => {
    for (let [stream, revision] = [aStream(), NO_STREAM]; writing;) {
      const list = events(2);
      try {
        ({ revision } = await store.append(stream, list, revision, envelope, { timeoutMs: 20_000 }));
        acknowledged.push(...list);
      } catch (error) {
        if (!(error instanceof StoreError && error.code === 'outcome-unknown')) throw error;
        unknown.push(...list);
        [stream, revision] = [aStream(), NO_STREAM];
      }
    }
  });
  const stop = new AbortController();
  const seen: string[] = [];
  const following = (async () => {
    for await (const batch of store.follow({ after: null, signal: stop.signal })) seen.push(...batch.events.map(({ id }) => id));
  })();

  for (let kill = 0; kill < KILLS; kill++) {
    const enough = acknowledged.length + 1000;
    await eventually(() => acknowledged.length > enough);
    server.kill();
    server = await startPostgres({ dir, port: server.port });
  }
  const enough = acknowledged.length + 1000;
  await eventually(() => acknowledged.length > enough);
  writing = false;
  await Promise.all(writers);

  const kept = await everything(store, null, 5_000);
  await eventually(() => seen.length >= kept.length);
  stop.abort();
  await following;

  const ids = new Set(kept.map(({ id }) => id));
  expect(ids.size).toBe(kept.length);
  expect(acknowledged.filter(({ id }) => !ids.has(id))).toEqual([]);
  expect(kept.length).toBeLessThanOrEqual(acknowledged.length + unknown.length);
  expect(kept.map(({ position }) => BigInt(position.slice(3)))).toEqual(kept.map((_, n) => BigInt(n + 1)));
  expect(seen).toEqual(kept.map(({ id }) => id));
  await store.close();
});
