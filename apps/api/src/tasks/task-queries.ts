import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Actor } from '@app/domain/actor.js';
import { can, Refused } from '@app/domain/decider.js';
import { readsEverything } from '@app/domain/permissions.js';
import { day, task, TASK_STANDINGS, UNIT_ROLES, type UnitRole } from '@app/domain/task.js';
import type { AssignmentRow } from '@app/read-models/assignments.js';
import type { TaskRow } from '@app/read-models/tasks.js';
import { Clock } from '@app/runtime/clock.js';
import { AssignmentQueries } from '../assignments/assignment-queries.js';
import { cut, page, startOf } from '../http/pages.js';

export const taskPage = z.strictObject({ ...page, guidelineId: z.uuid().optional(), standing: z.enum(TASK_STANDINGS).optional() });
export const sharePage = z.strictObject({
  ...page,
  limit: page.limit.default(100),
  role: z.enum(UNIT_ROLES).optional(),
  /** A collective's members; `none` for the units that the list names themselves. */
  via: z.union([z.uuid(), z.literal('none')]).optional(),
  acknowledged: z.enum(['true', 'false']).optional(),
});

/** How many of the units that one name of the list stands for have signed: 62 of 75. */
export type Acknowledged = Readonly<{ role: UnitRole; via: string | null; viaName: string | null; assigned: number; acknowledged: number }>;

@Injectable()
export class TaskQueries {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly assignments: AssignmentQueries,
  ) {}

  async page({ guidelineId, standing, limit, cursor }: z.infer<typeof taskPage>, by: Actor) {
    const [fromDue, fromId] = startOf(cursor, z.tuple([day, z.uuid()])) ?? [null, null];
    const rows = await this.db.query<TaskRow[]>(
      `select t.id, t."guidelineId", t.list, t.path, t.title, t.standing, t."dueOn", t."dueKey", t.outcome, t."openedAt", t.revision,
         g.title as "guidelineTitle", g.number as "guidelineNumber"
       from app.task t join app.guideline g on g.id = t."guidelineId"
       where ($1::uuid is null or t."guidelineId" = $1) and ($2::text is null or t.standing = $2)
         and ($3::date is null or (t."dueKey", t.id) > ($3, $4::uuid))
         ${readsEverything(by) ? '' : 'and exists (select from app.assignment a where a."taskId" = t.id and a."unitId" = $6)'}
       order by t."dueKey", t.id limit $5`,
      [guidelineId, standing, fromDue, fromId, limit + 1, ...(readsEverything(by) ? [] : [by.unitId])],
    );
    return cut(rows, limit, ({ dueKey, id }) => [dueKey, id]);
  }

  async one(id: string, by: Actor) {
    const [row] = await this.db.query<TaskRow[]>(
      `select t.*, g.title as "guidelineTitle", g.number as "guidelineNumber" from app.task t join app.guideline g on g.id = t."guidelineId" where t.id = $1`,
      [id],
    );
    if (!row) throw new Refused('missing', 'task.unknown');
    await this.assignments.mustSeeTask(id, by);
    return { ...row, acknowledged: await this.acknowledged(id), can: can(task, row, { by, at: this.clock.now() }) };
  }

  /** From the counters: one line for each role, and for each collective in it. */
  private async acknowledged(taskId: string): Promise<Acknowledged[]> {
    const prefix = `assignment:task:${taskId}:`;
    const tallies = await this.db.query<{ key: string; n: number }[]>('select key, n from app.tally where starts_with(key, $1) and n > 0', [
      prefix,
    ]);
    const lines = new Map<string, { role: UnitRole; via: string | null; assigned: number; acknowledged: number }>();
    for (const { key, n } of tallies) {
      const [role, via, what] = key.slice(prefix.length).split(':') as [UnitRole, string, 'assigned' | 'acknowledged'];
      const line = lines.get(`${role}:${via}`) ?? { role, via: via || null, assigned: 0, acknowledged: 0 };
      lines.set(`${role}:${via}`, { ...line, [what]: n });
    }
    const names = await this.namesOf([...lines.values()].flatMap(({ via }) => via ?? []));
    return [...lines.values()]
      .sort((a, b) => UNIT_ROLES.indexOf(a.role) - UNIT_ROLES.indexOf(b.role) || (a.via ?? '').localeCompare(b.via ?? ''))
      .map(({ via, ...line }) => ({ ...line, via, viaName: via && (names.get(via) ?? null) }));
  }

  private async namesOf(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.db.query<{ id: string; name: string }[]>('select id, name from app.unit where id = any($1)', [ids]);
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  /** The units' shares; those that have not signed come first. */
  async shares(taskId: string, { role, via, acknowledged, limit, cursor }: z.infer<typeof sharePage>, by: Actor) {
    await this.assignments.mustSeeTask(taskId, by);
    const [signed, name, id] = startOf(cursor, z.tuple([z.enum(['true', 'false']), z.string(), z.uuid()])) ?? [null, null, null];
    const rows = await this.db.query<(AssignmentRow & { unitName: string; yellowWithin: number | null })[]>(
      `select * from (
         select a.*, coalesce(u.name, '') as "unitName", g.settings->'yellowWithin' as "yellowWithin", a."acknowledgedAt" is not null as signed
         from app.assignment a left join app.unit u on u.id = a."unitId" join app.guideline g on g.id = a."guidelineId"
         where a."taskId" = $1 and a.status <> 'released' and ($2::text is null or a.role = $2)
           and ($3::text is null or coalesce(a.via::text, 'none') = $3) and ($4::bool is null or (a."acknowledgedAt" is not null) = $4)
       ) shares
       where $5::bool is null or (signed, "unitName", id) > ($5, $6, $7::uuid)
       order by signed, "unitName", id limit $8`,
      [taskId, role, via, acknowledged, signed, name, id, limit + 1],
    );
    const { rows: shown, next } = cut(rows, limit, (row) => [String(row.acknowledgedAt !== null), row.unitName, row.id]);
    return { rows: shown.map((row) => this.assignments.shown(row, by)), next };
  }
}
