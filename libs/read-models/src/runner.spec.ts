import type { DataSource } from 'typeorm';
import { assignment } from '@app/domain/assignment.js';
import { assignmentIdOf, idFrom } from '@app/domain/ids.js';
import { task } from '@app/domain/task.js';
import { MemoryEventStore } from '@app/event-store/memory.js';
import { eventually } from '../../../test/support/eventually.js';
import { AssignmentRow, assignments } from './assignments.js';
import { apply } from './apply.js';
import { rebuild } from './build.js';
import { Checkpoint, Parked, Tally } from './checkpoint.js';
import { run } from './runner.js';
import { clerkOf, contents, fill, forget, Log, openViews, supervisor } from './testing.js';
import { tasks } from './tasks.js';
import { units } from './units.js';
import { type AnyView, foldRows } from './view.js';
import { VIEWS } from './views.js';

const [taskId, guidelineId, science, finance] = ['task', 'guideline', 'science', 'finance'].map((name) => idFrom(name)) as [
  string,
  string,
  string,
  string,
];
const at = new Date('2026-11-23T01:02:03.456Z');
const share = (unitId: string) => assignmentIdOf(taskId, unitId);
const open = { by: supervisor, at, task: 'open' } as const;
const assign = (unitId: string, role: 'lead' | 'support') =>
  ({ type: 'AssignUnit', data: { taskId, guidelineId, unitId, role, via: null, acknowledgeBy: '2026-11-25' } }) as const;

/** A task with two shares: assigned, signed, reported, given a date, suspended. */
const log = new Log()
  .ask(
    task,
    taskId,
    {
      type: 'OpenTask',
      data: {
        guidelineId,
        list: '1',
        path: ['一'],
        title: '搭建平台',
        text: '支持……',
        passage: [0, 4],
        span: [4, 9],
        assignees: [
          { unitId: science, role: 'lead', members: null },
          { unitId: finance, role: 'support', members: null },
        ],
        due: { dueOn: null, recurrence: null, words: null },
      },
    },
    open,
  )
  .ask(assignment, share(science), assign(science, 'lead'), open)
  .ask(assignment, share(finance), assign(finance, 'support'), open)
  .ask(assignment, share(science), { type: 'AcknowledgeAssignment', data: {} }, { by: clerkOf(science), at, task: 'open' })
  .ask(task, taskId, { type: 'SetDueDate', data: { dueOn: '2026-12-31', recurrence: null, words: null } }, open)
  .ask(
    assignment,
    share(science),
    { type: 'ReportProgress', data: { done: '三家', problems: '', helpNeeded: '', nextStep: '', evidence: ['a'], status: 'in-progress' } },
    { by: clerkOf(science), at, task: 'open' },
  )
  .ask(task, taskId, { type: 'SuspendTask', data: { reason: '等待' } }, open);
const { events } = log;

let views: Awaited<ReturnType<typeof openViews>>;
let db: DataSource;
beforeAll(async () => {
  views = await openViews();
  db = views.db;
});
afterAll(() => views.close());
beforeEach(() => forget(db));

const everything = () => contents(db);

describe('applying events to the views', () => {
  it('gives the same rows however the events are cut into batches, and however often they arrive', async () => {
    await apply(db.manager, VIEWS, events, '');
    const whole = await everything();

    for (const size of [1, 2, 3, 5]) {
      await forget(db);
      for (let from = 0; from < events.length; from += size) {
        const batch = events.slice(from, from + size);
        await apply(db.manager, VIEWS, batch, events[from - 1]?.position ?? '');
        await apply(db.manager, VIEWS, batch, events[from - 1]?.position ?? '');
      }
      expect(await everything()).toEqual(whole);
    }
  });

  it('does it once when two do it at the same time', async () => {
    await Promise.all([apply(db.manager, VIEWS, events, ''), apply(db.manager, VIEWS, events, '')]);
    expect(await db.query('select count(*)::int as n from app.history')).toEqual([{ n: events.length }]);
    expect(await db.manager.findBy(Tally, { key: `assignment:unit:${science}:in-progress` })).toEqual([
      { key: `assignment:unit:${science}:in-progress`, n: 1 },
    ]);
  });

  it('gives every share of a task the task’s date and standing', async () => {
    await apply(db.manager, VIEWS, events, '');
    const rows = await db.manager.find(AssignmentRow, { order: { role: 'ASC' } });
    expect(rows.map(({ role, dueOn, taskStanding, status, bucket }) => ({ role, dueOn, taskStanding, status, bucket }))).toEqual([
      { role: 'lead', dueOn: '2026-12-31', taskStanding: 'suspended', status: 'in-progress', bucket: 'in-progress' },
      { role: 'support', dueOn: '2026-12-31', taskStanding: 'suspended', status: 'assigned', bucket: 'acknowledge' },
    ]);
  });

  it('keeps each counter equal to the rows it counts', async () => {
    await apply(db.manager, VIEWS, events, '');
    const tallies = await db.manager.find(Tally, { order: { key: 'ASC' } });
    expect(tallies).toEqual(
      [
        { key: `assignment:task:${taskId}:lead::acknowledged`, n: 1 },
        { key: `assignment:task:${taskId}:lead::assigned`, n: 1 },
        { key: `assignment:task:${taskId}:support::assigned`, n: 1 },
        { key: `assignment:unit:${finance}:acknowledge`, n: 1 },
        { key: `assignment:unit:${science}:in-progress`, n: 1 },
        { key: `task:guideline:${guidelineId}:suspended`, n: 1 },
      ].sort((a, b) => (a.key < b.key ? -1 : 1)),
    );
  });

  it('keeps every version of a row: as of any position it is what the events up to there make of it', async () => {
    await apply(db.manager, VIEWS, events, '');
    for (const view of [assignments, tasks, units] as AnyView[])
      for (const [n, { position }] of events.entries()) {
        const { tablePath } = db.getMetadata(view.entity);
        const rows = await db.query<{ id: string; from: string }[]>(
          `select distinct on (id) * from ${tablePath}_version where "from" <= $1 order by id, "from" desc`,
          [position],
        );
        const fresh = [...foldRows(view, [], events.slice(0, n + 1)).after.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
        expect(rows).toEqual(fresh.map((row, at) => ({ ...row, from: rows[at]?.from })));
      }
    expect(await db.query('select count(*)::int as n from app.assignment_version')).toEqual([{ n: 2 + 1 + 2 + 2 + 2 }]);
  });

  it('refuses a batch that would leave a hole', async () => {
    await apply(db.manager, VIEWS, events.slice(0, 2), '');
    await expect(apply(db.manager, VIEWS, events.slice(3), events[2]!.position)).rejects.toThrow('would miss events');
  });
});

describe('rebuilding a view', () => {
  it('gives the same rows and counters as following did', async () => {
    const store = new MemoryEventStore();
    await fill(store, events);
    const live = await store.readAll(null, 1_000);
    await apply(db.manager, VIEWS, live, '');
    const before = await everything();
    await db.query(`update app.assignment set status = 'verified', bucket = null`);
    await db.query(`update app.tally set n = 99`);
    for (const view of VIEWS) await rebuild(store, db, view);
    expect(await everything()).toEqual(before);
  });
});

describe('a view that cannot take an event', () => {
  const poisoned = `assignment-${share(science)}`;
  const broken: AnyView = {
    ...assignments,
    on: {
      ...assignments.on,
      AssignmentAcknowledged: (row, event) =>
        event.stream === poisoned ? fail('cannot be read') : assignments.on.AssignmentAcknowledged!(row, event),
    },
  };
  const views = VIEWS.map((view) => (view === assignments ? broken : view));
  const checkpoint = async (view: string) => (await db.manager.findOneBy(Checkpoint, { view })) ?? { position: '', error: null };

  it('parks that event’s stream for itself alone, goes on with all others, and takes it in when it is rebuilt', async () => {
    const store = new MemoryEventStore();
    await fill(store, events);
    const head = await store.head();
    const stopping = new AbortController();
    const running = run(store, db, views, stopping.signal, () => {});
    try {
      await eventually(
        async () => (await checkpoint('assignment')).position === head && (await checkpoint('history')).position === head,
        'both at the head',
      );
    } finally {
      stopping.abort();
      await running;
    }
    expect(await db.manager.find(Parked)).toMatchObject([{ view: 'assignment', stream: poisoned, error: 'Error: cannot be read' }]);
    const rows = await db.manager.find(AssignmentRow, { order: { role: 'ASC' } });
    expect(rows.map(({ role, status, dueOn }) => [role, status, dueOn])).toEqual([
      ['lead', 'assigned', '2026-12-31'],
      ['support', 'assigned', '2026-12-31'],
    ]);

    await expect(rebuild(store, db, broken)).rejects.toThrow('cannot be read');
    expect(await db.manager.count(Parked)).toBe(1);
    await rebuild(store, db, assignments);
    expect(await db.manager.count(Parked)).toBe(0);
    const mended = await everything();
    await forget(db);
    await apply(db.manager, VIEWS, await store.readAll(null, 1_000), '');
    expect(mended).toEqual(await everything());
  });

  it('parks nothing while the database is away', async () => {
    const store = new MemoryEventStore();
    await fill(store, events);
    let away = 5;
    const busy: AnyView = {
      ...assignments,
      on: {
        ...assignments.on,
        UnitAssigned: (row, event) => (away-- > 0 ? fail('gone', '57P01') : assignments.on.UnitAssigned!(row, event)),
      },
    };
    const stopping = new AbortController();
    const running = run(store, db, [busy], stopping.signal, () => {});
    try {
      const head = await store.head();
      await eventually(async () => (await checkpoint('assignment')).position === head, 'at the head');
    } finally {
      stopping.abort();
      await running;
    }
    expect(away).toBeLessThanOrEqual(0);
    expect(await db.manager.count(Parked)).toBe(0);
  });
});

it('agrees with the migrations on every table', async () => {
  const { upQueries } = await db.driver.createSchemaBuilder().log();
  const differences = upQueries.map(({ query }) => query).filter((query) => !/INDEX/.test(query));
  expect(differences).toEqual([]);
});

const fail = (why: string, code?: string): never => {
  throw Object.assign(new Error(why), code ? { code } : {});
};
