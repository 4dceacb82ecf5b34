import sql from 'sql-template-tag';
import type { DataSource } from 'typeorm';
import type { Position } from '@app/event-store/event-store.js';
import { dayOf } from './days.js';
import { rowsOf } from './sql.js';

const DAY = 86_400_000;

/**
 * Position of the first event, in the order of the log, that was recorded with a time after the moment; null while there is none.
 * Clocks differ, so times in the log go back and forth; whatever comes later, this event stays the first. What the log holds before it
 * is what was so at the moment. Reads one tiny row per later day, and of the moment's own day no more than its clocks differed.
 */
export async function firstAfter(db: DataSource, moment: Date): Promise<Position | null> {
  const day = dayOf(moment);
  const midnight = new Date(Date.parse(day) + DAY);
  // `offset 0`: a min() over the range itself would be looked for from the beginning of the log.
  const [row] = await rowsOf<{ first: Position | null }>(
    db,
    sql`select least(
      (select min(first) from app.day where id > ${day}),
      (select min(id) from (
         select h.id from app.day d
         cross join lateral (select at from app.history where at > ${moment} and at < ${midnight} order by at limit 1) next
         join app.history h on h.at > ${moment} and h.at < ${midnight} and h.at <= next.at + d.back * interval '1 millisecond'
         where d.id = ${day} offset 0
       ) near)
    ) as first`,
  );
  return row!.first;
}

/** The last event before the one at `position`; null when that is the first of all. */
export async function before(db: DataSource, position: Position): Promise<Position | null> {
  const [row] = await rowsOf<{ last: Position | null }>(db, sql`select max(id) as last from app.history where id < ${position}`);
  return row!.last;
}
