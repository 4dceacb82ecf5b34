import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AssignmentEvent } from '@app/domain/assignment.js';
import { idOf } from '@app/event-store/event-store.js';
import type { View } from './view.js';

/** A reminder that was sent: the fact from which a digest is written, however often it is written. */
@Entity('reminder')
@Index(['unitId', 'on'])
export class ReminderRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') assignmentId: string;
  @Column('uuid') taskId: string;
  @Column('uuid') unitId: string;
  @Column('text') rule: string;
  @Column('date') on: string;
  @Column('jsonb') to: string[];
  @Column('timestamptz') sentAt: Date;
}

export const reminders: View<ReminderRow, AssignmentEvent> = {
  name: 'reminder',
  version: 1,
  entity: ReminderRow,
  appendOnly: true,
  target: ({ id }) => ({ id }),
  on: {
    ReminderSent: (_, { id, stream, at, data: { taskId, unitId, rule, on, to } }) => ({
      id,
      assignmentId: idOf(stream),
      taskId,
      unitId,
      rule,
      on,
      to,
      sentAt: at,
    }),
  },
};
