import { type Actor, SYSTEM } from './actor.js';
import { assignment, type AssignmentCommand } from './assignment.js';
import {
  acknowledge,
  appoint,
  as,
  ask,
  assign,
  assigned,
  change,
  type Fact,
  giveBack,
  object,
  objected,
  release,
  released,
  remind,
  report,
  settle,
  submit,
  submitted,
  support,
  transfer,
  verify,
  waiting,
  withdraw,
  working,
} from './assignment-testing.js';
import { can, fold } from './decider.js';
import { at, auditor, finance, head, member, onBehalfOf, science, supervisor, systemAdmin } from './testing.js';

describe('acting for a unit, or as a supervisor', () => {
  const unitActs = [acknowledge, object, appoint, report('in-progress'), change('blocked'), submit, withdraw];
  const strangers = [member(finance), head(finance), supervisor, onBehalfOf(finance), auditor, systemAdmin, SYSTEM];
  it.each(unitActs.flatMap((command) => strangers.map((by) => [command.type, by.name, by.onBehalfOf, command, by] as const)))(
    '%s: is refused to a %s (for %s), whose share it is not',
    (_type, _name, _unit, command, by) => {
      expect(() => ask(waiting, command, by)).toThrow('assignment.not-yours');
    },
  );

  it.each([appoint, submit, withdraw])('$type: is refused to a member, because only heads may', (command) => {
    expect(() => ask(waiting, command, member(science))).toThrow('assignment.heads-only');
  });

  it.each([assign, settle(true), giveBack, verify, transfer(finance), release])(
    '$type: is refused to everybody but supervisors',
    (command) => {
      for (const by of [head(science), auditor, SYSTEM]) expect(() => ask(waiting, command, by)).toThrow('role.missing');
    },
  );

  it('RecordReminder: is refused to everybody but the product itself', () => {
    expect(() => ask([assigned], remind, supervisor)).toThrow('role.missing');
  });

  it.each([verify, giveBack])('$type: is refused to whoever submitted, even as a supervisor on the unit’s behalf', (command) => {
    expect(() => ask([...working, { ...submitted, by: onBehalfOf(science) }], command, supervisor)).toThrow('assignment.own-completion');
  });

  it.each([report('in-progress'), change('blocked'), submit, withdraw])('$type: is refused to a unit that only supports', (command) => {
    for (const role of ['support', 'guide'] as const) expect(() => ask([as(role)], command, head(science))).toThrow('assignment.lead-only');
  });
});

describe('any command', () => {
  const supervise = [assign, settle(true), giveBack, verify, transfer(finance), release].map(({ type }) => type);
  const actor = ({ type }: AssignmentCommand): Actor => {
    if (type === 'RecordReminder') return SYSTEM;
    return supervise.includes(type) ? supervisor : onBehalfOf(science);
  };
  const underTask = [
    acknowledge,
    object,
    settle(true),
    appoint,
    report('in-progress'),
    submit,
    withdraw,
    giveBack,
    verify,
    transfer(finance),
    remind,
  ];

  it.each([...underTask, change('blocked'), support, release])('$type: is refused where nobody was assigned', (command) => {
    expect(() => ask([], command, actor(command))).toThrow('assignment.unknown');
  });

  it.each([assign, ...underTask, change('blocked')])('$type: is refused while the task takes nothing', (command) => {
    for (const task of ['unknown', 'closed', 'withdrawn'] as const)
      expect(() => ask([assigned], command, actor(command), task)).toThrow(`task.${task}`);
  });

  it.each([...underTask, change('blocked')])('$type: is refused while the task is suspended', (command) => {
    expect(() => ask([assigned], command, actor(command), 'suspended')).toThrow('task.suspended');
  });

  it('but the handing out of shares goes on while the task is suspended, or the unit would never have its own', () => {
    expect(ask([], assign, supervisor, 'suspended')).toHaveLength(1);
  });
});

describe('settling an objection', () => {
  const offered = (...facts: Fact[]) => {
    const context = { by: supervisor, at, task: 'open' as const };
    const history = facts.map((fact) => ({ ...fact, by: supervisor, at }));
    return can(assignment, fold(assignment, history), context).includes('SettleObjection');
  };

  it('is offered once there is an objection, not before', () => {
    expect([offered(assigned), offered(assigned, objected), offered(assigned, objected, released)]).toEqual([false, true, false]);
  });
});
