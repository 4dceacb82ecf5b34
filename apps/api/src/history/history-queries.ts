import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { HistoryRow } from '@app/read-models/history.js';
import { cut, type Page, page, startOf } from '../http/pages.js';

export const historyPage = z.strictObject({
  ...page,
  limit: page.limit.default(50),
  order: z.enum(['oldest', 'newest']).default('oldest'),
});
export type HistoryPage = z.infer<typeof historyPage>;

/** What a history can be narrowed to. */
export type About = Readonly<Partial<Record<'taskId' | 'guidelineId' | 'unitId' | 'accountId' | 'type' | 'stream', string>>>;

/** Who did what, when, for which unit, and why: events, page by page. */
@Injectable()
export class HistoryQueries {
  constructor(private readonly db: DataSource) {}

  async page(about: About, { limit, cursor, order }: HistoryPage): Promise<Page<HistoryRow>> {
    const [after] = startOf(cursor, z.tuple([z.string()])) ?? [null];
    const wanted = Object.entries(about).filter(([, value]) => value !== undefined);
    const conditions = wanted.map(([column], n) => `"${column}" = $${n + 3}`);
    const [beyond, direction] = order === 'oldest' ? ['>', 'asc'] : ['<', 'desc'];
    const rows = await this.db.query<HistoryRow[]>(
      `select * from app.history where ($2::text is null or id ${beyond} $2) ${conditions.map((condition) => `and ${condition}`).join(' ')}
       order by id ${direction} limit $1`,
      [limit + 1, after, ...wanted.map(([, value]) => value)],
    );
    return cut(rows, limit, ({ id }) => [id]);
  }

  /** Streams have no index of their own; the task's narrows the search to a page. */
  ofStream(stream: string, { taskId }: { taskId: string }): Promise<HistoryRow[]> {
    return this.db.query('select * from app.history where "taskId" = $2 and stream = $1 order by id limit 1000', [stream, taskId]);
  }
}
