import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Recorded } from '@app/event-store/event-store.js';
import { openEventStore } from '@app/event-store/open-event-store.js';
import { KEPT_TABLES, PASSING_TABLES } from '@app/read-models/kept-tables.js';
import { VIEWS } from '@app/read-models/views.js';
import { createDatabase, type TestDatabase } from './support/database.js';
import { EventStoreDBStandIn } from './support/eventstoredb-stand-in.js';
import { eventually } from './support/eventually.js';
import { sharesOf } from './support/load.js';
import { runVerb, UpProcess } from './support/process.js';
import { environment, type Settings } from './support/program.js';
import { Visitor } from './support/visitor.js';

let folder: string;
let source: TestDatabase;
let up: UpProcess;
let password: string;
let token: string;
/** Of the source, taken while the product ran. */
let file: string;
const databases: TestDatabase[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duban-backups-'));
  file = join(folder, 'one.gz');
  source = await emptyDatabase();
  up = await UpProcess.prepare({ DATABASE_URL: source.url });
  await up.start();
  password = await up.password();
  const supervisor = await new Visitor(() => up.url).signIn('ducha', password);
  await sharesOf(supervisor);
  ({ token } = await supervisor.must(supervisor.post<{ token: string }>('/tokens', { name: 'a program' })));
  await query(
    source,
    `insert into app.inbox (id, "accountId", "on", items, "createdAt") values ($1, $2, '2026-11-26', '[{"title":"第一项"}]', now())`,
    [randomUUID(), supervisor.accountId],
  );
  await query(source, `insert into app.digest ("unitId", "on", "doneAt") values ($1, '2026-11-26', now())`, [supervisor.unitId]);
  await mustRun(`backup ${file}`, { DATABASE_URL: source.url });
});
afterAll(async () => {
  await up?.remove();
  for (const { drop } of databases) await drop();
  await rm(folder, { recursive: true, force: true });
});

async function mustRun(words: string, settings: Settings): Promise<void> {
  const { code, output } = await runVerb(words, settings);
  if (code !== 0) throw new Error(`${words}: ${output}`);
}

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createDatabase();
  databases.push(database);
  return database;
}

async function query<Row extends object>({ url }: TestDatabase, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

async function events<T>(url: string, use: (events: Recorded[]) => Promise<T>): Promise<T> {
  const store = await openEventStore(url);
  try {
    return await use(await store.readAll(null, 100_000));
  } finally {
    await store.close();
  }
}
/** What every store keeps alike. */
const alike = (url: string) => events(url, async (found) => found.map((event) => ({ ...event, position: undefined })));
const rows = async (database: TestDatabase) =>
  Object.fromEntries(
    await Promise.all(
      KEPT_TABLES.map(async (table) => [table, await query(database, `select * from app.${table} order by 1, 2`)] as const),
    ),
  );

/** Settings under which a program leaves its marks in a folder of this spec. */
const at = ({ url }: TestDatabase, more = {}) => ({ DATABASE_URL: url, DATA_DIR: join(folder, 'data'), ...more });

it('knows of every table whether it can be folded again, has to be kept, or passes', async () => {
  const tables = await query<{ name: string }>(
    source,
    `select table_name as name from information_schema.tables where table_schema = 'app'`,
  );
  const views = VIEWS.map(({ name }) => name).join('|');
  const folded = new RegExp(`^(migration|checkpoint|parked|follower|tally|build|(${views})(_version|_tally)?)$`);
  const known = (name: string) => folded.test(name) || [...KEPT_TABLES, ...PASSING_TABLES].some((table) => table === name);
  expect(tables.map(({ name }) => name).filter((name) => !known(name))).toEqual([]);
});

it('brings everything back but who was signed in, in another place, and nothing is done twice', async () => {
  const target = await emptyDatabase();
  const { code, output } = await runVerb(`restore ${file}`, at(target));
  expect([code, output]).toEqual([0, expect.stringContaining('count and hash agree')]);
  const before = await alike(target.url);
  expect(before).toEqual((await alike(source.url)).slice(0, before.length));
  expect(await rows(target)).toEqual(await rows(source));
  expect(await query(target, 'select from app.session')).toEqual([]);

  const restored = await UpProcess.prepare(at(target));
  try {
    await restored.start();
    const visitor = new Visitor(() => restored.url);
    expect((await visitor.get('/tasks', { authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await visitor.get('/session', { cookie: '__Host-duban=an-old-session' })).status).toBe(401);
    await visitor.signIn('ducha', password);
    const tasks = (of: Visitor) => of.must(of.get<{ rows: object[] }>('/tasks?limit=200'));
    const original = await new Visitor(() => up.url).signIn('ducha', password);
    await eventually(async () => JSON.stringify(await tasks(visitor)) === JSON.stringify(await tasks(original)), 'the same tasks');
    const after = (await alike(target.url)).slice(before.length);
    expect(after.map(({ type }) => type)).toEqual(['SignedIn']);
  } finally {
    await restored.remove();
  }
});

it('restores nothing over data that is there, nor under a product that runs', async () => {
  const before = await alike(source.url);
  expect(await runVerb(`restore ${file}`, at(source))).toEqual({
    code: 1,
    output: expect.stringContaining('The product runs on this database'),
  });
  const other = await emptyDatabase();
  await runVerb(`restore ${file}`, at(other));
  expect(await runVerb(`restore ${file}`, at(other))).toEqual({ code: 1, output: expect.stringContaining('There is data here already') });
  expect(await alike(other.url)).toEqual(before.slice(0, (await alike(other.url)).length));
});

it('writes over no file, and leaves none of its own when it cannot go on', async () => {
  expect(await runVerb(`backup ${file}`, at(source))).toEqual({ code: 1, output: expect.stringContaining('is there already') });
  const missing = join(folder, 'no', 'such', 'folder.gz');
  expect(await runVerb(`backup ${missing}`, at(source))).toEqual({ code: 1, output: expect.stringContaining('left no file') });
  expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/\.part$/));
});

it('carries events from PostgreSQL to EventStoreDB and back without a change', async () => {
  const standIn = await EventStoreDBStandIn.start();
  try {
    const [target, back] = [await emptyDatabase(), await emptyDatabase()];
    const there = at(target, { EVENT_STORE_URL: `esdb://127.0.0.1:${standIn.port}?tls=false` });
    const second = join(folder, 'second.gz');
    expect(await runVerb(`restore ${file}`, there)).toMatchObject({ code: 0 });
    expect(await runVerb(`backup ${second}`, there)).toMatchObject({ code: 0 });
    expect(await runVerb(`restore ${second}`, at(back))).toMatchObject({ code: 0 });
    const before = await alike(back.url);
    expect(before).toEqual((await alike(source.url)).slice(0, before.length));
  } finally {
    standIn.kill();
  }
});

describe('a restore that is cut off', () => {
  let target: TestDatabase;
  const stored = () =>
    query<{ n: number }>(target, 'select position::int as n from events.head').then(
      ([row]) => row?.n ?? 0,
      () => 0,
    );

  it('keeps the product from starting, and goes on with the same file', async () => {
    target = await emptyDatabase();
    const settings = at(target);
    const child = spawn(process.execPath, ['dist/apps/cli/src/main.js', 'restore', file], { env: environment(settings), stdio: 'ignore' });
    await eventually(async () => (await stored()) > 0, 'the first events');
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    const left = await stored();
    expect(left).toBeLessThan((await alike(source.url)).length);

    expect(await runVerb('up', { ...settings, PORT: '0' })).toEqual({
      code: 1,
      output: expect.stringContaining('A restore was cut off here'),
    });
    const other = join(folder, 'other.gz');
    await runVerb(`backup ${other}`, at(source));
    expect(await runVerb(`restore ${other}`, settings)).toEqual({ code: 1, output: expect.stringContaining('go on with that file') });

    expect(await runVerb(`restore ${file}`, settings)).toMatchObject({ code: 0 });
    const whole = await alike(target.url);
    expect(whole).toEqual((await alike(source.url)).slice(0, whole.length));
    expect(whole.length).toBeGreaterThan(left);
  });
});

it('is noticed when the store was put back to an earlier state and the database was not', async () => {
  const standIn = await EventStoreDBStandIn.start();
  const database = await emptyDatabase();
  const settings = at(database, { EVENT_STORE_URL: `esdb://127.0.0.1:${standIn.port}?tls=false` });
  await runVerb(`restore ${file}`, settings);
  const running = await UpProcess.prepare(settings);
  try {
    await running.start();
    await eventually(
      async () =>
        (await fetch(`${running.url}/health`).then((answer) => answer.json() as Promise<{ lags: { behind: boolean }[] }>)).lags.every(
          ({ behind }) => !behind,
        ),
      'the views are there',
    );
    standIn.log.all.splice(-10);
    const health = await fetch(`${running.url}/health`);
    const said = (await health.json()) as { ahead: string[] };
    expect([health.status, said.ahead]).toEqual([503, expect.arrayContaining(['task', 'history', 'distributor'])]);
    expect(await runVerb('doctor', settings)).toEqual({ code: 1, output: expect.stringContaining('was put back to an earlier state') });
    await running.end();
    expect(await runVerb('up', { ...settings, PORT: '0' })).toEqual({ code: 1, output: expect.stringContaining('Put the database back') });
  } finally {
    await running.remove();
    standIn.kill();
  }
});
