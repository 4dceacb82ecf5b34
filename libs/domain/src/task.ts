import { z } from 'zod';
import type { Context } from './actor.js';
import { type Decider, type Message, type MessagesOf, Refused, type Rule } from './decider.js';
import { day, deadline, type Due, due, quotation, span } from './due.js';
import { uuid } from './ids.js';
import { isOf, needs } from './permissions.js';

export const UNIT_ROLES = ['lead', 'support', 'guide', 'responsible'] as const;
/** lead 牵头 · support 配合 · guide 指导 · responsible 责任 (no lead was named). */
export type UnitRole = (typeof UNIT_ROLES)[number];

const BY_WEIGHT: readonly UnitRole[] = ['lead', 'responsible', 'support', 'guide'];
/** Of two roles that one unit was given, the one that obliges it to more. */
export const heavier = (a: UnitRole, b: UnitRole) => (BY_WEIGHT.indexOf(b) < BY_WEIGHT.indexOf(a) ? b : a);

export const TASK_STANDINGS = ['unknown', 'open', 'suspended', 'closed', 'withdrawn'] as const;
/** Whether a task takes acts at all; `unknown` before it was opened. */
export type TaskStanding = (typeof TASK_STANDINGS)[number];

const words = z.string().trim().min(1).max(2_000);
const reason = z.strictObject({ reason: words });

/** A unit as the list names it; `members` are those of a collective on the day of issue, null for a single unit. */
export const assignee = z.strictObject({ unitId: uuid, role: z.enum(UNIT_ROLES), members: z.array(uuid).nullable() });
export type Assignee = z.infer<typeof assignee>;

/** One unit's share of a task; `via` is the collective it belongs to, null when it is named itself. */
export type Share = Readonly<{ unitId: string; role: UnitRole; via: string | null }>;

/** Everybody who owes something, once each: a unit's own name counts before its collective's, the first role before a later one. */
export function sharesOf(assignees: readonly Assignee[]): Share[] {
  const shares = new Map<string, Share>();
  const named = assignees.filter(({ members }) => members === null).map(({ unitId, role }) => ({ unitId, role, via: null }));
  const members = assignees.flatMap(({ unitId: via, role, members }) => (members ?? []).map((unitId) => ({ unitId, role, via })));
  for (const share of [...named, ...members]) if (!shares.has(share.unitId)) shares.set(share.unitId, share);
  return [...shares.values()];
}

/** What a list of a document obliges to: where it stands, what it says, whom it names. */
const obligation = z.strictObject({
  guidelineId: uuid,
  list: z.string().min(1),
  path: z.array(z.string()),
  title: z.string(),
  text: z.string(),
  passage: span,
  span,
  rules: z.array(quotation).optional().describe('sentences elsewhere in the document that decided a role or added a unit'),
  deadlines: z.array(deadline).optional().describe('everything that the list and its passage say about when'),
  assignees: z.array(assignee).min(1),
});
type Obligation = z.infer<typeof obligation>;

export const taskCommands = {
  OpenTask: obligation.extend({ due }),
  ReviseTask: obligation,
  SetDueDate: due,
  SuspendTask: reason,
  ResumeTask: z.strictObject({}),
  IssueInstruction: z.strictObject({ kind: z.enum(['urge', 'instruction']), text: words, unitIds: z.array(uuid).min(1).max(5_000) }),
  AddComment: z.strictObject({ text: words }),
  AddAssignee: z.strictObject({ unitId: uuid, role: z.enum(UNIT_ROLES) }),
  CloseTask: z.strictObject({ outcome: z.enum(['completed', 'not-completed']), summary: words }),
  ReopenTask: reason,
  WithdrawTask: reason,
  AlignShares: z.strictObject({ given: z.array(z.strictObject({ guidelineId: uuid, dueOn: day.nullable() })) }),
};
export type TaskCommand = MessagesOf<typeof taskCommands>;

export type TaskEvent =
  | Message<'TaskOpened', Obligation>
  | Message<'TaskRevised', Obligation>
  | Message<'DueDateSet', Due>
  | Message<'TaskSuspended', { reason: string }>
  | Message<'TaskResumed', object>
  | Message<'InstructionIssued', { kind: 'urge' | 'instruction'; text: string; unitIds: string[] }>
  | Message<'CommentAdded', { text: string }>
  | Message<'AssigneeAdded', { unitId: string; role: UnitRole }>
  | Message<'TaskClosed', { outcome: 'completed' | 'not-completed'; summary: string }>
  | Message<'TaskReopened', { reason: string }>
  | Message<'TaskWithdrawn', { reason: string }>
  | Message<'SharesAligned', { guidelineId: string; dueOn: string | null; standing: TaskStanding }>;

export type Task = Readonly<{
  standing: TaskStanding;
  /** The list that obliges, in the version of the document that is in force. */
  guidelineId: string;
  list: string;
  due: Due | null;
  outcome: string | null;
  assignees: readonly Assignee[];
}>;

/** A lead (or responsible) share as closing sees it: it counts only while it was not released. */
export type LeadShare = Readonly<{ unitId: string; verified: boolean }>;

/** Only closing asks for `leads`. */
export type TaskContext = Context & Readonly<{ leads?: readonly LeadShare[] }>;
type TaskRule = Rule<Task, TaskContext>;

const known: TaskRule = ({ standing }) => {
  if (standing === 'unknown') throw new Refused('missing', 'task.unknown');
};
const is =
  (...allowed: TaskStanding[]): TaskRule =>
  ({ standing }) => {
    if (!allowed.includes(standing)) throw new Refused('conflict', `task.${standing}`);
  };
/** Collectives and their members alike. */
const named = (assignees: readonly Assignee[]) => new Set(assignees.flatMap(({ unitId, members }) => [unitId, ...(members ?? [])]));
const onTheTask: TaskRule = ({ assignees }, { by }) => {
  const ours = by.unitId !== null && named(assignees).has(by.unitId) && isOf(by, by.unitId);
  if (!ours && !by.roles.includes('supervisor')) throw new Refused('forbidden', 'task.not-yours');
};
const supervised = [known, needs('supervisor')];

export const task: Decider<Task, TaskCommand, TaskEvent, TaskContext> = {
  category: 'task',
  initial: { standing: 'unknown', guidelineId: '', list: '', due: null, outcome: null, assignees: [] },
  consequences: ['OpenTask', 'ReviseTask', 'AddAssignee', 'AlignShares'],

  rules: {
    OpenTask: [needs('supervisor')],
    ReviseTask: [...supervised, is('open', 'suspended', 'closed')],
    SetDueDate: [...supervised, is('open', 'suspended')],
    SuspendTask: [...supervised, is('open', 'suspended')],
    ResumeTask: [...supervised, is('open', 'suspended')],
    IssueInstruction: [...supervised, is('open')],
    AddComment: [known, onTheTask, is('open', 'suspended')],
    AddAssignee: [...supervised, is('open', 'suspended')],
    CloseTask: [...supervised, is('open', 'suspended', 'closed')],
    ReopenTask: [...supervised, is('closed', 'open')],
    WithdrawTask: [...supervised, is('open', 'suspended', 'withdrawn')],
    AlignShares: supervised,
  },

  decide: {
    OpenTask({ standing }, { due, ...opened }) {
      if (standing !== 'unknown') return [];
      return [
        { type: 'TaskOpened', data: opened },
        { type: 'DueDateSet', data: due },
      ];
    },

    ReviseTask: ({ guidelineId, list }, data) =>
      guidelineId === data.guidelineId && list === data.list ? [] : [{ type: 'TaskRevised', data }],

    SetDueDate({ due }, data) {
      const same = due?.dueOn === data.dueOn && due.recurrence === data.recurrence && due.words === data.words;
      return same ? [] : [{ type: 'DueDateSet', data }];
    },

    SuspendTask: ({ standing }, data) => (standing === 'suspended' ? [] : [{ type: 'TaskSuspended', data }]),
    ResumeTask: ({ standing }) => (standing === 'open' ? [] : [{ type: 'TaskResumed', data: {} }]),

    IssueInstruction({ assignees }, data) {
      const strangers = data.unitIds.filter((unitId) => !named(assignees).has(unitId));
      if (strangers.length > 0) throw new Refused('invalid', 'task.unit-not-on-it', { units: strangers });
      return [{ type: 'InstructionIssued', data }];
    },

    AddComment: (_, data) => [{ type: 'CommentAdded', data }],

    AddAssignee: ({ assignees }, data) => (named(assignees).has(data.unitId) ? [] : [{ type: 'AssigneeAdded', data }]),

    CloseTask({ standing, outcome }, data, { leads }) {
      if (standing === 'closed' && outcome === data.outcome) return [];
      if (standing === 'closed') throw new Refused('conflict', 'task.closed');
      if (!leads) throw new Error('closing a task needs its lead shares');
      const open = leads.filter(({ verified }) => !verified).map(({ unitId }) => unitId);
      const completed = data.outcome === 'completed';
      if (completed && leads.length === 0) throw new Refused('conflict', 'task.without-leads');
      if (completed && open.length > 0) throw new Refused('conflict', 'task.leads-not-verified', { units: open });
      return [{ type: 'TaskClosed', data }];
    },

    ReopenTask: ({ standing }, data) => (standing === 'open' ? [] : [{ type: 'TaskReopened', data }]),
    WithdrawTask: ({ standing }, data) => (standing === 'withdrawn' ? [] : [{ type: 'TaskWithdrawn', data }]),

    /** Shares go out with what the task says as each is decided. What it said since reached only those recorded by then: here it says it once more. */
    AlignShares({ standing, guidelineId, due }, { given }) {
      const dueOn = due?.dueOn ?? null;
      const aligned = standing === 'open' && given.every((share) => share.guidelineId === guidelineId && share.dueOn === dueOn);
      return aligned ? [] : [{ type: 'SharesAligned', data: { guidelineId, dueOn, standing } }];
    },
  },

  evolve: {
    TaskOpened: (state, { guidelineId, list, assignees }) => ({ ...state, standing: 'open', guidelineId, list, assignees }),
    TaskRevised: (state, { guidelineId, list, assignees }) => ({ ...state, guidelineId, list, assignees }),
    DueDateSet: (state, due) => ({ ...state, due }),
    TaskSuspended: (state) => ({ ...state, standing: 'suspended' }),
    TaskResumed: (state) => ({ ...state, standing: 'open' }),
    InstructionIssued: (state) => state,
    CommentAdded: (state) => state,
    AssigneeAdded: (state, { unitId, role }) => ({ ...state, assignees: [...state.assignees, { unitId, role, members: null }] }),
    TaskClosed: (state, { outcome }) => ({ ...state, standing: 'closed', outcome }),
    TaskReopened: (state) => ({ ...state, standing: 'open', outcome: null }),
    TaskWithdrawn: (state) => ({ ...state, standing: 'withdrawn' }),
    SharesAligned: (state) => state,
  },
};
