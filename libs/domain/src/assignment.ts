import { z } from 'zod';
import * as must from './assignment-rules.js';
import type { Assignment, AssignmentContext, AssignmentStatus } from './assignment-rules.js';
import { type Decider, type Message, type MessagesOf, Refused } from './decider.js';
import { uuid } from './ids.js';
import { needs } from './permissions.js';
import { UNIT_ROLES, type UnitRole } from './task.js';

type Of<Data = object> = Readonly<{ taskId: string; unitId: string }> & Data;

export type AssignmentEvent =
  | Message<'UnitAssigned', Of<{ guidelineId: string; role: UnitRole; via: string | null; dueOn: string | null; acknowledgeBy: string }>>
  | Message<'AssignmentAcknowledged', Of>
  | Message<'AssignmentObjected', Of<{ reason: string }>>
  | Message<'ObjectionSettled', Of<{ upheld: boolean; reason: string }>>
  | Message<'HandlerAppointed', Of<{ handlerId: string; handlerName: string }>>
  | Message<'ProgressReported', Of<z.infer<typeof report>>>
  | Message<'StatusChanged', Of<{ from: AssignmentStatus; to: AssignmentStatus; reason: string | null }>>
  | Message<'SupportRecorded', Of<{ done: string; evidence: string[] }>>
  | Message<'CompletionSubmitted', Of<{ summary: string; evidence: string[] }>>
  | Message<'CompletionWithdrawn', Of<{ reason: string }>>
  | Message<'CompletionReturned', Of<{ reason: string }>>
  | Message<'CompletionVerified', Of<{ comment: string | null }>>
  | Message<'RoleChanged', Of<{ from: UnitRole; to: UnitRole }>>
  | Message<'AssignmentTransferred', Of<{ toUnitId: string; reason: string }>>
  | Message<'AssignmentReleased', Of<{ reason: string }>>
  | Message<'ReminderSent', Of<{ rule: string; on: string; to: string[] }>>;

const words = z.string().trim().min(1).max(2_000);
const optionalWords = z.string().trim().max(2_000).default('');
const evidence = z.array(z.string().trim().min(1).max(500)).max(20).default([]);
const report = z.strictObject({ done: words, problems: optionalWords, helpNeeded: optionalWords, nextStep: optionalWords, evidence });
const reason = z.strictObject({ reason: words });

export const assignmentCommands = {
  AssignUnit: z.strictObject({
    taskId: uuid,
    guidelineId: uuid,
    unitId: uuid,
    role: z.enum(UNIT_ROLES),
    via: uuid.nullable(),
    acknowledgeBy: z.iso.date(),
  }),
  AcknowledgeAssignment: z.strictObject({}),
  ObjectToAssignment: reason,
  SettleObjection: z.strictObject({ upheld: z.boolean(), reason: words }),
  AppointHandler: z.strictObject({ handlerId: uuid, handlerName: words }),
  ReportProgress: report.extend({ status: z.enum(['in-progress', 'blocked']).default('in-progress') }),
  ChangeStatus: z.strictObject({ to: z.enum(['in-progress', 'blocked']), reason: words }),
  RecordSupport: z.strictObject({ done: words, evidence }),
  SubmitCompletion: z.strictObject({ summary: words, evidence }),
  WithdrawCompletion: reason,
  ReturnCompletion: reason,
  VerifyCompletion: z.strictObject({ comment: z.string().trim().max(2_000).nullable().default(null) }),
  ChangeRole: z.strictObject({ role: z.enum(UNIT_ROLES) }),
  TransferAssignment: z.strictObject({ toUnitId: uuid, reason: words }),
  ReleaseAssignment: reason,
  RecordReminder: z.strictObject({ rule: z.string().min(1), on: z.iso.date(), to: z.array(uuid).min(1) }),
};
export type AssignmentCommand = MessagesOf<typeof assignmentCommands>;

const blank: Assignment = {
  status: 'none',
  taskId: '',
  unitId: '',
  role: 'support',
  statusBeforeObjection: 'none',
  objection: 'none',
  completion: 'none',
  submittedBy: null,
  handlerId: null,
  transferredTo: null,
  reminders: [],
};

export const assignment: Decider<Assignment, AssignmentCommand, AssignmentEvent, AssignmentContext> = {
  category: 'assignment',
  initial: blank,
  consequences: ['AssignUnit', 'ChangeRole', 'RecordReminder'],

  rules: {
    AssignUnit: [needs('supervisor'), must.taskGoesOn],
    AcknowledgeAssignment: [must.known, must.byUnit, must.taskOpen, must.notReleased, must.notObjected],
    ObjectToAssignment: [must.known, must.byUnit, must.taskOpen, must.live, must.notSubmitted],
    SettleObjection: [...must.supervisorActs, must.wasObjected],
    AppointHandler: [must.known, must.byHead, must.taskOpen, must.live],
    ReportProgress: must.leadActs,
    ChangeStatus: must.leadActs,
    RecordSupport: [...must.unitActs, must.supports],
    SubmitCompletion: [must.known, must.byHead, must.leads, must.taskOpen, must.live, must.notObjected, must.inProgress],
    WithdrawCompletion: [must.known, must.byHead, must.leads, must.taskOpen, must.notReleased, must.completionIs('submitted', 'withdrawn')],
    ReturnCompletion: [...must.supervisorActs, must.notReleased, must.notTheSubmitter, must.completionIs('submitted', 'returned')],
    VerifyCompletion: [...must.supervisorActs, must.notReleased, must.notTheSubmitter, must.completionIs('submitted', 'verified')],
    ChangeRole: [...must.supervisorActs, must.live],
    TransferAssignment: [...must.supervisorActs, must.transferable, must.notSubmitted],
    ReleaseAssignment: [must.known, needs('supervisor'), must.notVerified],
    RecordReminder: [must.known, needs('system'), must.taskOpen],
  },

  decide: {
    /** A share that was released may be assigned again: it begins anew, and its history shows both. */
    AssignUnit({ status, role }, data, { dueOn = null }) {
      if (status === 'none' || status === 'released') return [{ type: 'UnitAssigned', data: { ...data, dueOn } }];
      if (role === data.role) return [];
      throw new Refused('conflict', 'assignment.exists', { role });
    },

    AcknowledgeAssignment: (state) => acknowledging(state),

    ObjectToAssignment({ status, taskId, unitId }, { reason }) {
      return status === 'objected' ? [] : [{ type: 'AssignmentObjected', data: { taskId, unitId, reason } }];
    },

    SettleObjection({ status, objection, taskId, unitId }, { upheld, reason }) {
      if (objection === (upheld ? 'upheld' : 'refused')) return [];
      if (status !== 'objected') throw new Refused('conflict', 'assignment.no-objection');
      return [{ type: 'ObjectionSettled', data: { taskId, unitId, upheld, reason } }];
    },

    AppointHandler({ handlerId, taskId, unitId }, data) {
      return handlerId === data.handlerId ? [] : [{ type: 'HandlerAppointed', data: { taskId, unitId, ...data } }];
    },

    ReportProgress(state, { status, ...data }) {
      const { taskId, unitId } = state;
      const blocked = status === 'blocked';
      if (blocked && !data.problems) throw new Refused('invalid', 'assignment.blocked-without-problem');
      return [
        ...acknowledging(state),
        { type: 'ProgressReported', data: { taskId, unitId, ...data } },
        ...changing(state, status, blocked ? data.problems : null),
      ];
    },

    ChangeStatus: (state, { to, reason }) => [...acknowledging(state), ...changing(state, to, reason)],

    RecordSupport: (state, data) => [
      ...acknowledging(state),
      { type: 'SupportRecorded', data: { taskId: state.taskId, unitId: state.unitId, ...data } },
    ],

    SubmitCompletion({ status, taskId, unitId }, data) {
      return status === 'submitted' ? [] : [{ type: 'CompletionSubmitted', data: { taskId, unitId, ...data } }];
    },

    WithdrawCompletion({ completion, taskId, unitId }, { reason }) {
      return completion === 'withdrawn' ? [] : [{ type: 'CompletionWithdrawn', data: { taskId, unitId, reason } }];
    },

    ReturnCompletion({ completion, taskId, unitId }, { reason }) {
      return completion === 'returned' ? [] : [{ type: 'CompletionReturned', data: { taskId, unitId, reason } }];
    },

    VerifyCompletion({ completion, taskId, unitId }, { comment }) {
      return completion === 'verified' ? [] : [{ type: 'CompletionVerified', data: { taskId, unitId, comment } }];
    },

    ChangeRole({ role, taskId, unitId }, { role: to }) {
      return role === to ? [] : [{ type: 'RoleChanged', data: { taskId, unitId, from: role, to } }];
    },

    TransferAssignment({ taskId, unitId, transferredTo }, { toUnitId, reason }, { target }) {
      if (transferredTo === toUnitId) return [];
      if (transferredTo) throw new Refused('conflict', 'assignment.released');
      if (toUnitId === unitId) throw new Refused('invalid', 'assignment.transfer-to-itself');
      if (target === undefined) throw new Error('transferring needs to know how the other unit stands on the task');
      if (target !== 'none' && target !== 'released') throw new Refused('conflict', 'assignment.target-on-task');
      return [{ type: 'AssignmentTransferred', data: { taskId, unitId, toUnitId, reason } }];
    },

    ReleaseAssignment({ status, taskId, unitId }, { reason }) {
      return status === 'released' ? [] : [{ type: 'AssignmentReleased', data: { taskId, unitId, reason } }];
    },

    RecordReminder({ reminders, taskId, unitId }, data) {
      return reminders.includes(`${data.rule}@${data.on}`) ? [] : [{ type: 'ReminderSent', data: { taskId, unitId, ...data } }];
    },
  },

  evolve: {
    UnitAssigned: (state, { taskId, unitId, role }) => ({
      ...state,
      ...blank,
      status: 'assigned',
      taskId,
      unitId,
      role,
      reminders: state.reminders,
    }),
    AssignmentAcknowledged: (state) => ({ ...state, status: 'acknowledged' }),
    AssignmentObjected: (state) => ({ ...state, status: 'objected', statusBeforeObjection: state.status, objection: 'raised' }),
    ObjectionSettled: (state, { upheld }) =>
      upheld
        ? { ...state, status: 'released', objection: 'upheld' }
        : { ...state, status: state.statusBeforeObjection, objection: 'refused' },
    HandlerAppointed: (state, { handlerId }) => ({ ...state, handlerId }),
    ProgressReported: (state) => state,
    StatusChanged: (state, { to }) => ({ ...state, status: to }),
    SupportRecorded: (state) => state,
    CompletionSubmitted: (state, _, { by }) => ({ ...state, status: 'submitted', completion: 'submitted', submittedBy: by.accountId }),
    CompletionWithdrawn: (state) => ({ ...state, status: 'in-progress', completion: 'withdrawn' }),
    CompletionReturned: (state) => ({ ...state, status: 'in-progress', completion: 'returned' }),
    CompletionVerified: (state) => ({ ...state, status: 'verified', completion: 'verified' }),
    RoleChanged: (state, { to }) => (to === 'lead' || to === 'responsible' ? { ...state, role: to } : { ...supporting(state), role: to }),
    AssignmentTransferred: (state, { toUnitId }) => ({ ...state, status: 'released', transferredTo: toUnitId }),
    AssignmentReleased: (state) => ({ ...state, status: 'released' }),
    ReminderSent: (state, { rule, on }) => ({ ...state, reminders: [...state.reminders, `${rule}@${on}`] }),
  },
};

/** What only a unit that leads can be, it is no more when it leads no more. */
function supporting(state: Assignment): Assignment {
  const calm = (status: AssignmentStatus) => (['in-progress', 'blocked', 'submitted'].includes(status) ? 'acknowledged' : status);
  return { ...state, status: calm(state.status), statusBeforeObjection: calm(state.statusBeforeObjection), completion: 'none' };
}

/** What acts on an assignment that nobody signed for yet: they sign for it first, as an event of its own. */
const acknowledging = ({ status, taskId, unitId }: Assignment): AssignmentEvent[] =>
  status === 'assigned' ? [{ type: 'AssignmentAcknowledged', data: { taskId, unitId } }] : [];

const changing = ({ status, taskId, unitId }: Assignment, to: AssignmentStatus, reason: string | null): AssignmentEvent[] =>
  status === to
    ? []
    : [{ type: 'StatusChanged', data: { taskId, unitId, from: status === 'assigned' ? 'acknowledged' : status, to, reason } }];
