import fc from 'fast-check';
import { SYSTEM } from './actor.js';
import { idFrom } from './ids.js';
import { broken, everyDecider, type Promises, told } from './story-testing.js';
import { type Assignee, type Task, task, type TaskCommand, taskCommands, type TaskContext, type TaskEvent, UNIT_ROLES } from './task.js';
import { at, auditor, cities, finance, guidelineId, head, hefei, member, office, science, supervisor, systemAdmin } from './testing.js';

type Type = TaskCommand['type'];

const education = idFrom('省教育厅');

const people = [member(science), head(hefei), member(finance), auditor, systemAdmin, SYSTEM];
const reason = fc.record({ reason: fc.constantFrom('because', 'for another reason') });
const due = fc.record({
  dueOn: fc.constantFrom(null, '2025-12-31', '2026-06-30'),
  recurrence: fc.constantFrom(null, 'quarterly'),
  words: fc.constant(null),
});
const span = fc.constant<[number, number]>([0, 9]);
const assignees: fc.Arbitrary<Assignee[]> = fc.tuple(
  fc.record({ unitId: fc.constant(science), role: fc.constantFrom(...UNIT_ROLES), members: fc.constant(null) }),
  fc.record({ unitId: fc.constant(cities), role: fc.constantFrom(...UNIT_ROLES), members: fc.constant([hefei]) }),
);

const obligation = {
  guidelineId: fc.constant(guidelineId),
  list: fc.constantFrom('1', '2'),
  path: fc.constant<string[]>(['三']),
  title: fc.constant('引育群主企业'),
  text: fc.constant('…'),
  passage: span,
  span,
  assignees,
};

const requests: { [T in Type]: fc.Arbitrary<Extract<TaskCommand, { type: T }>['data']> } = {
  OpenTask: fc.record({ ...obligation, due }),
  ReviseTask: fc.record(obligation),
  SetDueDate: due,
  SuspendTask: reason,
  ResumeTask: fc.constant({}),
  IssueInstruction: fc.record({
    kind: fc.constantFrom('urge' as const, 'instruction' as const),
    text: fc.constant('please report'),
    unitIds: fc.subarray([science, cities, hefei, office], { minLength: 1 }),
  }),
  AddComment: fc.constant({ text: 'see annex 2' }),
  AddAssignee: fc.record({ unitId: fc.constantFrom(science, education), role: fc.constantFrom(...UNIT_ROLES) }),
  CloseTask: fc.record({ outcome: fc.constantFrom('completed' as const, 'not-completed' as const), summary: fc.constant('all done') }),
  ReopenTask: reason,
  WithdrawTask: reason,
  AlignShares: fc.record({
    given: fc.array(fc.record({ guidelineId: fc.constant(guidelineId), dueOn: fc.constantFrom(null, '2025-12-31') }), { maxLength: 2 }),
  }),
};

const context: fc.Arbitrary<TaskContext> = fc.record({
  by: fc.oneof({ weight: 3, arbitrary: fc.constant(supervisor) }, { weight: 1, arbitrary: fc.constantFrom(...people) }),
  at: fc.constant(at),
  leads: fc.array(fc.record({ unitId: fc.constantFrom(science, hefei), verified: fc.boolean() }), { maxLength: 2 }),
});
const step = (type: Type) => fc.tuple(requests[type], context).map(([data, context]) => [{ type, data } as TaskCommand, context] as const);
const types = Object.keys(taskCommands) as Type[];
const weightOf = (type: Type) => (type === 'WithdrawTask' ? 1 : 5);
const anything = fc.array(fc.oneof(...types.map((type) => ({ weight: weightOf(type), arbitrary: step(type) }))), {
  maxLength: 50,
  size: 'max',
});
const story = fc.tuple(step('OpenTask'), anything).map(([first, others]) => [first, ...others]);

const promises: Promises<Task, TaskCommand, TaskEvent, TaskContext> = {
  ...everyDecider(task, ['IssueInstruction', 'AddComment', 'AlignShares'], {
    IssueInstruction: ['task.unit-not-on-it'],
    CloseTask: ['task.closed', 'task.leads-not-verified', 'task.without-leads'],
  }),
  'withdrawn is the end': ({ before, state, events }) =>
    before.standing !== 'withdrawn' || (events.every(({ type }) => type === 'SharesAligned') && state === before),
  'a closed task takes nothing until it is reopened': ({ before, events }) =>
    before.standing !== 'closed' || events.every(({ type }) => ['TaskReopened', 'TaskRevised', 'SharesAligned'].includes(type)),
  'it is completed only when there are leads and all are verified': ({ events, context: { leads = [] } }) =>
    events.every((event) => event.type !== 'TaskClosed' || event.data.outcome !== 'completed') ||
    (leads.length > 0 && leads.every(({ verified }) => verified)),
  'an outcome belongs to a closed task, and every closed task has one': ({ state }) =>
    (state.standing === 'closed') === (state.outcome !== null),
  'it is opened once, and dated from then on': ({ state, history }) =>
    history.filter(({ type }) => type === 'TaskOpened').length <= 1 && (state.standing === 'unknown') === (state.due === null),
  'nobody but supervisors and the units on it are heard': ({ events, context: { by } }) =>
    events.length === 0 || by === supervisor || (by.roles.some((role) => role === 'member' || role === 'head') && by.unitId !== finance),
  'nobody but supervisors decide': ({ events, context: { by } }) =>
    by === supervisor || events.every(({ type }) => type === 'CommentAdded'),
  'only units on it are urged': ({ events }) =>
    events.every((event) => event.type !== 'InstructionIssued' || !event.data.unitIds.includes(office)),
};

describe('a task, whoever asks whatever of it', () => {
  it('breaks no promise', () => {
    fc.assert(
      fc.property(story, (steps) => {
        expect(broken(task, steps, promises)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('comes to everything that can happen in such stories', () => {
    const happened = fc
      .sample(story, 500)
      .flatMap((steps) => [...told(task, steps)].flatMap(({ events }) => events.map(({ type }) => type)));
    expect([...new Set(happened)].toSorted()).toEqual(Object.keys(task.evolve).toSorted());
  });
});
