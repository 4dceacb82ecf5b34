import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Deadline, Due, Quotation } from '@app/domain/due.js';
import { type Assignee, task, type Task, type TaskCommand, type TaskContext, type TaskEvent, type TaskStanding } from '@app/domain/task.js';
import type { DataOf } from '@app/domain/decider.js';
import { idOf } from '@app/event-store/event-store.js';
import { following, type View } from './view.js';

/** What one responsibility list obliges to. Fields of `Task` mean what they mean there. */
@Entity('task')
@Index(['dueKey', 'id'])
@Index(['guidelineId', 'dueKey', 'id'])
export class TaskRow implements Task {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') guidelineId: string;
  @Column('text') list: string;
  @Column('jsonb') path: string[];
  @Column('text') title: string;
  @Column('text') text: string;
  @Column('jsonb') passage: [number, number];
  @Column('jsonb') span: [number, number];
  @Column('jsonb') rules: Quotation[];
  @Column('jsonb') deadlines: Deadline[];
  @Column('jsonb') assignees: Assignee[];
  @Column('text') standing: TaskStanding;
  @Column('jsonb', { nullable: true }) due: Due | null;
  @Column('date', { nullable: true }) dueOn: string | null;
  /** `dueOn`, or the end of time: what lists are ordered by. */
  @Column('date') dueKey: string;
  @Column('text', { nullable: true }) outcome: string | null;
  @Column('text', { nullable: true }) standingReason: string | null;
  @Column('int') instructions: number;
  @Column('timestamptz', { nullable: true }) instructedAt: Date | null;
  @Column('int') comments: number;
  @Column('timestamptz') openedAt: Date;
  @Column('int') revision: number;
  @Column('timestamptz') changedAt: Date;
}

const also = following<TaskRow, Task, TaskCommand, TaskEvent, TaskContext>(task);

/** What a list obliges to, in full: tasks that were opened before rules and dates were kept have none. */
const obligation = (data: DataOf<TaskEvent, 'TaskOpened'>) => ({ ...data, rules: data.rules ?? [], deadlines: data.deadlines ?? [] });

export const tasks: View<TaskRow, TaskEvent> = {
  name: 'task',
  version: 2,
  entity: TaskRow,
  versioned: true,
  target: ({ stream }) => ({ id: idOf(stream) }),
  on: {
    TaskOpened: (_, { stream, revision, at, data }) => ({
      id: idOf(stream),
      standing: 'open',
      due: null,
      dueOn: null,
      dueKey: '9999-12-31',
      outcome: null,
      standingReason: null,
      instructions: 0,
      instructedAt: null,
      comments: 0,
      openedAt: at,
      revision: Number(revision),
      changedAt: at,
      ...obligation(data),
    }),
    TaskRevised: also((_, { data }) => obligation(data)),
    DueDateSet: also((_, { data: { dueOn } }) => ({ dueOn, dueKey: dueOn ?? '9999-12-31' })),
    TaskSuspended: also((_, { data }) => ({ standingReason: data.reason })),
    TaskResumed: also(() => ({ standingReason: null })),
    InstructionIssued: also(({ instructions }, { at }) => ({ instructions: instructions + 1, instructedAt: at })),
    CommentAdded: also(({ comments }) => ({ comments: comments + 1 })),
    AssigneeAdded: also(),
    TaskClosed: also((_, { data }) => ({ standingReason: data.summary })),
    TaskReopened: also((_, { data }) => ({ standingReason: data.reason })),
    TaskWithdrawn: also((_, { data }) => ({ standingReason: data.reason })),
    SharesAligned: also(),
  },
  tally: ({ guidelineId, standing }) => [`guideline:${guidelineId}:${standing}`],
};
