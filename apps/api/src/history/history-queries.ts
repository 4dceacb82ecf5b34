import { Injectable } from '@nestjs/common';
import sql, { raw } from 'sql-template-tag';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { HistoryRow } from '@app/read-models/history.js';
import { every, rowsOf } from '@app/read-models/sql.js';
import { asOf, type Dated, type Standpoint } from '../http/moments.js';
import { cut, type Page, page, startOf } from '../http/pages.js';

export const historyPage = z.strictObject({
  ...page,
  ...asOf,
  limit: page.limit.default(50),
  order: z.enum(['oldest', 'newest']).default('oldest'),
});
export type HistoryPage = z.infer<typeof historyPage>;

/** What a history can be narrowed to. Streams have no index of their own: name the task or the guideline with them. */
export type About = Readonly<Partial<Record<'taskId' | 'guidelineId' | 'unitId' | 'accountId' | 'type' | 'stream', string>>>;

/** Who did what, when, for which unit, and why: events, page by page. */
@Injectable()
export class HistoryQueries {
  constructor(private readonly db: DataSource) {}

  async page(about: About, { limit, cursor, order }: HistoryPage, { rows, asOf }: Standpoint): Promise<Dated<Page<HistoryRow>>> {
    const [after] = startOf(cursor, z.tuple([z.string()])) ?? [];
    const wanted = Object.entries(about).filter(([, value]) => value !== undefined);
    const [beyond, direction] = order === 'oldest' ? [raw('>'), raw('asc')] : [raw('<'), raw('desc')];
    const lines = await rowsOf<HistoryRow>(
      this.db,
      sql`select * from ${rows.history()} h
          where ${every(after !== undefined && sql`id ${beyond} ${after}`, ...wanted.map(([column, value]) => sql`${raw(`"${column}"`)} = ${value}`))}
          order by id ${direction} limit ${limit + 1}`,
    );
    return { ...cut(lines, limit, ({ id }) => [id]), asOf };
  }
}
