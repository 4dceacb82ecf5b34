import { Injectable } from '@nestjs/common';
import sql from 'sql-template-tag';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Actor } from '@app/domain/actor.js';
import type { AssignmentStatus } from '@app/domain/assignment-rules.js';
import { type Colour, COLOURS, lightOf, type Watched, worst } from '@app/domain/light.js';
import { readsEverything } from '@app/domain/permissions.js';
import { day } from '@app/domain/due.js';
import { TASK_STANDINGS, UNIT_ROLES, type UnitRole } from '@app/domain/task.js';
import { every, rowsOf } from '@app/read-models/sql.js';
import type { TaskRow } from '@app/read-models/tasks.js';
import { lightsAmong, sharesOf, showsOneOf } from '../assignments/lights.js';
import { anyOf } from '../assignments/share-filters.js';
import { asOf, Moments, type Standpoint } from '../http/moments.js';
import { cut, page, startOf } from '../http/pages.js';
import { namesOf } from './task-queries.js';

export const taskPage = z.strictObject({
  ...page,
  ...asOf,
  guidelineId: z.uuid().optional(),
  unitId: z.uuid().optional().describe('tasks of which this unit has a share'),
  standing: z.enum(TASK_STANDINGS).optional(),
  light: anyOf(COLOURS).optional(),
});

export type Lights = Readonly<Record<Colour, number>>;

/** What became of one name of the list: of the unit's share, or of the shares of all the units that a collective stands for. */
export type Named = Readonly<{
  role: UnitRole;
  unitId: string;
  unitName: string;
  shares: number;
  acknowledged: number;
  light: Colour;
  lights: Lights;
  /** Of a unit that the list names itself; null for a collective. */
  status: AssignmentStatus | null;
  reportedAt: Date | null;
  done: string | null;
}>;

type LedgerRow = Pick<TaskRow, 'id' | 'title' | 'path' | 'standing' | 'dueOn' | 'dueKey'> & { named: string[] };
/** Shares of one name on which the rule of lights sees no difference. */
type Alike = Watched & { yellowWithin: number; taskId: string; role: UnitRole; unitId: string; single: boolean } & {
  shares: number;
  acknowledged: number;
  reportedAt: Date | null;
  done: string | null;
};

/** The ledger: all tasks with their units, dates, progress and lights; the one that is due first first. */
@Injectable()
export class LedgerQueries {
  constructor(
    private readonly db: DataSource,
    private readonly moments: Moments,
  ) {}

  /** A unit's people see the tasks their unit is on. */
  async page({ asOf, guidelineId, unitId, standing, light, limit, cursor }: z.infer<typeof taskPage>, by: Actor) {
    const from = await this.moments.standpoint(asOf);
    const start = startOf(cursor, z.tuple([day, z.uuid()]));
    const on = (unit: string | null) =>
      sql`exists (select from ${from.rows.all('assignment')} a where a."taskId" = t.id and a."unitId" = ${unit})`;
    const rows = await rowsOf<LedgerRow>(
      this.db,
      sql`select t.id, t."guidelineId", t.list, t.path, t.title, t.standing, t."standingReason", t.due, t."dueOn", t."dueKey", t.outcome,
            t.instructions, t."instructedAt", t.comments, t."openedAt", t.revision,
            jsonb_path_query_array(t.assignees, '$[*].unitId') as named, g.title as "guidelineTitle", g.number as "guidelineNumber"
          from ${from.rows.all('task')} t join app.guideline g on g.id = t."guidelineId"
          where ${every(
            guidelineId && sql`t."guidelineId" = ${guidelineId}`,
            standing && sql`t.standing = ${standing}`,
            start && sql`(t."dueKey", t.id) > (${start[0]}, ${start[1]}::uuid)`,
            unitId && on(unitId),
            readsEverything(by) ? null : on(by.unitId),
            light && (await this.shows(light, from)),
          )}
          order by t."dueKey", t.id limit ${limit + 1}`,
    );
    const page = cut(rows, limit, ({ dueKey, id }) => [dueKey, id]);
    const ofTask = await this.namesOn(page.rows, from);
    const shown = page.rows.map(({ named, ...row }) => {
      const units = inOrder(ofTask.get(row.id) ?? [], named);
      return { ...row, light: worst(units.map(({ light }) => light)), lights: sum(units.map(({ lights }) => lights)), units };
    });
    return { rows: shown, next: page.next, asOf: from.asOf };
  }

  private async shows(colours: readonly Colour[], { rows, today }: Standpoint) {
    const shares = sharesOf(rows, sql`a.status <> 'released'`);
    const lights = (await lightsAmong(this.db, shares, today)).filter(({ light }) => colours.includes(light.colour));
    return sql`t.id in (select s."taskId" from (${shares}) s where ${showsOneOf(lights)})`;
  }

  /** The names on each task's list, and what became of them. */
  private async namesOn(tasks: readonly LedgerRow[], { rows, today }: Standpoint): Promise<Map<string, Named[]>> {
    const ids = tasks.map(({ id }) => id);
    const groups = await rowsOf<Alike>(
      this.db,
      sql`select "taskId", role, coalesce(via, "unitId") as "unitId", via is null as single, status, "taskStanding", "dueOn", "acknowledgeBy",
            "yellowWithin", count(*)::int as shares, count("acknowledgedAt")::int as acknowledged, max("reportedAt") as "reportedAt",
            max(left("lastReport"->>'done', 200)) as done
          from (
            ${sharesOf(rows, sql`a.status <> 'released'`, sql`join unnest(${ids}::uuid[]) asked (id) on asked.id = a."taskId"`)}
          ) s group by 1, 2, 3, 4, 5, 6, 7, 8, 9`,
    );
    const names = await namesOf(
      this.db,
      rows,
      groups.map(({ unitId }) => unitId),
    );
    const become = (alike: readonly Alike[]) =>
      [...grouped(alike, ({ role, unitId }) => `${role} ${unitId}`).values()].map((one) => together(one, names, today));
    return new Map([...grouped(groups, ({ taskId }) => taskId)].map(([id, alike]) => [id, become(alike)]));
  }
}

/** Leads before those who support, else as the list has them. */
const inOrder = (units: readonly Named[], list: readonly string[]) =>
  units.toSorted((a, b) => UNIT_ROLES.indexOf(a.role) - UNIT_ROLES.indexOf(b.role) || list.indexOf(a.unitId) - list.indexOf(b.unitId));

function grouped<One>(all: readonly One[], key: (one: One) => string): Map<string, One[]> {
  const groups = new Map<string, One[]>();
  for (const one of all) {
    const group = groups.get(key(one));
    if (group) group.push(one);
    else groups.set(key(one), [one]);
  }
  return groups;
}

function together(alike: readonly Alike[], names: Map<string, string>, today: string): Named {
  const [{ role, unitId, single, status, reportedAt, done }] = alike as [Alike];
  const lights = sum(alike.map((one) => ({ ...DARK, [lightOf(one, today, one.yellowWithin).colour]: one.shares })));
  return {
    role,
    unitId,
    unitName: names.get(unitId) ?? '',
    shares: alike.reduce((n, { shares }) => n + shares, 0),
    acknowledged: alike.reduce((n, { acknowledged }) => n + acknowledged, 0),
    light: worst(COLOURS.filter((colour) => lights[colour] > 0)),
    lights,
    ...(single ? { status, reportedAt, done } : { status: null, reportedAt: null, done: null }),
  };
}

const DARK: Lights = { red: 0, yellow: 0, green: 0, grey: 0 };
const sum = (all: readonly Lights[]): Lights =>
  all.reduce(
    (total, lights) => Object.fromEntries(COLOURS.map((colour) => [colour, total[colour] + lights[colour]])) as Record<Colour, number>,
    DARK,
  );
