import type { Actor } from './actor.js';
import { assignment, type AssignmentCommand, type AssignmentEvent } from './assignment.js';
import type { AssignmentStatus } from './assignment-rules.js';
import type { Message } from './decider.js';
import type { TaskStanding, UnitRole } from './task.js';
import { at, finance, given, guidelineId, head, science, taskId } from './testing.js';

export type Fact = AssignmentEvent & { by?: Actor };
export const ask = (facts: Fact[], command: AssignmentCommand, by: Actor, task: TaskStanding = 'open', target: AssignmentStatus = 'none') =>
  given(assignment)(...facts).when(command, { by, at, task, target, dueOn });

export const of = { taskId, unitId: science };
export const dueOn = '2025-12-31';
export const share = { ...of, guidelineId, role: 'lead' as UnitRole, via: null, acknowledgeBy: '2024-08-21' };
export const as = (role: UnitRole): Fact => ({ type: 'UnitAssigned', data: { ...share, role, dueOn } });
export const reason = 'as agreed by telephone';
export const words = { problems: '', helpNeeded: '', nextStep: '', evidence: [] };

export const assigned = as('lead');
export const acknowledged: Fact = { type: 'AssignmentAcknowledged', data: of };
export const objected: Fact = { type: 'AssignmentObjected', data: { ...of, reason } };
export const settled = (upheld: boolean): Fact => ({ type: 'ObjectionSettled', data: { ...of, upheld, reason } });
export const began: Fact = { type: 'StatusChanged', data: { ...of, from: 'acknowledged', to: 'in-progress', reason: null } };
export const stuck: Fact = { type: 'StatusChanged', data: { ...of, from: 'in-progress', to: 'blocked', reason } };
export const submitted: Fact = { type: 'CompletionSubmitted', data: { ...of, summary: 'done', evidence: [] }, by: head(science) };
export const withdrawn: Fact = { type: 'CompletionWithdrawn', data: { ...of, reason } };
export const returned: Fact = { type: 'CompletionReturned', data: { ...of, reason } };
export const verified: Fact = { type: 'CompletionVerified', data: { ...of, comment: null } };
export const transferred: Fact = { type: 'AssignmentTransferred', data: { ...of, toUnitId: finance, reason } };
export const released: Fact = { type: 'AssignmentReleased', data: { ...of, reason } };
export const reminded: Fact = { type: 'ReminderSent', data: { ...of, rule: 'due-7', on: '2025-12-24', to: [finance] } };
export const handled: Fact = { type: 'HandlerAppointed', data: { ...of, handlerId: finance, handlerName: '经办人' } };

export const working = [assigned, acknowledged, began];
export const waiting = [...working, submitted];
export const done = [...waiting, verified];

export const assign: AssignmentCommand = { type: 'AssignUnit', data: share };
export const acknowledge: AssignmentCommand = { type: 'AcknowledgeAssignment', data: {} };
export const object: AssignmentCommand = { type: 'ObjectToAssignment', data: { reason } };
export const settle = (upheld: boolean): AssignmentCommand => ({ type: 'SettleObjection', data: { upheld, reason } });
export const appoint: AssignmentCommand = { type: 'AppointHandler', data: { handlerId: finance, handlerName: '经办人' } };
export const report = (status: 'in-progress' | 'blocked', problems = ''): AssignmentCommand => ({
  type: 'ReportProgress',
  data: { done: 'ten firms visited', ...words, problems, status },
});
export const change = (to: 'in-progress' | 'blocked'): AssignmentCommand => ({ type: 'ChangeStatus', data: { to, reason } });
export const support: AssignmentCommand = { type: 'RecordSupport', data: { done: 'funds released', evidence: [] } };
export const submit: AssignmentCommand = { type: 'SubmitCompletion', data: { summary: 'done', evidence: [] } };
export const withdraw: AssignmentCommand = { type: 'WithdrawCompletion', data: { reason } };
export const giveBack: AssignmentCommand = { type: 'ReturnCompletion', data: { reason } };
export const verify: AssignmentCommand = { type: 'VerifyCompletion', data: { comment: null } };
export const transfer = (toUnitId: string): AssignmentCommand => ({ type: 'TransferAssignment', data: { toUnitId, reason } });
export const release: AssignmentCommand = { type: 'ReleaseAssignment', data: { reason } };
export const remind: AssignmentCommand = { type: 'RecordReminder', data: { rule: 'due-7', on: '2025-12-24', to: [finance] } };

export const reported = (problems = ''): Message => ({
  type: 'ProgressReported',
  data: { ...of, done: 'ten firms visited', ...words, problems },
});
export const supported: Message = { type: 'SupportRecorded', data: { ...of, done: 'funds released', evidence: [] } };
export const plain = (...facts: Fact[]) => facts.map(({ type, data }) => ({ type, data }));
