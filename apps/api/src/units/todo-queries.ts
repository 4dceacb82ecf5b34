import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { addDays, todayIn } from '@app/calendar/days.js';
import type { Actor } from '@app/domain/actor.js';
import { readsEverything } from '@app/domain/permissions.js';
import { day } from '@app/domain/task.js';
import { type AssignmentRow, BUCKETS } from '@app/read-models/assignments.js';
import { Clock } from '@app/runtime/clock.js';
import { AssignmentQueries } from '../assignments/assignment-queries.js';
import { cut, page, startOf } from '../http/pages.js';
import { Problem } from '../http/problem.js';

const SOON_DAYS = 15;
/** More than this many are shown as "that many or more". */
const MANY = 1_000;

export const todoPage = z.strictObject({ ...page, bucket: z.enum(BUCKETS).optional(), due: z.enum(['overdue', 'soon']).optional() });

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
    private readonly clock: Clock,
    private readonly assignments: AssignmentQueries,
  ) {}

  async of(unitId: string, { limit, cursor, bucket, due }: z.infer<typeof todoPage>, by: Actor) {
    if (unitId !== by.unitId && !readsEverything(by)) throw new Problem(403, 'unit.not-yours');
    const [fromDue, fromId] = startOf(cursor, z.tuple([day, z.uuid()])) ?? [null, null];
    const { since, until } = this.window(due);
    const [rows, counts] = await Promise.all([
      this.db.query<TodoRow[]>(
        `select a.*, t.title as "taskTitle", t.path, left(t.text, 200) as text, g.title as "guidelineTitle", g.number as "guidelineNumber",
           g.settings->'yellowWithin' as "yellowWithin"
         from (
           select * from app.assignment
           where "unitId" = $1 and bucket is not null ${bucket ? 'and bucket = $7' : ''} and "dueKey" >= $5 and "dueKey" <= $6
             and ($2::date is null or ("dueKey", id) > ($2, $3::uuid))
           order by "dueKey", id limit $4
         ) a join app.task t on t.id = a."taskId" join app.guideline g on g.id = a."guidelineId"
         order by a."dueKey", a.id`,
        [unitId, fromDue, fromId, limit + 1, since, until, ...(bucket ? [bucket] : [])],
      ),
      this.counts(unitId),
    ]);
    const { rows: shown, next } = cut(rows, limit, ({ dueKey, id }) => [dueKey, id]);
    return { rows: shown.map((row) => this.assignments.shown(row, by)), next, counts };
  }

  /** How many are on each list: from the counters, and for days from a slice of the index. */
  private async counts(unitId: string) {
    const slice = (due: 'overdue' | 'soon') => {
      const { since, until } = this.window(due);
      return this.db.query<[{ n: number }]>(
        `select count(*)::int as n from (
           select from app.assignment where "unitId" = $1 and bucket is not null and "dueKey" >= $2 and "dueKey" <= $3 limit ${MANY}
         ) slice`,
        [unitId, since, until],
      );
    };
    const keys = BUCKETS.map((bucket) => `assignment:unit:${unitId}:${bucket}`);
    const [tallies, [overdue], [soon]] = await Promise.all([
      this.db.query<{ key: string; n: number }[]>('select key, n from app.tally where key = any($1)', [keys]),
      slice('overdue'),
      slice('soon'),
    ]);
    const of = new Map(tallies.map(({ key, n }) => [key, n]));
    const buckets = Object.fromEntries(BUCKETS.map((bucket, n) => [bucket, of.get(keys[n]!) ?? 0]));
    return { ...buckets, total: Object.values(buckets).reduce((sum, n) => sum + n, 0), overdue: overdue.n, soon: soon.n };
  }

  private window(due: 'overdue' | 'soon' | undefined) {
    const today = todayIn(this.clock.now());
    if (due === 'overdue') return { since: '0001-01-01', until: addDays(today, -1) };
    if (due === 'soon') return { since: today, until: addDays(today, SOON_DAYS) };
    return { since: '0001-01-01', until: '9999-12-31' };
  }
}
