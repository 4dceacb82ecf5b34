import { idFrom } from '@app/domain/ids.js';
import { PostgresEventStore } from '@app/event-store/postgres.js';
import { run } from '@app/read-models/runner.js';
import { fill, openViews, work } from '@app/read-models/testing.js';
import { VIEWS } from '@app/read-models/views.js';
import { eventually } from '../../../test/support/eventually.js';
import { rebuildView } from './rebuild.js';
import { wordsIn } from './words.js';

const { events } = work(3);
const [zh, en] = [wordsIn('zh'), wordsIn('en')];

let views: Awaited<ReturnType<typeof openViews>>;
let store: PostgresEventStore;
const said: string[] = [];
const outside = ['DATABASE_URL', 'EVENT_STORE_URL'].map((name) => [name, process.env[name]] as const);

beforeAll(async () => {
  views = await openViews();
  process.env['DATABASE_URL'] = views.url;
  delete process.env['EVENT_STORE_URL'];
  store = new PostgresEventStore(views.url);
  await fill(store, events);
  const stopping = new AbortController();
  const running = run(store, views.db, VIEWS, stopping.signal, () => {});
  const head = await store.head();
  await eventually(async () => {
    const behind = await views.db.query<unknown[]>('select from app.checkpoint where position < $1', [head]);
    return behind.length === 0;
  }, 'fed');
  stopping.abort();
  await running;
});
afterAll(async () => {
  for (const [name, value] of outside)
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  await store.close();
  await views.close();
});
const [log, error] = [console.log, console.error];
beforeEach(() => {
  said.length = 0;
  console.log = console.error = (line: string) => void said.push(line);
});
afterEach(() => {
  [console.log, console.error] = [log, error];
});

const rows = () => views.db.query<{ status: string }[]>('select status from app.assignment order by id');

it('builds a view again from all events', async () => {
  const before = await rows();
  await views.db.query(`update app.assignment set status = 'spoilt'`);
  expect(await rebuildView(en)('assignment')).toBe(0);
  expect(said).toEqual([expect.stringMatching(new RegExp(`^View assignment rebuilt from ${events.length} events in [\\d.]+ s\\.$`))]);
  expect(await rows()).toEqual(before);
});

it('knows no other views than there are', async () => {
  expect(await rebuildView(zh)('nobody')).toBe(2);
  expect(said).toEqual([expect.stringContaining('没有名为 nobody 的视图；可选：guideline, task')]);
});

it('leaves a view alone that somebody else is building', async () => {
  const building = views.db.createQueryRunner();
  await building.query(`select pg_advisory_lock(hashtext('duban build'), hashtext('task'))`);
  expect([await rebuildView(zh)('task'), await rebuildView(en)('task')]).toEqual([1, 1]);
  expect(said).toEqual(['视图 task 正在由另一个进程重建。', 'View task is being built by another process.']);
  await building.query(`select pg_advisory_unlock(hashtext('duban build'), hashtext('task'))`);
  await building.release();
});

it('says which event it cannot take in, and leaves the view as it was', async () => {
  const before = await rows();
  const stream = `assignment-${idFrom('nobody assigned')}`;
  const { position } = await store.append(stream, [{ id: idFrom('late'), type: 'AssignmentAcknowledged', data: {} }], -1n, events[0]!);
  expect([await rebuildView(zh)('assignment'), await rebuildView(en)('assignment')]).toEqual([1, 1]);
  expect(said).toEqual([
    expect.stringMatching(
      new RegExp(`^${stream} 的事件 AssignmentAcknowledged（位置 ${position}）无法处理：.*。重建已停止，原视图保持不变。$`),
    ),
    expect.stringMatching(
      new RegExp(`^The event AssignmentAcknowledged of ${stream} at ${position} cannot be taken in: .*no assignment row`),
    ),
  ]);
  expect(await rows()).toEqual(before);
});
