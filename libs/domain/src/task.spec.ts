import { type Actor, SYSTEM } from './actor.js';
import type { Due } from './due.js';
import { heavier, sharesOf, task, type TaskCommand, type TaskContext, type TaskEvent } from './task.js';
import {
  answers,
  at,
  auditor,
  cities,
  finance,
  given,
  guidelineId,
  head,
  hefei,
  member,
  office,
  science,
  supervisor,
  systemAdmin,
} from './testing.js';

const { records, quiet, refuses } = answers(task, (by): TaskContext => ({ by, at, leads: [{ unitId: science, verified: true }] }));
const close = (outcome: 'completed' | 'not-completed', leads: TaskContext['leads'], facts = [opened]) =>
  given(task)(...facts).when({ type: 'CloseTask', data: { outcome, summary: 'all done' } }, { by: supervisor, at, leads });

const because = { reason: 'the plan was changed' };
const noDate = { dueOn: null, recurrence: null, words: null };
const yearEnd = { dueOn: '2025-12-31', recurrence: null, words: '2025年底前' };
const list = {
  guidelineId,
  list: '1',
  path: ['三', '(一)', '1'],
  title: '引育群主企业',
  text: '…',
  passage: [0, 9] as [number, number],
  span: [5, 9] as [number, number],
  assignees: [
    { unitId: science, role: 'lead' as const, members: null },
    { unitId: cities, role: 'support' as const, members: [hefei] },
  ],
};

const opened: TaskEvent = { type: 'TaskOpened', data: list };
const dated: TaskEvent = { type: 'DueDateSet', data: yearEnd };
const suspended: TaskEvent = { type: 'TaskSuspended', data: because };
const resumed: TaskEvent = { type: 'TaskResumed', data: {} };
const closed: TaskEvent = { type: 'TaskClosed', data: { outcome: 'completed', summary: 'all done' } };
const reopened: TaskEvent = { type: 'TaskReopened', data: because };
const withdrawn: TaskEvent = { type: 'TaskWithdrawn', data: because };

const open: TaskCommand = { type: 'OpenTask', data: { ...list, due: yearEnd } };
const setDate = (due: Due = yearEnd): TaskCommand => ({ type: 'SetDueDate', data: due });
const suspend: TaskCommand = { type: 'SuspendTask', data: because };
const resume: TaskCommand = { type: 'ResumeTask', data: {} };
const urge = (...unitIds: string[]): TaskCommand => ({ type: 'IssueInstruction', data: { kind: 'urge', text: 'please report', unitIds } });
const comment: TaskCommand = { type: 'AddComment', data: { text: 'see annex 2' } };
const complete: TaskCommand = { type: 'CloseTask', data: { outcome: 'completed', summary: 'all done' } };
const giveUp: TaskCommand = { type: 'CloseTask', data: { outcome: 'not-completed', summary: 'no land' } };
const reopen: TaskCommand = { type: 'ReopenTask', data: because };
const withdraw: TaskCommand = { type: 'WithdrawTask', data: because };

describe('opening a task', () => {
  records([['what it is and its date, as facts of their own', [], open, supervisor, [opened, dated]]]);
  quiet([
    ['it is open', [opened, dated], open, supervisor],
    ['it was opened before, whatever became of it', [opened, withdrawn], open, supervisor],
  ]);
});

describe('setting a due date', () => {
  records([
    ['the date', [opened], setDate(), supervisor, [dated]],
    ['the date while it is suspended', [opened, suspended], setDate(), supervisor, [dated]],
    [
      'another date',
      [opened, dated],
      setDate({ ...yearEnd, dueOn: '2026-06-30' }),
      supervisor,
      [{ ...dated, data: { ...yearEnd, dueOn: '2026-06-30' } }],
    ],
    [
      'that there is none, the first time',
      [opened],
      { type: 'SetDueDate', data: noDate },
      supervisor,
      [{ type: 'DueDateSet', data: noDate }],
    ],
  ]);
  records([
    [
      'that somebody stands by the date that was read',
      [opened, dated],
      setDate({ ...yearEnd, words: null }),
      supervisor,
      [{ ...dated, data: { ...yearEnd, words: null } }],
    ],
  ]);
  quiet([['it is that date', [opened, dated], setDate(), supervisor]]);
  refuses([
    ['on a closed task', [opened, closed], setDate(), supervisor, 'task.closed'],
    ['on a withdrawn task', [opened, withdrawn], setDate(), supervisor, 'task.withdrawn'],
  ]);
});

describe('aligning the shares that went out meanwhile', () => {
  const share = (dueOn: string | null) => ({ guidelineId, dueOn });
  const align = (...given: ReturnType<typeof share>[]): TaskCommand => ({ type: 'AlignShares', data: { given } });
  const aligned = (standing: string, dueOn: string | null) => [{ type: 'SharesAligned', data: { guidelineId, dueOn, standing } }];
  records([
    [
      'the date, where one of them has another',
      [opened, dated],
      align(share('2025-12-31'), share(null)),
      supervisor,
      aligned('open', '2025-12-31'),
    ],
    ['that the task is suspended', [opened, dated, suspended], align(share('2025-12-31')), supervisor, aligned('suspended', '2025-12-31')],
    ['that the task is withdrawn', [opened, withdrawn], align(share(null)), supervisor, aligned('withdrawn', null)],
  ]);
  quiet([['all of them have what the task says', [opened, dated], align(share('2025-12-31')), supervisor]]);
});

describe('suspending and resuming', () => {
  records([
    ['why it rests', [opened], suspend, supervisor, [suspended]],
    ['why it rests again', [opened, suspended, resumed], suspend, supervisor, [suspended]],
    ['that it goes on', [opened, suspended], resume, supervisor, [resumed]],
  ]);
  quiet([
    ['it rests already', [opened, suspended], suspend, supervisor],
    ['it goes on already', [opened], resume, supervisor],
  ]);
  refuses([
    ['to suspend what is closed', [opened, closed], suspend, supervisor, 'task.closed'],
    ['to resume what is withdrawn', [opened, withdrawn], resume, supervisor, 'task.withdrawn'],
  ]);
});

describe('urging', () => {
  records([
    [
      'whom, a member of a collective included',
      [opened],
      urge(science, hefei),
      supervisor,
      [{ type: 'InstructionIssued', data: urge(science, hefei).data }],
    ],
    ['a whole collective', [opened], urge(cities), supervisor, [{ type: 'InstructionIssued', data: urge(cities).data }]],
  ]);
  refuses([
    ['a unit that is not on the task', [opened], urge(science, office), supervisor, 'task.unit-not-on-it'],
    ['while the task is suspended', [opened, suspended], urge(science), supervisor, 'task.suspended'],
    ['once it is closed', [opened, closed], urge(science), supervisor, 'task.closed'],
    ['once it is withdrawn', [opened, withdrawn], urge(science), supervisor, 'task.withdrawn'],
  ]);
});

describe('commenting', () => {
  const added = [{ type: 'CommentAdded', data: comment.data }];
  records([
    ['what a unit on it says', [opened], comment, member(science), added],
    ['what a member of a collective says', [opened, suspended], comment, head(hefei), added],
    ['what a supervisor says', [opened], comment, supervisor, added],
  ]);
  refuses([
    ['a unit that is not on it', [opened], comment, member(finance), 'task.not-yours'],
    ['an auditor, even of a unit on it', [opened], comment, auditor, 'task.not-yours'],
    ['an administrator, even of a unit on it', [opened], comment, systemAdmin, 'task.not-yours'],
    ['the product itself', [opened], comment, SYSTEM, 'task.not-yours'],
    ['on a closed task', [opened, closed], comment, member(science), 'task.closed'],
    ['on a withdrawn task', [opened, withdrawn], comment, supervisor, 'task.withdrawn'],
  ]);
});

describe('adding a unit', () => {
  const add = (unitId: string): TaskCommand => ({ type: 'AddAssignee', data: { unitId, role: 'lead' } });
  const added: TaskEvent = { type: 'AssigneeAdded', data: { unitId: finance, role: 'lead' } };
  records([['who takes over a share', [opened], add(finance), supervisor, [added]]]);
  quiet([
    ['it is on the task', [opened, added], add(finance), supervisor],
    ['its collective is', [opened], add(hefei), supervisor],
  ]);
  refuses([['on a withdrawn task', [opened, withdrawn], add(finance), supervisor, 'task.withdrawn']]);

  it('lets that unit be heard', () => {
    expect(given(task)(opened, added).when(comment, { by: member(finance), at })).toHaveLength(1);
  });
});

describe('closing', () => {
  records([
    ['completed', [opened], complete, supervisor, [closed]],
    ['completed while it is suspended', [opened, suspended], complete, supervisor, [closed]],
    ['not completed, and why', [opened], giveUp, supervisor, [{ type: 'TaskClosed', data: giveUp.data }]],
    ['another outcome after it was reopened', [opened, closed, reopened], giveUp, supervisor, [{ type: 'TaskClosed', data: giveUp.data }]],
  ]);
  quiet([['it is closed that way', [opened, closed], complete, supervisor]]);
  refuses([
    ['another outcome', [opened, closed], giveUp, supervisor, 'task.closed'],
    ['what is withdrawn', [opened, withdrawn], complete, supervisor, 'task.withdrawn'],
  ]);

  it('takes every lead to be verified before it is completed', () => {
    const leads = [
      { unitId: science, verified: true },
      { unitId: finance, verified: false },
    ];
    expect(() => close('completed', leads)).toThrow(
      expect.objectContaining({ kind: 'conflict', code: 'task.leads-not-verified', details: { units: [finance] } }),
    );
    expect(close('not-completed', leads)).toEqual([{ type: 'TaskClosed', data: { outcome: 'not-completed', summary: 'all done' } }]);
  });

  it('is never completed by nobody', () => {
    expect(() => close('completed', [])).toThrow('task.without-leads');
    expect(close('not-completed', [])).toHaveLength(1);
  });

  it('is a mistake of the caller without the lead shares, not a refusal', () => {
    expect(() => close('completed', undefined)).toThrow('needs its lead shares');
  });
});

describe('reopening', () => {
  records([['why', [opened, closed], reopen, supervisor, [reopened]]]);
  quiet([['it is open', [opened, closed, reopened], reopen, supervisor]]);
  refuses([
    ['what is suspended', [opened, suspended], reopen, supervisor, 'task.suspended'],
    ['what is withdrawn', [opened, withdrawn], reopen, supervisor, 'task.withdrawn'],
  ]);
});

describe('withdrawing', () => {
  records([
    ['why', [opened], withdraw, supervisor, [withdrawn]],
    ['why, while it is suspended', [opened, suspended], withdraw, supervisor, [withdrawn]],
  ]);
  quiet([['it was withdrawn before', [opened, withdrawn], withdraw, supervisor]]);
  refuses([['what is closed', [opened, closed], withdraw, supervisor, 'task.closed']]);
});

describe('any command but a comment', () => {
  const add: TaskCommand = { type: 'AddAssignee', data: { unitId: finance, role: 'support' } };
  const commands = [setDate(), suspend, resume, urge(science), add, complete, reopen, withdraw];
  const ask = (facts: TaskEvent[], command: TaskCommand, by: Actor) => given(task)(...facts).when(command, { by, at });

  it.each([open, ...commands])('$type: is refused to everybody but supervisors', (command) => {
    for (const by of [head(science), auditor, systemAdmin, SYSTEM]) expect(() => ask([opened], command, by)).toThrow('role.missing');
  });

  it.each([comment, ...commands])('$type: is refused before the task was opened', (command) => {
    expect(() => ask([], command, supervisor)).toThrow('task.unknown');
  });
});

describe('the shares of a task', () => {
  const named = (unitId: string, role: 'lead' | 'support', members: string[] | null = null) => ({ unitId, role, members });

  it('are one for a unit and one for each member of a collective', () => {
    expect(sharesOf([named(science, 'lead'), named(cities, 'support', [hefei, finance])])).toEqual([
      { unitId: science, role: 'lead', via: null },
      { unitId: hefei, role: 'support', via: cities },
      { unitId: finance, role: 'support', via: cities },
    ]);
  });

  it('are one for a unit that is named itself and through a collective, in the role of its own name', () => {
    expect(sharesOf([named(cities, 'support', [hefei]), named(hefei, 'lead')])).toEqual([{ unitId: hefei, role: 'lead', via: null }]);
  });

  it('are one for a unit in two collectives, in the first role', () => {
    expect(sharesOf([named(cities, 'lead', [hefei]), named(office, 'support', [hefei])])).toEqual([
      { unitId: hefei, role: 'lead', via: cities },
    ]);
  });

  it.each([
    ['support', 'lead', 'lead'],
    ['lead', 'responsible', 'lead'],
    ['guide', 'support', 'support'],
    ['guide', 'responsible', 'responsible'],
  ] as const)('weigh %s and %s as %s', (a, b, role) => {
    expect([heavier(a, b), heavier(b, a)]).toEqual([role, role]);
  });
});
