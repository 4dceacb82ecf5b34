import { instantAt } from '@app/calendar/days.js';
import { SYSTEM } from '@app/domain/actor.js';
import { rebuild } from '@app/read-models/build.js';
import { tasks } from '@app/read-models/tasks.js';
import { VIEWS } from '@app/read-models/views.js';
import { randomUUID } from 'node:crypto';
import { eventually } from './support/eventually.js';
import { Stack } from './support/stack.js';
import type { Page, Problem, Share, Visitor } from './support/visitor.js';

type Task = { id: string; standing: string };
type Photo = Record<string, unknown>;

let stack: Stack;
let people: Record<'supervisor' | 'member' | 'head' | 'stranger', Visitor>;
let guideline: string;
let lead: Share;
/** What everybody saw at each moment, while it was the present. */
const album: { act: string; moment: Date; photo: Photo }[] = [];

/** So many minutes later, with the same people signed in: sessions do not last that long. */
async function later(minutes: number): Promise<void> {
  stack.clock.moveTo(new Date(stack.clock.now().getTime() + minutes * 60_000));
  const [supervisor, member, head, stranger] = (await Promise.all(['ducha', 'keji', 'keji-head', 'caizheng'].map(stack.person))) as [
    Visitor,
    Visitor,
    Visitor,
    Visitor,
  ];
  people = { supervisor, member, head, stranger };
  await stack.settled();
}

/** Every answer that can be asked as of a moment, to whoever may ask. */
async function look(asOf?: Date): Promise<Photo> {
  const { supervisor, member, head } = people;
  const unit = member.unitId;
  const asked: [Visitor, string][] = [
    [supervisor, `/units/${unit}/todos?limit=200`],
    [supervisor, `/units/${unit}/todos?bucket=acknowledge&due=soon`],
    [member, `/units/${unit}/todos?limit=2`],
    [supervisor, '/tasks?limit=200'],
    [supervisor, '/tasks?standing=open&light=red,yellow'],
    [member, '/tasks'],
    [supervisor, `/tasks/${lead.taskId}`],
    [member, `/tasks/${lead.taskId}`],
    [supervisor, `/tasks/${lead.taskId}/assignments?limit=200`],
    [member, `/tasks/${lead.taskId}/assignments?acknowledged=false`],
    [supervisor, `/assignments?unitId=${unit}&limit=200`],
    [supervisor, '/assignments?light=red,yellow&limit=200'],
    [member, '/assignments?owed=true'],
    [member, `/assignments/${lead.id}`],
    [supervisor, '/dashboard'],
    [head, '/dashboard'],
    [supervisor, '/history?order=newest&limit=200'],
    [member, `/tasks/${lead.taskId}/history`],
    [member, `/assignments/${lead.id}/history`],
    [member, `/guidelines/${guideline}/history`],
  ];
  const names = new Map([
    [supervisor, 'supervisor'],
    [member, 'member'],
    [head, 'head'],
  ]);
  const seen: Photo = {};
  for (const [who, path] of asked) {
    const { status, body } = await who.get<object>(asOf ? `${path}${path.includes('?') ? '&' : '?'}asOf=${asOf.toISOString()}` : path);
    seen[`${names.get(who)} ${path}`] = { status, ...(bare(body) as object) };
  }
  return seen;
}

/** Without what differs between the present and the same moment when it is past: nobody acts then, and the answer says when it was. */
const bare = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(body), (key, value: unknown) => (['can', 'asOf', 'traceId', 'instance'].includes(key) ? undefined : value));

const ACTS: [string, () => Promise<unknown>][] = [
  ['nothing yet', async () => {}],
  ['a date', () => people.supervisor.put(`/tasks/${lead.taskId}/due-date`, { dueOn: '2026-11-30' })],
  ['an acknowledgement', () => people.member.put(`/assignments/${lead.id}/acknowledgement`)],
  ['a report', () => people.member.post(`/assignments/${lead.id}/reports`, { done: '已建成三家', problems: '缺资金', status: 'blocked' })],
  [
    'an instruction',
    () => people.supervisor.post(`/tasks/${lead.taskId}/instructions`, { kind: 'urge', text: '请抓紧', unitIds: [lead.unitId] }),
  ],
  ['a new name', () => people.supervisor.put(`/units/${lead.unitId}/name`, { name: '省科学技术厅' })],
  ['an objection', () => people.stranger.put(`/assignments/${support().id}/objection`, { reason: '不属于本单位职责' })],
  ['its settlement', () => people.supervisor.put(`/assignments/${support().id}/objection/settlement`, { upheld: true, reason: '同意' })],
  ['a status', () => people.member.put(`/assignments/${lead.id}/status`, { to: 'in-progress', reason: '资金到位' })],
  ['a completion', () => people.head.put(`/assignments/${lead.id}/completion`, { summary: '全部建成' })],
  ['its return', () => people.supervisor.put(`/assignments/${lead.id}/completion/return`, { reason: '材料不全' })],
  ['a suspension', () => people.supervisor.put(`/tasks/${lead.taskId}/suspension`, { reason: '等待批复' })],
  ['its end', () => people.supervisor.ask('DELETE', `/tasks/${lead.taskId}/suspension`)],
  ['a second completion', () => people.head.put(`/assignments/${lead.id}/completion`, { summary: '全部建成' })],
  ['its verification', () => people.supervisor.put(`/assignments/${lead.id}/completion/verification`, {})],
  ['the end of the task', () => people.supervisor.put(`/tasks/${lead.taskId}/closure`, { outcome: 'not-completed', summary: '终止' })],
];
let helpers: Share[];
const support = () => helpers.find(({ unitId }) => unitId === people.stranger.unitId)!;

beforeAll(async () => {
  // A day off, on which nobody is reminded: only what the spec does is recorded.
  stack = await Stack.start(instantAt('2026-11-22', '08:00'));
  await later(1);
  guideline = await stack.issueGuideline(people.supervisor);
  const mine = await stack.all<Share>(people.member, `/units/${people.member.unitId}/todos`);
  const theirs = new Set((await stack.all<Share>(people.stranger, `/units/${people.stranger.unitId}/todos`)).map(({ taskId }) => taskId));
  lead = mine.find(({ role, taskId }) => role === 'lead' && theirs.has(taskId))!;
  helpers = await stack.all<Share>(people.supervisor, `/tasks/${lead.taskId}/assignments?role=support`);

  for (const [act, perform] of ACTS) {
    await later(10);
    const answer = (await perform()) as { status: number; body: unknown } | undefined;
    if (answer && answer.status >= 300) throw new Error(`${act}: ${JSON.stringify(answer)}`);
    await stack.settled();
    album.push({ act, moment: stack.clock.now(), photo: await look() });
  }
  await later(10);
}, 240_000);
afterAll(() => stack?.stop());

/** Moments of the album as they are seen from now. */
async function seenAgain(moments: typeof album): Promise<typeof album> {
  const again = [];
  for (const { act, moment } of moments) again.push({ act, moment, photo: await look(moment) });
  return again;
}

describe('every list, page and number', () => {
  it('as of a moment is what it was when that moment was the present', async () => {
    expect(await seenAgain(album)).toEqual(album);
  });

  it('says for which moment and up to which event it was computed, and that nobody acts there', async () => {
    const { moment } = album[3]!;
    const events = (await stack.events()).filter(({ at }) => at <= moment);
    type Answer = { rows: Share[]; asOf: { moment: string; position: string } };
    const { rows, asOf } = await people.member.must(
      people.member.get<Answer>(`/units/${people.member.unitId}/todos?asOf=${moment.toISOString()}`),
    );
    expect(asOf).toEqual({ moment: moment.toISOString(), position: events.at(-1)!.position });
    expect(rows.flatMap(({ can }) => can)).toEqual([]);
    expect((await people.member.get<Answer>(`/tasks`)).body.asOf).toBeNull();
  });

  it('understands zones, with and without an encoded plus, and a day as its end', async () => {
    const { moment } = album[2]!;
    const there = new Date(moment.getTime() + 8 * 3_600_000).toISOString().replace('Z', '+08:00');
    const answers = await Promise.all(
      [moment.toISOString(), there, encodeURIComponent(there)].map((asOf) => people.supervisor.get<Page<Share>>(`/tasks?asOf=${asOf}`)),
    );
    expect(answers.map(({ body }) => body)).toEqual(answers.map(() => answers[0]!.body));
    const { body } = await people.supervisor.get<{ rows: []; asOf: object }>('/tasks?asOf=2026-11-21');
    expect(body).toEqual({ rows: [], next: null, asOf: { moment: '2026-11-21T15:59:59.999Z', position: null } });
  });

  it('shows the lights of the day that is asked for', async () => {
    const { taskId, unitId } = (await stack.all<Share>(people.member, '/assignments?owed=true'))[0]!;
    await people.supervisor.must(people.supervisor.put(`/tasks/${taskId}/due-date`, { dueOn: '2026-11-24' }));
    await later(4 * 24 * 60);
    const shown = async (asOf: string) => {
      const { rows } = await people.member.must(
        people.member.get<Page<Share & { light: object }>>(`/assignments?taskId=${taskId}&unitId=${unitId}${asOf}`),
      );
      return rows[0]!.light;
    };
    expect([await shown('&asOf=2026-11-22'), await shown('&asOf=2026-11-25'), await shown('')]).toEqual([
      { colour: 'yellow', why: 'light.due-soon', days: 2 },
      { colour: 'red', why: 'light.overdue', days: 1 },
      { colour: 'red', why: 'light.overdue', days: 2 },
    ]);
  });
});

describe('the description of the API', () => {
  it('has asOf wherever it is taken, and the dashboard’s answer', async () => {
    type Parameter = { name: string; description: string };
    type Route = { parameters: Parameter[]; responses: Record<string, { content: Record<string, { schema: { properties: object } }> }> };
    const { body } = (await stack.document) as unknown as { body: { paths: Record<string, { get?: Route }> } };
    const taking = Object.entries(body.paths).filter(([, { get }]) => get?.parameters.some(({ name }) => name === 'asOf'));
    expect(taking.map(([path]) => path).sort()).toEqual([
      '/api/assignments',
      '/api/assignments/{id}',
      '/api/assignments/{id}/history',
      '/api/dashboard',
      '/api/guidelines/{id}/history',
      '/api/history',
      '/api/tasks',
      '/api/tasks/{id}',
      '/api/tasks/{id}/assignments',
      '/api/tasks/{id}/history',
      '/api/units/{id}/todos',
    ]);
    const { responses } = body.paths['/api/dashboard']!.get!;
    expect(Object.keys(responses['200']!.content['application/json']!.schema.properties)).toContain('headline');
  });
});

describe('what may be read of the past', () => {
  it('is what concerned the reader’s unit then', async () => {
    const other = (await stack.all<Task>(people.supervisor, '/tasks?standing=open')).map(({ id }) => id);
    const mine = new Set((await stack.all<Task>(people.stranger, '/tasks')).map(({ id }) => id));
    const foreign = other.find((id) => !mine.has(id))!;
    const [theirs] = await stack.all<Share>(people.supervisor, `/tasks/${foreign}/assignments?role=lead`);
    const before = stack.clock.now();
    await later(1);
    await people.supervisor.must(
      people.supervisor.put(`/assignments/${theirs!.id}/transfer`, { toUnitId: people.stranger.unitId, reason: '职责调整' }),
    );
    await eventually(async () => (await people.stranger.get(`/tasks/${foreign}`)).status === 200, 'the share handed over');
    const after = stack.clock.now();
    await later(1);
    for (const path of [`/tasks/${foreign}`, `/tasks/${foreign}/assignments`, `/tasks/${foreign}/history`, `/assignments/${theirs!.id}`])
      expect([
        path,
        (await people.stranger.get(`${path}?asOf=${before.toISOString()}`)).status,
        (await people.stranger.get(`${path}?asOf=${after.toISOString()}`)).status,
      ]).toEqual([path, 403, 200]);
    const unit = await people.stranger.get(`/units/${people.member.unitId}/todos?asOf=${before.toISOString()}`);
    expect([unit.status, unit.body.code]).toEqual([403, 'unit.not-yours']);
    expect((await people.member.get(`/dashboard?asOf=${before.toISOString()}`)).body.code).toBe('dashboard.not-readable');
    expect((await people.member.get(`/history?asOf=${before.toISOString()}`)).body.code).toBe('history.supervisors-only');
  });

  it('does not hold what was not there yet', async () => {
    for (const [path, code] of [
      [`/tasks/${lead.taskId}`, 'task.unknown'],
      [`/assignments/${lead.id}`, 'assignment.unknown'],
    ] as const) {
      const { status, body } = await people.supervisor.get(`${path}?asOf=2026-11-20`);
      expect([status, body.code]).toEqual([404, code]);
    }
  });
});

describe('a moment that cannot be asked for', () => {
  const seconds = (n: number) => new Date(stack.clock.now().getTime() + n * 1_000).toISOString();
  it.each<[string, () => string, string]>([
    ['no moment', () => 'yesterday', 'as-of.invalid'],
    ['nothing', () => '', 'as-of.invalid'],
    ['an instant without its zone', () => '2026-11-22T10:00:00', 'as-of.invalid'],
    ['a day that there is not', () => '2026-02-30', 'as-of.invalid'],
    ['a year that there is not', () => '0000-01-01', 'as-of.invalid'],
    ['today, which is not over', () => seconds(8 * 3_600).slice(0, 10), 'as-of.future'],
    ['tomorrow', () => seconds(32 * 3_600).slice(0, 10), 'as-of.future'],
    ['a minute ahead', () => seconds(60), 'as-of.future'],
    ['now', () => seconds(0), 'as-of.too-recent'],
    ['five seconds ago', () => seconds(-5), 'as-of.too-recent'],
  ])('is %s: refused everywhere with a sentence that says what to do', async (_, asOf, code) => {
    const { supervisor } = people;
    const paths = ['/tasks', '/assignments', '/dashboard', '/history', `/units/${lead.unitId}/todos`, `/tasks/${lead.taskId}`];
    paths.push(...['assignments', 'history'].map((list) => `/tasks/${lead.taskId}/${list}`));
    paths.push(`/assignments/${lead.id}`, `/assignments/${lead.id}/history`, `/guidelines/${guideline}/history`);
    for (const path of paths)
      for (const language of ['zh', 'en']) {
        const { status, body } = await supervisor.get<Problem>(`${path}?asOf=${encodeURIComponent(asOf())}`, {
          'accept-language': language,
        });
        expect([path, status, body.code]).toEqual([path, 400, code]);
        expect(body.title).toMatch(language === 'zh' ? /(请写|请选|请稍候)/ : /(write an instant|choose an earlier|ask again)/);
      }
  });

  it('answers once ten seconds have passed, although nothing was recorded since', async () => {
    const moment = stack.clock.now();
    stack.clock.moveTo(new Date(moment.getTime() + 11_000));
    const { status, body } = await people.supervisor.get<{ asOf: object }>(`/tasks?limit=1&asOf=${moment.toISOString()}`);
    // Later ones may be there by now: a reminder comes by itself.
    const last = (await stack.events()).filter(({ at }) => at <= moment).at(-1)!;
    expect([status, body.asOf]).toEqual([200, { moment: moment.toISOString(), position: last.position }]);
  });
});

describe('while the versions of the rows are built', () => {
  it('the past is asked for in vain, with a sentence that says when; the present is not', async () => {
    const { supervisor } = people;
    await stack.db.query(`update app.checkpoint set version = version - 1 where view = 'task'`);
    const { status, headers, body } = await supervisor.get('/tasks?asOf=2026-11-22');
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'view.building', '30']);
    expect((await supervisor.get('/tasks')).status).toBe(200);
    await stack.db.query(`update app.checkpoint set version = $1 where view = 'task'`, [tasks.version]);
    expect((await supervisor.get('/tasks?asOf=2026-11-22')).status).toBe(200);
  });
});

describe('an answer for a past moment never changes', () => {
  const comment = (at: Date) =>
    stack.store
      .read(`task-${lead.taskId}`)
      .then((facts) =>
        stack.store.append(
          `task-${lead.taskId}`,
          [{ id: randomUUID(), type: 'CommentAdded', data: { text: '时钟不准' } }],
          facts.at(-1)!.revision,
          { by: SYSTEM, at, commandId: randomUUID() },
        ),
      );

  it('when clocks that are slow or fast write later', async () => {
    const moment = stack.clock.now();
    await later(30);
    const answer = await look(moment);
    await comment(new Date(moment.getTime() - 3_600_000));
    await comment(new Date(moment.getTime() + 3_600_000));
    await comment(new Date(moment.getTime() - 40 * 86_400_000));
    await later(120);
    expect(await look(moment)).toEqual(answer);
  });

  it('when much more is recorded, and every view is folded again', async () => {
    for (let n = 0; n < 300; n++) await comment(stack.clock.now());
    await stack.settled();
    for (const view of VIEWS) await rebuild(stack.store, stack.db, view);
    const some = album.filter((_, n) => n % 3 === 0);
    expect(await seenAgain(some)).toEqual(some);
  });
});
