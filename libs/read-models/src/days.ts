import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Message } from '@app/domain/decider.js';
import type { Position, Recorded } from '@app/event-store/event-store.js';
import { history } from './history.js';
import type { View } from './view.js';

/** One day of the events' clocks, and where the log met it: what it takes to find the place of a past moment, however long ago it is. */
@Entity('day')
export class DayRow {
  /** The day in UTC: '2026-11-23'. */
  @PrimaryColumn('text', { collation: 'C' }) id: string;
  /** Position of the first event, in the order of the log, that carries this day. */
  @Column({ type: 'text', collation: 'C' }) first: Position;
  /** The latest time of this day that any event carries. */
  @Column('timestamptz') latest: Date;
  /** By how many milliseconds at most an event of this day stands behind one before it in the log: clocks differ. */
  @Column('int') back: number;
}

export const DAY = 86_400_000;
/** Formatting costs more than all the rest of the fold, and neighbours in the log are mostly of one day. */
let known = { number: NaN, day: '' };

export function dayOf(at: Date): string {
  const number = Math.floor(at.getTime() / DAY);
  if (number !== known.number) known = { number, day: at.toISOString().slice(0, 10) };
  return known.day;
}

function pass(row: DayRow | undefined, { at, position }: Recorded): DayRow {
  if (!row) return { id: dayOf(at), first: position, latest: at, back: 0 };
  const behind = row.latest.getTime() - at.getTime();
  if (behind < 0) return { ...row, latest: at };
  return behind > row.back ? { ...row, back: behind } : row;
}

export const days: View<DayRow, Message> = {
  name: 'day',
  version: 1,
  entity: DayRow,
  target: ({ at }) => ({ id: dayOf(at) }),
  on: Object.fromEntries(Object.keys(history.on).map((type) => [type, pass])),
};
