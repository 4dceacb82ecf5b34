import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { assignment, type AssignmentCommand, type AssignmentEvent } from '@app/domain/assignment.js';
import type { Assignment, AssignmentContext, AssignmentStatus } from '@app/domain/assignment-rules.js';
import type { DataOf } from '@app/domain/decider.js';
import type { TaskEvent, TaskStanding, UnitRole } from '@app/domain/task.js';
import { idOf, type Recorded } from '@app/event-store/event-store.js';
import { following, type View } from './view.js';

/** What a unit owes for an assignment, and so the to-do list it stands on; null when it owes nothing any more. */
export const BUCKETS = ['acknowledge', 'report', 'in-progress', 'blocked', 'returned', 'submitted', 'objected', 'supporting'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** One unit's share of one task: a line of the to-do list, and of the task's page. Fields of `Assignment` mean what they mean there. */
@Entity('assignment')
@Index(['unitId', 'dueKey', 'id'], { where: 'bucket IS NOT NULL' })
@Index(['unitId', 'bucket', 'dueKey', 'id'], { where: 'bucket IS NOT NULL' })
@Index(['taskId', 'id'])
@Index(['unitId'])
export class AssignmentRow implements Assignment {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') taskId: string;
  @Column('uuid') guidelineId: string;
  @Column('uuid') unitId: string;
  @Column('text') role: UnitRole;
  @Column('uuid', { nullable: true }) via: string | null;
  @Column('text') status: AssignmentStatus;
  @Column('text') taskStanding: TaskStanding;
  @Column('text', { nullable: true }) bucket: Bucket | null;
  @Column('date', { nullable: true }) dueOn: string | null;
  /** `dueOn`, or the end of time: what the to-do list is ordered by. */
  @Column('date') dueKey: string;
  @Column('date') acknowledgeBy: string;
  @Column('timestamptz') assignedAt: Date;
  @Column('timestamptz', { nullable: true }) acknowledgedAt: Date | null;
  @Column('text', { nullable: true }) acknowledgedBy: string | null;
  @Column('text') statusBeforeObjection: AssignmentStatus;
  @Column('text') objection: Assignment['objection'];
  @Column('text', { nullable: true }) objectionReason: string | null;
  @Column('uuid', { nullable: true }) handlerId: string | null;
  @Column('text', { nullable: true }) handlerName: string | null;
  @Column('text', { nullable: true }) statusReason: string | null;
  @Column('int') reports: number;
  @Column('timestamptz', { nullable: true }) reportedAt: Date | null;
  @Column('jsonb', { nullable: true }) lastReport: Omit<DataOf<AssignmentEvent, 'ProgressReported'>, 'taskId' | 'unitId'> | null;
  @Column('int') supports: number;
  @Column('timestamptz', { nullable: true }) supportedAt: Date | null;
  @Column('text') completion: Assignment['completion'];
  @Column('uuid', { nullable: true }) submittedBy: string | null;
  @Column('timestamptz', { nullable: true }) submittedAt: Date | null;
  @Column('text', { nullable: true }) returnedReason: string | null;
  @Column('timestamptz', { nullable: true }) verifiedAt: Date | null;
  @Column('uuid', { nullable: true }) transferredTo: string | null;
  @Column('jsonb') reminders: string[];
  @Column('int') revision: number;
  @Column('timestamptz') changedAt: Date;
}

const END_OF_TIME = '9999-12-31';

/** Where an assignment stands on its unit's to-do list. */
function bucketOf({ status, role, completion, taskStanding }: AssignmentRow): Bucket | null {
  if (taskStanding === 'closed' || taskStanding === 'withdrawn') return null;
  switch (status) {
    case 'assigned':
      return 'acknowledge';
    case 'acknowledged':
      return role === 'lead' || role === 'responsible' ? 'report' : 'supporting';
    case 'in-progress':
      return completion === 'returned' ? 'returned' : 'in-progress';
    case 'blocked':
    case 'submitted':
    case 'objected':
      return status;
    default:
      return null;
  }
}

const placeOf = (row: AssignmentRow) => ({ bucket: bucketOf(row), dueKey: row.dueOn ?? END_OF_TIME });

/** A row just made, put in its place. */
const placed = (row: AssignmentRow) => Object.assign(row, placeOf(row));

const also = following<AssignmentRow, Assignment, AssignmentCommand, AssignmentEvent, AssignmentContext>(assignment, placeOf);

const ofTask =
  <T extends TaskEvent['type']>(change: (event: Recorded<Extract<TaskEvent, { type: T }>>) => Partial<AssignmentRow>) =>
  (row: AssignmentRow | undefined, event: Recorded<Extract<TaskEvent, { type: T }>>): AssignmentRow =>
    placed({ ...row!, ...change(event) });

export const assignments: View<AssignmentRow, AssignmentEvent | TaskEvent> = {
  name: 'assignment',
  version: 2,
  entity: AssignmentRow,
  versioned: true,
  target: ({ stream }) => (stream.startsWith('task-') ? { taskId: idOf(stream) } : { id: idOf(stream) }),
  on: {
    UnitAssigned: (before, { stream, revision, at, data: { taskId, guidelineId, unitId, role, via, dueOn, acknowledgeBy } }) =>
      placed({
        id: idOf(stream),
        taskId,
        guidelineId,
        unitId,
        role,
        via,
        dueOn,
        acknowledgeBy,
        status: 'assigned',
        taskStanding: 'open',
        bucket: null,
        dueKey: '',
        assignedAt: at,
        acknowledgedAt: null,
        acknowledgedBy: null,
        statusBeforeObjection: 'none',
        objection: 'none',
        objectionReason: null,
        handlerId: null,
        handlerName: null,
        statusReason: null,
        reports: 0,
        reportedAt: null,
        lastReport: null,
        supports: 0,
        supportedAt: null,
        completion: 'none',
        submittedBy: null,
        submittedAt: null,
        returnedReason: null,
        verifiedAt: null,
        transferredTo: null,
        reminders: before?.reminders ?? [],
        revision: Number(revision),
        changedAt: at,
      }),
    AssignmentAcknowledged: also((_, { at, by }) => ({ acknowledgedAt: at, acknowledgedBy: by.name })),
    AssignmentObjected: also((_, { data }) => ({ objectionReason: data.reason })),
    ObjectionSettled: also(),
    HandlerAppointed: also((_, { data }) => ({ handlerName: data.handlerName })),
    ProgressReported: also(({ reports }, { at, data: { done, problems, helpNeeded, nextStep, evidence } }) => ({
      reports: reports + 1,
      reportedAt: at,
      lastReport: { done, problems, helpNeeded, nextStep, evidence },
    })),
    StatusChanged: also((_, { data }) => ({ statusReason: data.reason })),
    SupportRecorded: also(({ supports }, { at }) => ({ supports: supports + 1, supportedAt: at })),
    CompletionSubmitted: also((_, { at }) => ({ submittedAt: at })),
    CompletionWithdrawn: also(),
    CompletionReturned: also((_, { data }) => ({ returnedReason: data.reason })),
    CompletionVerified: also((_, { at }) => ({ verifiedAt: at })),
    RoleChanged: also(),
    AssignmentTransferred: also(),
    AssignmentReleased: also(),
    ReminderSent: also(),
    TaskRevised: ofTask<'TaskRevised'>(({ data: { guidelineId } }) => ({ guidelineId })),
    DueDateSet: ofTask<'DueDateSet'>(({ data: { dueOn } }) => ({ dueOn })),
    TaskSuspended: ofTask(() => ({ taskStanding: 'suspended' })),
    TaskResumed: ofTask(() => ({ taskStanding: 'open' })),
    TaskClosed: ofTask(() => ({ taskStanding: 'closed' })),
    TaskReopened: ofTask(() => ({ taskStanding: 'open' })),
    TaskWithdrawn: ofTask(() => ({ taskStanding: 'withdrawn' })),
    SharesAligned: ofTask<'SharesAligned'>(({ data: { guidelineId, dueOn, standing } }) => ({
      guidelineId,
      dueOn,
      taskStanding: standing,
    })),
  },
  tally: ({ unitId, taskId, role, via, bucket, status, acknowledgedAt }) => [
    ...(bucket ? [`unit:${unitId}:${bucket}`] : []),
    ...(status === 'released' ? [] : [`task:${taskId}:${role}:${via ?? ''}:assigned`]),
    ...(status === 'released' || !acknowledgedAt ? [] : [`task:${taskId}:${role}:${via ?? ''}:acknowledged`]),
  ],
};
