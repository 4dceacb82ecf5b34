import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DataSource } from 'typeorm';
import { idFrom } from '@app/domain/ids.js';
import type { Recorded } from '@app/event-store/event-store.js';
import { PostgresEventStore } from '@app/event-store/postgres.js';
import { databaseOptions } from '@app/read-models/database.js';
import { ENTITIES } from '@app/read-models/entities.js';
import { foldRows } from '@app/read-models/view.js';
import { VIEWS } from '@app/read-models/views.js';
import type { Postgres } from '@app/runtime/embedded-postgres.js';
import { eventually } from './support/eventually.js';
import { UpProcess } from './support/process.js';
import { type Answer, type Done, type Problem, type Share, Visitor } from './support/visitor.js';

const AT_ONCE = 16;

type Command = Readonly<{ key: string; path: string; body: object; records: string }>;
/** What became of each command, as whoever sent it knows. */
type Ledger = { acknowledged: Map<string, Done>; unknown: Set<string>; refused: Answer<Problem>[] };

let up: UpProcess;
let supervisor: Visitor;
let postgres: Postgres;
let shares: Share[];

beforeAll(async () => {
  up = await UpProcess.prepare();
  await up.start();
  const password = (await readFile(join(up.folder, 'data', 'demonstration-password'), 'utf8')).trim();
  supervisor = await new Visitor(() => up.url).signIn('ducha', password);
  postgres = await up.database();
  shares = await eventually(async () => {
    const { rows } = await supervisor.must(supervisor.get<{ rows: { id: string; assignments: number }[] }>('/guidelines'));
    const { handedOut, assignments } = await supervisor.must(
      supervisor.get<{ handedOut: { assignments: number }; assignments: number }>(`/guidelines/${rows[0]!.id}`),
    );
    return handedOut.assignments === assignments && allShares();
  }, 'every share handed out');
}, 60_000);
afterAll(() => up?.remove(), 30_000);

async function allShares(): Promise<Share[]> {
  const tasks = await supervisor.must(supervisor.get<{ rows: { id: string }[] }>('/tasks?limit=200'));
  const pages = await Promise.all(
    tasks.rows.map(({ id }) => supervisor.must(supervisor.get<{ rows: Share[] }>(`/tasks/${id}/assignments?limit=200`))),
  );
  return pages.flatMap(({ rows }) => rows);
}

/** Acts of which a second one would be recorded again: nothing but the key tells the repetition. */
const commands = (name: string, count: number): Command[] =>
  Array.from({ length: count }, (_, n) => {
    const { id, taskId, unitId, role } = shares[(n * 7) % shares.length]!;
    const key = `${name}-${n}`;
    if (n % 3 === 0) return { key, path: `/tasks/${taskId}/comments`, body: { text: key }, records: 'CommentAdded' };
    const leads = role === 'lead' || role === 'responsible';
    return {
      key,
      path: `/assignments/${id}/${leads ? 'reports' : 'supports'}?onBehalfOf=${unitId}`,
      body: { done: key },
      records: leads ? 'ProgressReported' : 'SupportRecorded',
    };
  });

/** Sends what is not acknowledged yet, sixteen at once, until all is or `enough` says so. */
async function send(list: readonly Command[], ledger: Ledger, enough: () => boolean = () => false): Promise<void> {
  const waiting = list.filter(({ key }) => !ledger.acknowledged.has(key));
  const sender = async () => {
    for (let command = waiting.shift(); command && !enough(); command = waiting.shift()) {
      const { key, path, body } = command;
      const answer = await supervisor.post<Done & Problem>(path, body, { 'idempotency-key': key }).catch(() => null);
      if (answer?.status === 201) ledger.acknowledged.set(key, answer.body);
      else {
        ledger.unknown.add(key);
        if (answer) ledger.refused.push(answer);
        else return;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
}

const newLedger = (): Ledger => ({ acknowledged: new Map(), unknown: new Set(), refused: [] });

async function withStore<T>(work: (store: PostgresEventStore) => Promise<T>): Promise<T> {
  const store = new PostgresEventStore(postgres.url('duban'));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
const everything = () => withStore((store) => store.readAll(null, 1_000_000));

/** How often each command's own event is in the store. */
function timesRecorded(events: readonly Recorded[], list: readonly Command[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { commandId, type } of events) counts.set(`${commandId} ${type}`, (counts.get(`${commandId} ${type}`) ?? 0) + 1);
  return new Map(list.map(({ key, records }) => [key, counts.get(`${idFrom('command', supervisor.accountId, key)} ${records}`) ?? 0]));
}

const notOnce = (times: Map<string, number>, keys: Iterable<string>) => [...keys].filter((key) => times.get(key) !== 1);

/** Every acknowledged command once and where it was said to be, streams and positions without gaps, views as if folded afresh. */
async function mustBeWhole(list: readonly Command[], ledger: Ledger): Promise<void> {
  const events = await everything();
  expect(notOnce(timesRecorded(events, list), ledger.acknowledged.keys())).toEqual([]);
  const places = new Map(events.map(({ position, stream, revision }) => [position, `${stream} ${revision}`]));
  const misplaced = [...ledger.acknowledged.values()].filter(
    ({ id, revision, position }) => !places.get(position)?.endsWith(`-${id} ${revision}`),
  );
  expect(misplaced).toEqual([]);
  expect(events.filter(({ position }, n) => BigInt(position.slice(3)) !== BigInt(n + 1))).toEqual([]);
  const lengths = new Map<string, bigint>();
  for (const { stream, revision } of events) {
    if (revision !== (lengths.get(stream) ?? 0n)) throw new Error(`${stream} has a gap before ${revision}`);
    lengths.set(stream, revision + 1n);
  }
  await mustBeFolded(events);
}

async function mustBeFolded(events: readonly Recorded[]): Promise<void> {
  const db = await new DataSource({ ...databaseOptions(postgres.url('duban')), entities: ENTITIES }).initialize();
  try {
    const head = events.at(-1)!.position;
    await eventually(async () => {
      const behind = await db.query<unknown[]>('select from app.checkpoint where position < $1', [head]);
      return behind.length === 0;
    }, 'the views caught up');
    for (const view of VIEWS) {
      const rows = await db.query<{ id: string }[]>(`select * from ${db.getMetadata(view.entity).tablePath} order by id`);
      const fresh = [...foldRows<{ id: string }, never>(view, [], events).after.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
      const live = new Map(rows.map((row) => [row.id, plain(row)]));
      expect({ view: view.name, rows: rows.length }).toEqual({ view: view.name, rows: fresh.length });
      const different = fresh.filter((row) => !isDeepStrictEqual(live.get(row.id), plain(row))).slice(0, 3);
      expect(different.map((row) => [plain(row), live.get(row.id)])).toEqual([]);

      const counted = new Map<string, number>();
      for (const row of fresh) for (const key of view.tally?.(row) ?? []) counted.set(key, (counted.get(key) ?? 0) + 1);
      const kept = await db.query<{ key: string; n: number }[]>('select key, n from app.tally where n <> 0 and starts_with(key, $1)', [
        `${view.name}:`,
      ]);
      expect(new Map(kept.map(({ key, n }) => [key.slice(view.name.length + 1), n]))).toEqual(counted);
    }
  } finally {
    await db.destroy();
  }
}

/** As JSON has it: instants as text, nothing undefined. */
const plain = (row: object) => JSON.parse(JSON.stringify(row)) as unknown;

it('keeps every acknowledged command once when the process is killed in the middle of 1,000, twice', async () => {
  const list = commands('crash', 1_000);
  const ledger = newLedger();
  for (const after of [300, 650]) {
    const sending = send(list, ledger, () => !up.alive);
    await eventually(async () => ledger.acknowledged.size >= after, `${after} acknowledged`);
    await up.kill();
    await sending;
    expect(ledger.acknowledged.size).toBeLessThan(1_000);

    await up.start();
    expect((await up.database()).pid).toBe(postgres.pid);
    const times = timesRecorded(await everything(), list);
    expect(notOnce(times, ledger.acknowledged.keys())).toEqual([]);
    expect([...times.values()].filter((n) => n > 1)).toEqual([]);
  }
  expect(ledger.unknown.size).toBeGreaterThan(0);
  await send(list, ledger);
  expect(ledger.refused).toEqual([]);
  expect(ledger.acknowledged.size).toBe(1_000);
  await mustBeWhole(list, ledger);
}, 60_000);

describe('while the database is', () => {
  it.each([
    ['stopped', () => postgres.stop()],
    ['killed', async () => postgres.kill()],
  ])(
    '%s every answer is 503 with when to come back, and the process recovers by itself',
    async (how, end) => {
      const list = commands(how, 3_000);
      const ledger = newLedger();
      const listening = await supervisor.listen();
      const sending = send(list, ledger, () => ledger.refused.length >= 200);
      await eventually(async () => ledger.acknowledged.size >= 200, '200 acknowledged');
      await end();
      await sending;
      listening.leave();

      const away = {
        status: 503,
        type: 'application/problem+json',
        retryAfter: '2',
        code: expect.stringMatching(/^store\.(unavailable|outcome-unknown)$/),
      };
      for (const { status, headers, body } of ledger.refused)
        expect({
          status,
          type: headers.get('content-type')?.split(';')[0],
          retryAfter: headers.get('retry-after'),
          code: body.code,
        }).toEqual(away);
      expect(ledger.refused.length).toBeGreaterThanOrEqual(200);
      const reading = await supervisor.get('/tasks');
      expect([reading.status, reading.body.code]).toEqual([503, 'store.unavailable']);
      const health = await fetch(`${up.url}/health`);
      expect([health.status, health.headers.has('retry-after')]).toEqual([503, true]);
      expect(up.alive).toBe(true);

      postgres = await up.database();
      const back = Date.now();
      await eventually(async () => (await supervisor.get('/tasks')).status === 200, 'it reads again', 10_000);
      await eventually(async () => (await fetch(`${up.url}/health`)).status === 200, 'it is well again', 10_000);
      expect(Date.now() - back).toBeLessThan(10_000);

      const sent = list.filter(({ key }) => ledger.acknowledged.has(key) || ledger.unknown.has(key));
      const times = timesRecorded(await everything(), sent);
      expect(notOnce(times, ledger.acknowledged.keys())).toEqual([]);
      expect([...times.values()].filter((n) => n > 1)).toEqual([]);
      await send(sent, { ...ledger, refused: [] });
      expect(sent.filter(({ key }) => !ledger.acknowledged.has(key))).toEqual([]);
      await mustBeWhole(sent, ledger);
    },
    60_000,
  );
});
