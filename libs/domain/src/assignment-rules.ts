import type { Context } from './actor.js';
import { Refused, type Rule } from './decider.js';
import { actsFor, headsUnit, needs } from './permissions.js';
import type { TaskStanding, UnitRole } from './task.js';

export const ASSIGNMENT_STATUSES = [
  'none',
  'assigned',
  'acknowledged',
  'objected',
  'in-progress',
  'blocked',
  'submitted',
  'verified',
  'released',
] as const;
export type AssignmentStatus = (typeof ASSIGNMENT_STATUSES)[number];

/** Only what decisions need; everything a screen needs lives in a view. A view's row may stand in for it. */
export type Assignment = Readonly<{
  status: AssignmentStatus;
  taskId: string;
  unitId: string;
  role: UnitRole;
  /** Where the assignment returns to when an objection is refused. */
  statusBeforeObjection: AssignmentStatus;
  objection: 'none' | 'raised' | 'upheld' | 'refused';
  completion: 'none' | 'submitted' | 'withdrawn' | 'returned' | 'verified';
  submittedBy: string | null;
  handlerId: string | null;
  transferredTo: string | null;
  /** `rule@day` of every reminder that was sent. */
  reminders: readonly string[];
}>;

/** `dueOn` is the task's, for assigning; `target` is how a unit stands on the task that shall take a share over, for transferring. */
export type AssignmentContext = Context & Readonly<{ task: TaskStanding; dueOn?: string | null; target?: AssignmentStatus }>;

type AssignmentRule = Rule<Assignment, AssignmentContext>;

export const known: AssignmentRule = ({ status }) => {
  if (status === 'none') throw new Refused('missing', 'assignment.unknown');
};
export const taskOpen: AssignmentRule = (_, { task }) => {
  if (task !== 'open') throw new Refused(task === 'unknown' ? 'missing' : 'conflict', `task.${task}`);
};

/** A task that was suspended while its shares go out has them when it is resumed. */
export const taskGoesOn: AssignmentRule = (state, context) => {
  if (context.task !== 'suspended') taskOpen(state, context);
};

export const byUnit: AssignmentRule = ({ unitId }, { by }) => {
  if (!actsFor(by, unitId)) throw new Refused('forbidden', 'assignment.not-yours');
};
export const byHead: AssignmentRule = ({ unitId }, { by }) => {
  if (!headsUnit(by, unitId)) throw new Refused('forbidden', actsFor(by, unitId) ? 'assignment.heads-only' : 'assignment.not-yours');
};
export const notTheSubmitter: AssignmentRule = ({ submittedBy, completion }, { by }) => {
  if (completion === 'submitted' && submittedBy === by.accountId) throw new Refused('forbidden', 'assignment.own-completion');
};

export const leads: AssignmentRule = ({ role }) => {
  if (role !== 'lead' && role !== 'responsible') throw new Refused('forbidden', 'assignment.lead-only');
};
export const supports: AssignmentRule = ({ role }) => {
  if (role !== 'support' && role !== 'guide') throw new Refused('forbidden', 'assignment.support-only');
};

export const notReleased: AssignmentRule = ({ status }) => {
  if (status === 'released') throw new Refused('conflict', 'assignment.released');
};
export const notVerified: AssignmentRule = ({ status }) => {
  if (status === 'verified') throw new Refused('conflict', 'assignment.verified');
};
export const live: AssignmentRule = (state, context) => {
  notReleased(state, context);
  notVerified(state, context);
};
export const notObjected: AssignmentRule = ({ status }) => {
  if (status === 'objected') throw new Refused('conflict', 'assignment.objected');
};
export const notSubmitted: AssignmentRule = ({ status }) => {
  if (status === 'submitted') throw new Refused('conflict', 'assignment.submitted');
};

// The rules below also hold where the command has nothing left to change, so that repeating it is no mistake.

export const inProgress: AssignmentRule = ({ status }) => {
  if (status !== 'in-progress' && status !== 'submitted') throw new Refused('conflict', 'assignment.not-in-progress', { status });
};
export const wasObjected: AssignmentRule = ({ status, objection }) => {
  if (status !== 'objected' && objection !== 'upheld' && objection !== 'refused') throw new Refused('conflict', 'assignment.no-objection');
};
export const transferable: AssignmentRule = (state, context) => {
  if (!state.transferredTo) live(state, context);
};
export const completionIs =
  (...allowed: Assignment['completion'][]): AssignmentRule =>
  ({ completion }) => {
    if (!allowed.includes(completion)) throw new Refused('conflict', 'assignment.not-submitted');
  };

export const unitActs = [known, byUnit, taskOpen, live, notObjected];
export const leadActs = [known, byUnit, leads, taskOpen, live, notObjected, notSubmitted];
export const supervisorActs = [known, needs('supervisor'), taskOpen];
