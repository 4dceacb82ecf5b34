import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Actor } from '@app/domain/actor.js';
import type { Message } from '@app/domain/decider.js';
import { idOf, type Recorded } from '@app/event-store/event-store.js';
import { EVENT_TYPES } from './event-types.js';
import type { View } from './view.js';

/** One line of the history: an event as it was recorded, under everything it can be asked by. The position is its id. */
@Entity('history')
@Index(['taskId', 'id'])
@Index(['guidelineId', 'id'])
@Index(['unitId', 'id'])
@Index(['accountId', 'id'])
@Index(['at', 'id'])
export class HistoryRow {
  @PrimaryColumn('text', { collation: 'C' }) id: string;
  @Column('uuid') eventId: string;
  @Column('text') stream: string;
  @Column('int') revision: number;
  @Column('text') type: string;
  @Column('uuid', { nullable: true }) taskId: string | null;
  @Column('uuid', { nullable: true }) guidelineId: string | null;
  @Column('uuid', { nullable: true }) unitId: string | null;
  /** Who did it. */
  @Column('uuid') accountId: string;
  @Column('json') by: Actor;
  @Column('timestamptz') at: Date;
  @Column('json') data: Record<string, unknown>;
}

/** A document's text and drafts stand in the guideline; its history says that it was imported, not the text once more. */
const LONG = ['text', 'drafts', 'assignees', 'tasks'];

function line({ id, stream, revision, position, type, data, by, at }: Recorded): HistoryRow {
  const category = stream.slice(0, stream.indexOf('-'));
  const { taskId, guidelineId, unitId } = data as { taskId?: string; guidelineId?: string; unitId?: string };
  const brief =
    type === 'CommentAdded' || type === 'InstructionIssued' || !LONG.some((key) => key in (data as object))
      ? data
      : Object.fromEntries(Object.entries(data as object).filter(([key]) => !LONG.includes(key)));
  return {
    id: position,
    eventId: id,
    stream,
    revision: Number(revision),
    type,
    taskId: category === 'task' ? idOf(stream) : (taskId ?? null),
    guidelineId: category === 'guideline' ? idOf(stream) : (guidelineId ?? null),
    unitId: category === 'unit' ? idOf(stream) : (unitId ?? null),
    accountId: by.accountId,
    by,
    at,
    data: brief as Record<string, unknown>,
  };
}

export const history: View<HistoryRow, Message> = {
  name: 'history',
  version: 2,
  entity: HistoryRow,
  appendOnly: true,
  target: ({ position }) => ({ id: position }),
  on: Object.fromEntries([...EVENT_TYPES].map((type) => [type, (_: HistoryRow | undefined, event: Recorded) => line(event)])),
};
