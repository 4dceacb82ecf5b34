import { Injectable } from '@nestjs/common';
import sql, { raw } from 'sql-template-tag';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { addDays } from '@app/calendar/days.js';
import type { Actor } from '@app/domain/actor.js';
import { readsEverything } from '@app/domain/permissions.js';
import { day } from '@app/domain/due.js';
import { type AssignmentRow, BUCKETS } from '@app/read-models/assignments.js';
import { every, rowsOf } from '@app/read-models/sql.js';
import { talliesOf } from '@app/read-models/tallies.js';
import { AssignmentQueries } from '../assignments/assignment-queries.js';
import { asOf, Moments, type Standpoint } from '../http/moments.js';
import { cut, page, startOf } from '../http/pages.js';
import { Problem } from '../http/problem.js';

const SOON_DAYS = 15;
/** More than this many are shown as "that many or more". */
const MANY = 1_000;

export const todoPage = z.strictObject({
  ...page,
  ...asOf,
  bucket: z.enum(BUCKETS).optional(),
  due: z.enum(['overdue', 'soon']).optional(),
});

type TodoRow = AssignmentRow & {
  taskTitle: string;
  path: string[];
  text: string;
  guidelineTitle: string;
  guidelineNumber: string | null;
  yellowWithin: number | null;
};

/** What one unit owes, most pressing first. */
@Injectable()
export class TodoQueries {
  constructor(
    private readonly db: DataSource,
    private readonly moments: Moments,
    private readonly assignments: AssignmentQueries,
  ) {}

  async of(unitId: string, { asOf, limit, cursor, bucket, due }: z.infer<typeof todoPage>, by: Actor) {
    if (unitId !== by.unitId && !readsEverything(by)) throw new Problem(403, 'unit.not-yours');
    const from = await this.moments.standpoint(asOf);
    const start = startOf(cursor, z.tuple([day, z.uuid()]));
    const { since, until } = windowOf(due, from.today);
    const [rows, counts] = await Promise.all([
      rowsOf<TodoRow>(
        this.db,
        sql`select a.*, t.title as "taskTitle", t.path, left(t.text, 200) as text, g.title as "guidelineTitle", g.number as "guidelineNumber",
              g.settings->'yellowWithin' as "yellowWithin"
            from (
              select * from ${from.rows.all('assignment')} a
              where ${every(
                sql`"unitId" = ${unitId} and bucket is not null and "dueKey" >= ${since} and "dueKey" <= ${until}`,
                bucket && sql`bucket = ${bucket}`,
                start && sql`("dueKey", id) > (${start[0]}, ${start[1]}::uuid)`,
              )}
              order by "dueKey", id limit ${limit + 1}
            ) a cross join lateral ${from.rows.one('task', raw('a."taskId"'))} t join app.guideline g on g.id = a."guidelineId"
            order by a."dueKey", a.id`,
      ),
      this.counts(unitId, from),
    ]);
    const { rows: shown, next } = cut(rows, limit, ({ dueKey, id }) => [dueKey, id]);
    return { rows: shown.map((row) => this.assignments.shown(row, by, from)), next, counts, asOf: from.asOf };
  }

  /** How many are on each list: from the counters, and for days from a slice of the index. One question: each costs its way there and back. */
  private async counts(unitId: string, { rows, today }: Standpoint) {
    const slice = (due: 'overdue' | 'soon') => {
      const { since, until } = windowOf(due, today);
      return sql`(select count(*)::int from (
          select from ${rows.all('assignment')} a
          where "unitId" = ${unitId} and bucket is not null and "dueKey" >= ${since} and "dueKey" <= ${until} limit ${MANY}
        ) slice)`;
    };
    const { value, read } = talliesOf(rows, 'unit', unitId);
    const [row] = await rowsOf<{ tallies: unknown; overdue: number; soon: number }>(
      this.db,
      sql`select ${value} as tallies, ${slice('overdue')} as overdue, ${slice('soon')} as soon`,
    );
    const { tallies, ...days } = row!;
    const counted = read(tallies);
    const buckets = Object.fromEntries(BUCKETS.map((bucket) => [bucket, counted.get(bucket) ?? 0]));
    return { ...buckets, total: Object.values(buckets).reduce((sum, n) => sum + n, 0), ...days };
  }
}

function windowOf(due: 'overdue' | 'soon' | undefined, today: string) {
  if (due === 'overdue') return { since: '0001-01-01', until: addDays(today, -1) };
  if (due === 'soon') return { since: today, until: addDays(today, SOON_DAYS) };
  return { since: '0001-01-01', until: '9999-12-31' };
}
