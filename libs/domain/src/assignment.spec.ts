import { SYSTEM } from './actor.js';
import { assignment, type AssignmentCommand } from './assignment.js';
import {
  acknowledge,
  acknowledged,
  appoint,
  as,
  ask,
  assign,
  assigned,
  began,
  change,
  done,
  dueOn,
  type Fact,
  giveBack,
  handled,
  object,
  objected,
  of,
  plain,
  reason,
  release,
  released,
  remind,
  reminded,
  report,
  reported,
  returned,
  settle,
  settled,
  share,
  stuck,
  submit,
  submitted,
  support,
  supported,
  transfer,
  transferred,
  verified,
  verify,
  waiting,
  withdraw,
  withdrawn,
  working,
} from './assignment-testing.js';
import type { Message } from './decider.js';
import { answers, at, finance, head, hefei, member, onBehalfOf, science, supervisor } from './testing.js';
import type { UnitRole } from './task.js';

const { records, quiet, refuses } = answers(assignment, (by) => ({ by, at, task: 'open' as const, target: 'none' as const, dueOn }));

describe('assigning a unit', () => {
  records([['who, in which role, until when', [], assign, supervisor, [assigned]]]);
  quiet([['the unit has the share in that role', [assigned], assign, supervisor]]);
  refuses([
    ['a second role', [assigned], { type: 'AssignUnit', data: { ...share, role: 'support' } }, supervisor, 'assignment.exists'],
    ['what it did and had verified', done, { type: 'AssignUnit', data: { ...share, role: 'support' } }, supervisor, 'assignment.exists'],
  ]);

  it('begins anew what was released or transferred away, but for the reminders that were sent', () => {
    for (const end of [released, transferred]) {
      expect(ask([...working, reminded, end], assign, supervisor)).toEqual([assigned]);
      expect(ask([...working, reminded, end, assigned], acknowledge, member(science))).toEqual([acknowledged]);
      expect(ask([...working, reminded, end, assigned], remind, SYSTEM)).toEqual([]);
    }
  });
});

describe('changing a role', () => {
  const become = (role: UnitRole): AssignmentCommand => ({ type: 'ChangeRole', data: { role } });
  const became = (from: UnitRole, to: UnitRole): Fact => ({ type: 'RoleChanged', data: { ...of, from, to } });
  records([['what it was and what it is', working, become('support'), supervisor, [became('lead', 'support')]]]);
  quiet([['it has that role', working, become('lead'), supervisor]]);
  refuses([
    ['what was verified', done, become('support'), supervisor, 'assignment.verified'],
    ['what was released', [assigned, released], become('support'), supervisor, 'assignment.released'],
    ['the unit itself', working, become('support'), head(science), 'role.missing'],
  ]);

  it('leaves nothing under way that only a unit that leads can do', () => {
    const supports = [...waiting, became('lead', 'support')];
    expect(() => ask(supports, verify, supervisor)).toThrow('assignment.not-submitted');
    expect(ask(supports, support, member(science))).toHaveLength(1);
    expect(ask([...supports, became('support', 'lead')], report('in-progress'), member(science))).toHaveLength(2);
  });
});

describe('acknowledging', () => {
  records([
    ['that the unit has it', [assigned], acknowledge, member(science), [acknowledged]],
    ['the same when a supervisor signs on its behalf', [assigned], acknowledge, onBehalfOf(science), [acknowledged]],
  ]);
  quiet([
    ['the unit signed before', [assigned, acknowledged], acknowledge, member(science)],
    ['work is in progress', working, acknowledge, member(science)],
    ['the work was verified', done, acknowledge, member(science)],
  ]);
  refuses([
    ['what was released', [assigned, released], acknowledge, member(science), 'assignment.released'],
    ['what the unit objects to', [assigned, objected], acknowledge, member(science), 'assignment.objected'],
  ]);
});

describe('objecting', () => {
  records([
    ['the reason', [assigned], object, member(science), [objected]],
    ['the reason while work goes on', working, object, member(science), [objected]],
    ['a new objection after a refusal', [assigned, objected, settled(false)], object, head(science), [objected]],
  ]);
  quiet([['an objection waits already', [assigned, objected], object, member(science)]]);
  refuses([
    ['what was released', [assigned, released], object, member(science), 'assignment.released'],
    ['what was verified', done, object, member(science), 'assignment.verified'],
    ['what was submitted', waiting, object, member(science), 'assignment.submitted'],
  ]);
});

describe('settling an objection', () => {
  records([
    ['that it was upheld', [assigned, objected], settle(true), supervisor, [settled(true)]],
    ['that it was refused', [assigned, objected], settle(false), supervisor, [settled(false)]],
  ]);
  quiet([
    ['it was upheld before', [assigned, objected, settled(true)], settle(true), supervisor],
    ['it was refused before', [assigned, objected, settled(false)], settle(false), supervisor],
  ]);
  refuses([
    ['what nobody objected to', [assigned], settle(true), supervisor, 'assignment.no-objection'],
    ['the other answer afterwards', [assigned, objected, settled(false)], settle(true), supervisor, 'assignment.no-objection'],
    ['to bring back what was released', [assigned, objected, released], settle(false), supervisor, 'assignment.no-objection'],
    ['to bring back what was transferred', [assigned, objected, transferred], settle(false), supervisor, 'assignment.no-objection'],
  ]);

  it.each<[string, Fact[], AssignmentCommand, Message[]]>([
    ['a unit that never signed still has to', [assigned], acknowledge, [acknowledged]],
    ['a unit that signed has signed', [assigned, acknowledged], acknowledge, []],
    ['a blocked share is blocked', [...working, stuck], change('blocked'), []],
    ['work in progress can be submitted', working, submit, plain(submitted)],
  ])('leaves things as they stood when it is refused: %s', (_, before, command, events) => {
    expect(ask([...before, objected, settled(false)], command, head(science))).toEqual(events);
  });
});

describe('appointing a handler', () => {
  records([['who it is', [assigned], appoint, head(science), [handled]]]);
  quiet([['that person handles it', [assigned, handled], appoint, head(science)]]);
  refuses([
    ['for what was released', [assigned, released], appoint, head(science), 'assignment.released'],
    ['for what was verified', done, appoint, head(science), 'assignment.verified'],
  ]);
});

describe('reporting progress', () => {
  const stuckFor = (problems: string) => ({ ...stuck, data: { ...stuck.data, reason: problems } });
  records([
    ['that work began, the first time', [assigned, acknowledged], report('in-progress'), member(science), [reported(), began]],
    [
      'the signature before it, when the unit had not signed',
      [assigned],
      report('in-progress'),
      member(science),
      [acknowledged, reported(), began],
    ],
    ['only the report while work goes on', working, report('in-progress'), member(science), [reported()]],
    ['what holds the work up', working, report('blocked', 'no land'), member(science), [reported('no land'), stuckFor('no land')]],
  ]);
  refuses([
    ['blocked by nothing', working, report('blocked'), member(science), 'assignment.blocked-without-problem'],
    ['on what was released', [assigned, released], report('in-progress'), member(science), 'assignment.released'],
    ['on what was verified', done, report('in-progress'), member(science), 'assignment.verified'],
    ['on what the unit objects to', [assigned, objected], report('in-progress'), member(science), 'assignment.objected'],
    ['on what was submitted', waiting, report('in-progress'), member(science), 'assignment.submitted'],
  ]);
});

describe('changing the status', () => {
  records([
    ['from, to and why', working, change('blocked'), member(science), [stuck]],
    [
      'the signature before it',
      [assigned],
      change('in-progress'),
      member(science),
      [acknowledged, { ...began, data: { ...began.data, reason } }],
    ],
  ]);
  quiet([['that is the status', [...working, stuck], change('blocked'), member(science)]]);
  refuses([['once the work was submitted', waiting, change('blocked'), member(science), 'assignment.submitted']]);
});

describe('recording support', () => {
  records([
    ['what was done', [as('support'), acknowledged], support, member(science), [supported]],
    ['the signature before it', [as('guide')], support, member(science), [acknowledged, supported]],
  ]);
  refuses([
    ['for what the unit objects to', [as('support'), objected], support, member(science), 'assignment.objected'],
    ['for what was released', [as('support'), released], support, member(science), 'assignment.released'],
    ['from a lead', [as('lead')], support, member(science), 'assignment.support-only'],
    ['from a responsible unit', [as('responsible')], support, member(science), 'assignment.support-only'],
  ]);
});

describe('submitting completion', () => {
  records([
    ['the summary', working, submit, head(science), plain(submitted)],
    ['the summary again after a return', [...waiting, returned], submit, head(science), plain(submitted)],
  ]);
  quiet([['it waits already', waiting, submit, head(science)]]);
  refuses([
    ['before work began', [assigned, acknowledged], submit, head(science), 'assignment.not-in-progress'],
    ['while the work is blocked', [...working, stuck], submit, head(science), 'assignment.not-in-progress'],
    ['what the unit objects to', [...working, objected], submit, head(science), 'assignment.objected'],
    ['what was verified', done, submit, head(science), 'assignment.verified'],
  ]);
});

describe.each([
  ['withdrawing completion', withdraw, head(science), withdrawn],
  ['returning completion', giveBack, supervisor, returned],
  ['verifying completion', verify, supervisor, verified],
])('%s', (_, command, by, event) => {
  records([['it with its words', waiting, command, by, [event]]]);
  quiet([['it was done before', [...waiting, event], command, by]]);
  refuses([
    ['what was not submitted', working, command, by, 'assignment.not-submitted'],
    ['what was released meanwhile', [...waiting, released], command, by, 'assignment.released'],
  ]);
});

describe('what was verified', () => {
  refuses([
    ['to be withdrawn', done, withdraw, head(science), 'assignment.not-submitted'],
    ['to be returned', done, giveBack, supervisor, 'assignment.not-submitted'],
    ['to be transferred', done, transfer(finance), supervisor, 'assignment.verified'],
    ['to be released', done, release, supervisor, 'assignment.verified'],
  ]);
});

describe('transferring', () => {
  records([['to whom and why', working, transfer(finance), supervisor, [transferred]]]);
  quiet([['it went to that unit before', [assigned, transferred], transfer(finance), supervisor]]);
  refuses([
    ['what was submitted', waiting, transfer(finance), supervisor, 'assignment.submitted'],
    ['what was released', [assigned, released], transfer(finance), supervisor, 'assignment.released'],
    ['a third unit', [assigned, transferred], transfer(hefei), supervisor, 'assignment.released'],
    ['the unit itself', [assigned], transfer(science), supervisor, 'assignment.transfer-to-itself'],
  ]);

  it.each(['assigned', 'verified'] as const)('refuses a unit whose own share of the task is %s', (target) => {
    expect(() => ask([assigned], transfer(finance), supervisor, 'open', target)).toThrow('assignment.target-on-task');
  });
});

describe('releasing', () => {
  records([['why', working, release, supervisor, [released]]]);
  quiet([['it was released before', [assigned, released], release, supervisor]]);

  it('is possible whatever became of the task', () => {
    for (const task of ['suspended', 'closed', 'withdrawn'] as const)
      expect(ask([assigned], release, supervisor, task)).toEqual([released]);
  });
});

describe('recording a reminder', () => {
  const dayBefore: Fact = { type: 'ReminderSent', data: { ...of, rule: 'due-7', on: '2025-12-23', to: [finance] } };
  records([
    ['which rule, which day, to whom', [assigned], remind, SYSTEM, [reminded]],
    ['the same rule on another day', [assigned, dayBefore], remind, SYSTEM, [reminded]],
    ['one that was under way as the share was released', [assigned, released], remind, SYSTEM, [reminded]],
  ]);
  quiet([['that rule had its reminder that day', [assigned, reminded], remind, SYSTEM]]);
});
