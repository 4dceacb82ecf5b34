import fc from 'fast-check';
import { type Actor, SYSTEM } from './actor.js';
import { assignment, assignmentCommands, type AssignmentCommand, type AssignmentEvent } from './assignment.js';
import type { Assignment, AssignmentContext } from './assignment-rules.js';
import { broken, everyDecider, type Promises, told } from './story-testing.js';
import { TASK_STANDINGS, UNIT_ROLES } from './task.js';
import { at, auditor, finance, guidelineId, head, hefei, member, onBehalfOf, science, supervisor, systemAdmin, taskId } from './testing.js';

type Type = AssignmentCommand['type'];

/** An official of the unit whom the supervision office lent its role. */
const both: Actor = { ...head(science), accountId: hefei, roles: ['head', 'supervisor'] };
const people = [
  member(science),
  head(science),
  { ...head(science), accountId: finance },
  both,
  member(finance),
  head(finance),
  supervisor,
  onBehalfOf(science),
  onBehalfOf(finance),
  auditor,
  systemAdmin,
  SYSTEM,
];

const reason = fc.constantFrom('because', 'for another reason');
const evidence = fc.constant<string[]>([]);
const status = fc.constantFrom('in-progress' as const, 'blocked' as const);
const problems = fc.constantFrom('', 'no land');

/** How often a command is asked, who usually asks, and with what. */
const requests: { [T in Type]: [weight: number, usually: Actor, data: fc.Arbitrary<Extract<AssignmentCommand, { type: T }>['data']>] } = {
  AssignUnit: [
    1,
    supervisor,
    fc.record({
      taskId: fc.constant(taskId),
      guidelineId: fc.constant(guidelineId),
      unitId: fc.constant(science),
      role: fc.constantFrom(...UNIT_ROLES),
      via: fc.constant(null),
      acknowledgeBy: fc.constant('2024-08-21'),
    }),
  ],
  AcknowledgeAssignment: [3, member(science), fc.constant({})],
  ObjectToAssignment: [1, member(science), fc.record({ reason })],
  SettleObjection: [3, supervisor, fc.record({ upheld: fc.boolean(), reason })],
  AppointHandler: [2, head(science), fc.record({ handlerId: fc.constantFrom(science, finance), handlerName: reason })],
  ReportProgress: [5, member(science), fc.record({ done: reason, problems, helpNeeded: reason, nextStep: reason, evidence, status })],
  ChangeStatus: [5, member(science), fc.record({ to: status, reason })],
  RecordSupport: [3, member(science), fc.record({ done: reason, evidence })],
  SubmitCompletion: [5, head(science), fc.record({ summary: reason, evidence })],
  WithdrawCompletion: [2, head(science), fc.record({ reason })],
  ReturnCompletion: [2, supervisor, fc.record({ reason })],
  VerifyCompletion: [2, supervisor, fc.record({ comment: fc.option(reason) })],
  ChangeRole: [2, supervisor, fc.record({ role: fc.constantFrom(...UNIT_ROLES) })],
  TransferAssignment: [1, supervisor, fc.record({ toUnitId: fc.constantFrom(science, finance, hefei), reason })],
  ReleaseAssignment: [1, supervisor, fc.record({ reason })],
  RecordReminder: [3, SYSTEM, fc.record({ rule: reason, on: fc.constantFrom('2025-12-24', '2025-12-31'), to: fc.constant([science]) })],
};

const step = (type: Type) => {
  const [, usually, data] = requests[type];
  const by = fc.oneof({ weight: 2, arbitrary: fc.constant(usually) }, { weight: 1, arbitrary: fc.constantFrom(...people) });
  const task = fc.oneof(
    { weight: 9, arbitrary: fc.constant('open' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...TASK_STANDINGS) },
  );
  const target = fc.constantFrom('none' as const, 'assigned' as const, 'released' as const);
  return fc
    .record({ data, by, task, target })
    .map(({ data, ...known }) => [{ type, data } as AssignmentCommand, { at, ...known }] as const);
};
const types = Object.keys(assignmentCommands) as Type[];
const anything = fc.array(fc.oneof(...types.map((type) => ({ weight: requests[type][0], arbitrary: step(type) }))), {
  maxLength: 50,
  size: 'max',
});
const story = fc.tuple(step('AssignUnit'), anything).map(([first, others]) => [first, ...others]);

const ofUnitsThatLead = ['in-progress', 'blocked', 'submitted', 'verified'];
const unitsOwn: AssignmentEvent['type'][] = [
  'AssignmentAcknowledged',
  'AssignmentObjected',
  'HandlerAppointed',
  'ProgressReported',
  'StatusChanged',
  'SupportRecorded',
  'CompletionSubmitted',
  'CompletionWithdrawn',
];

const promises: Promises<Assignment, AssignmentCommand, AssignmentEvent, AssignmentContext> = {
  ...everyDecider(assignment, ['ReportProgress', 'RecordSupport'], {
    AssignUnit: ['assignment.exists'],
    SettleObjection: ['assignment.no-objection'],
    ReportProgress: ['assignment.blocked-without-problem'],
    TransferAssignment: ['assignment.released', 'assignment.transfer-to-itself', 'assignment.target-on-task'],
  }),
  'only a unit that leads moves its own status': ({ state: { role, status, completion } }) =>
    role === 'lead' || role === 'responsible' || (!ofUnitsThatLead.includes(status) && completion === 'none'),
  'verified is the end, and so is released until it is assigned again': ({ before, state, events }) =>
    (before.status !== 'verified' && before.status !== 'released') ||
    state.status === before.status ||
    (before.status === 'released' && events.every(({ type }) => type === 'UnitAssigned')),
  'nobody verifies or returns what they submitted': ({ before, events, context }) =>
    before.submittedBy !== context.by.accountId ||
    events.every(({ type }) => type !== 'CompletionVerified' && type !== 'CompletionReturned'),
  'only its own people act for a unit, or a supervisor on its behalf': ({ state: { unitId }, events, context: { by } }) =>
    events.every(({ type }) => !unitsOwn.includes(type)) ||
    (by.unitId === unitId && (by.roles.includes('member') || by.roles.includes('head'))) ||
    (by.roles.includes('supervisor') && by.onBehalfOf === unitId),
  'a status changes from what it was': ({ before, events }) => {
    const statuses = [before.status, ...events.flatMap(({ type }) => (type === 'AssignmentAcknowledged' ? ['acknowledged'] : []))];
    return events.every((event) => event.type !== 'StatusChanged' || event.data.from === statuses.at(-1));
  },
  'a task that is not open takes nothing but a release, one that is suspended also the shares that are still to come': ({
    context,
    events,
  }) =>
    context.task === 'open' ||
    events.every(({ type }) => type === 'AssignmentReleased' || (type === 'UnitAssigned' && context.task === 'suspended')),
  'it is acknowledged once, and before any work': ({ history: all }) => {
    const history = all.slice(all.findLastIndex(({ type }) => type === 'UnitAssigned'));
    const worked = history.findIndex(({ type }) => ['ProgressReported', 'SupportRecorded', 'StatusChanged'].includes(type));
    const signed = history.flatMap(({ type }, n) => (type === 'AssignmentAcknowledged' ? [n] : []));
    return signed.length <= 1 && (worked < 0 || (signed[0] ?? worked) < worked);
  },
  'each rule reminds once a day': ({ history }) => {
    const sent = history.flatMap((event) => (event.type === 'ReminderSent' ? [`${event.data.rule}@${event.data.on}`] : []));
    return new Set(sent).size === sent.length;
  },
};

describe('an assignment, whoever asks whatever of it', () => {
  it('breaks no promise', () => {
    fc.assert(
      fc.property(story, (steps) => {
        expect(broken(assignment, steps, promises)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('comes to everything that can happen in such stories', () => {
    const happened = fc
      .sample(story, 500)
      .flatMap((steps) => [...told(assignment, steps)].flatMap(({ events }) => events.map(({ type }) => type)));
    expect([...new Set(happened)].toSorted()).toEqual(Object.keys(assignment.evolve).toSorted());
  });
});
