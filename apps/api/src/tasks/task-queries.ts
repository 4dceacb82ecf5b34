import { Injectable } from '@nestjs/common';
import sql, { raw } from 'sql-template-tag';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Actor } from '@app/domain/actor.js';
import { can, Refused } from '@app/domain/decider.js';
import { datesToCheck } from '@app/domain/due.js';
import type { Source } from '@app/domain/guideline.js';
import { placeAt, withPlaces } from '@app/documents/places.js';
import { task, UNIT_ROLES, type UnitRole } from '@app/domain/task.js';
import type { AssignmentRow } from '@app/read-models/assignments.js';
import type { Rows } from '@app/read-models/rows.js';
import { every, rowsOf } from '@app/read-models/sql.js';
import { talliesOf } from '@app/read-models/tallies.js';
import type { TaskRow } from '@app/read-models/tasks.js';
import { Clock } from '@app/runtime/clock.js';
import { AssignmentQueries } from '../assignments/assignment-queries.js';
import { sharesOf } from '../assignments/lights.js';
import { asOf, Moments, type Standpoint } from '../http/moments.js';
import { cut, page, startOf } from '../http/pages.js';

export const sharePage = z.strictObject({
  ...page,
  ...asOf,
  limit: page.limit.default(100),
  role: z.enum(UNIT_ROLES).optional(),
  /** A collective's members; `none` for the units that the list names themselves. */
  via: z.union([z.uuid(), z.literal('none')]).optional(),
  acknowledged: z.enum(['true', 'false']).optional(),
});

/** How many of the units that one name of the list stands for have signed: 62 of 75. */
export type Acknowledged = Readonly<{ role: UnitRole; via: string | null; viaName: string | null; assigned: number; acknowledged: number }>;

/** One task and its shares. */
@Injectable()
export class TaskQueries {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly moments: Moments,
    private readonly assignments: AssignmentQueries,
  ) {}

  async one(id: string, by: Actor, asOf?: string) {
    const from = await this.moments.standpoint(asOf);
    const [row] = await rowsOf<TaskRow & Pick<Source, 'places'>>(
      this.db,
      sql`select t.*, g.title as "guidelineTitle", g.number as "guidelineNumber", coalesce(g.source->'places', '[]') as places
          from ${from.rows.all('task')} t join app.guideline g on g.id = t."guidelineId" where t.id = ${id}`,
    );
    if (!row) throw new Refused('missing', 'task.unknown');
    await this.assignments.mustSeeTask(id, by, from.rows);
    const { places, ...shown } = row;
    return {
      ...shown,
      place: placeAt(places, row.span[0]) ?? null,
      rules: withPlaces(row.rules, places),
      datesToCheck: datesToCheck(row),
      acknowledged: await this.acknowledged(id, from),
      can: from.asOf ? [] : can(task, row, { by, at: this.clock.now() }),
      asOf: from.asOf,
    };
  }

  /** From the counters: one line for each role, and for each collective in it. */
  private async acknowledged(taskId: string, { rows }: Standpoint): Promise<Acknowledged[]> {
    const lines = new Map<string, { role: UnitRole; via: string | null; assigned: number; acknowledged: number }>();
    const { value, read } = talliesOf(rows, 'task', taskId);
    const [row] = await rowsOf<{ tallies: unknown }>(this.db, sql`select ${value} as tallies`);
    for (const [key, n] of read(row!.tallies)) {
      const [role, via, what] = key.split(':') as [UnitRole, string, 'assigned' | 'acknowledged'];
      const line = lines.get(`${role}:${via}`) ?? { role, via: via || null, assigned: 0, acknowledged: 0 };
      lines.set(`${role}:${via}`, { ...line, [what]: n });
    }
    const names = await namesOf(
      this.db,
      rows,
      [...lines.values()].flatMap(({ via }) => via ?? []),
    );
    return [...lines.values()]
      .sort((a, b) => UNIT_ROLES.indexOf(a.role) - UNIT_ROLES.indexOf(b.role) || (a.via ?? '').localeCompare(b.via ?? ''))
      .map(({ via, ...line }) => ({ ...line, via, viaName: via && (names.get(via) ?? null) }));
  }

  /** The units' shares; those that have not signed come first. */
  async shares(taskId: string, { asOf, role, via, acknowledged, limit, cursor }: z.infer<typeof sharePage>, by: Actor) {
    const from = await this.moments.standpoint(asOf);
    await this.assignments.mustSeeTask(taskId, by, from.rows);
    const start = startOf(cursor, z.tuple([z.enum(['true', 'false']), z.string(), z.uuid()]));
    const asked = every(
      sql`a."taskId" = ${taskId} and a.status <> 'released'`,
      role && sql`a.role = ${role}`,
      via && sql`coalesce(a.via::text, 'none') = ${via}`,
      acknowledged && sql`(a."acknowledgedAt" is not null) = ${acknowledged}::bool`,
    );
    const rows = await rowsOf<AssignmentRow & { unitName: string; yellowWithin: number }>(
      this.db,
      sql`select * from (
            select s.*, coalesce(u.name, '') as "unitName", s."acknowledgedAt" is not null as signed
            from (${sharesOf(from.rows, asked)}) s left join lateral ${from.rows.one('unit', raw('s."unitId"'))} u on true
          ) shares
          where ${every(start && sql`(signed, "unitName", id) > (${start[0]}::bool, ${start[1]}, ${start[2]}::uuid)`)}
          order by signed, "unitName", id limit ${limit + 1}`,
    );
    const { rows: shown, next } = cut(rows, limit, (row) => [String(row.acknowledgedAt !== null), row.unitName, row.id]);
    return { rows: shown.map((row) => this.assignments.shown(row, by, from)), next, asOf: from.asOf };
  }

  /** Refuses whoever may not read of the task; a task that was not there yet is unknown. */
  async mustSee(id: string, by: Actor, rows: Rows): Promise<void> {
    const [known] = await rowsOf(this.db, sql`select from ${rows.all('task')} t where t.id = ${id}`);
    if (!known) throw new Refused('missing', 'task.unknown');
    await this.assignments.mustSeeTask(id, by, rows);
  }
}

/** What units are called. */
export async function namesOf(db: DataSource, rows: Rows, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const named = await rowsOf<{ id: string; name: string }>(
    db,
    sql`select u.id, u.name from unnest(${[...new Set(ids)]}::uuid[]) asked (id) cross join lateral ${rows.one('unit', raw('asked.id'))} u`,
  );
  return new Map(named.map(({ id, name }) => [id, name]));
}
