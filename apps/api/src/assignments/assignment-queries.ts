import { Injectable } from '@nestjs/common';
import sql, { raw } from 'sql-template-tag';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Actor } from '@app/domain/actor.js';
import { assignment } from '@app/domain/assignment.js';
import { can, Refused } from '@app/domain/decider.js';
import { lightOf } from '@app/domain/light.js';
import { readsEverything } from '@app/domain/permissions.js';
import { day } from '@app/domain/due.js';
import type { AssignmentRow } from '@app/read-models/assignments.js';
import type { Rows } from '@app/read-models/rows.js';
import { every, rowsOf } from '@app/read-models/sql.js';
import { Clock } from '@app/runtime/clock.js';
import { Moments, type Standpoint } from '../http/moments.js';
import { cut, startOf } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { lightsAmong, type Lit, sharesOf, showsOneOf, YELLOW_WITHIN } from './lights.js';
import { conditionsOf, type AssignmentPage } from './share-filters.js';

/** A row as a screen needs it: its light, and what the reader may do with it. */
export type Shown<Row> = Row & { light: ReturnType<typeof lightOf>; can: string[] };

type Listed = AssignmentRow & { unitName: string; taskTitle: string; yellowWithin: number };

@Injectable()
export class AssignmentQueries {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly moments: Moments,
  ) {}

  /** Shares of all tasks, the one that is due first first. A unit's people see their unit's. */
  async page({ asOf, limit, cursor, ...asked }: AssignmentPage, by: Actor) {
    if (!readsEverything(by) && (asked.unitId ?? by.unitId) !== by.unitId) throw new Problem(403, 'unit.not-yours');
    const from = await this.moments.standpoint(asOf);
    const start = startOf(cursor, z.tuple([day, z.uuid()]));
    const shares = sharesOf(from.rows, every(...conditionsOf(asked), readsEverything(by) ? null : sql`a."unitId" = ${by.unitId}`));
    const lit = (asked.light || asked.why) && showsOneOf((await lightsAmong(this.db, shares, from.today)).filter(matching(asked)));
    const rows = await rowsOf<Listed>(
      this.db,
      sql`select s.*, coalesce(u.name, '') as "unitName", t.title as "taskTitle", g.title as "guidelineTitle", g.number as "guidelineNumber"
          from (
            select s.* from (${shares}) s
            where ${every(lit, start && sql`(s."dueKey", s.id) > (${start[0]}, ${start[1]}::uuid)`)}
            order by s."dueKey", s.id limit ${limit + 1}
          ) s
          join app.guideline g on g.id = s."guidelineId"
          left join lateral ${from.rows.one('task', raw('s."taskId"'))} t on true
          left join lateral ${from.rows.one('unit', raw('s."unitId"'))} u on true
          order by s."dueKey", s.id`,
    );
    const page = cut(rows, limit, ({ dueKey, id }) => [dueKey, id]);
    return { rows: page.rows.map((row) => this.shown(row, by, from)), next: page.next, asOf: from.asOf };
  }

  async one(id: string, by: Actor, from: Standpoint) {
    const [row] = await rowsOf<Listed>(
      this.db,
      sql`select s.*, u.name as "unitName", t.title as "taskTitle" from (${sharesOf(from.rows, sql`a.id = ${id}`)}) s
          left join lateral ${from.rows.one('task', raw('s."taskId"'))} t on true
          left join lateral ${from.rows.one('unit', raw('s."unitId"'))} u on true`,
    );
    if (!row) throw new Refused('missing', 'assignment.unknown');
    if (row.unitId !== by.unitId) await this.mustSeeTask(row.taskId, by, from.rows);
    return { ...this.shown(row, by, from), asOf: from.asOf };
  }

  /** Adds the light and the acts that the same rules allow which will accept them; nobody acts in the past. */
  shown<Row extends AssignmentRow & { yellowWithin?: number | null }>(
    row: Row,
    by: Actor,
    { today, asOf }: Standpoint,
  ): Shown<Omit<Row, 'yellowWithin'>> {
    const { yellowWithin, ...rest } = row;
    return {
      ...rest,
      light: lightOf(row, today, yellowWithin ?? YELLOW_WITHIN),
      can: asOf ? [] : can(assignment, row, { by, at: this.clock.now(), task: row.taskStanding }),
    };
  }

  /** A unit sees the tasks it is on (in the past: was on), and other units' shares of those; nothing else. */
  async mustSeeTask(taskId: string, by: Actor, rows: Rows): Promise<void> {
    if (readsEverything(by)) return;
    const [on] = await rowsOf(
      this.db,
      sql`select from ${rows.all('assignment')} a where a."taskId" = ${taskId} and a."unitId" = ${by.unitId}`,
    );
    if (!on) throw new Problem(403, 'task.not-readable');
  }
}

const matching =
  ({ light, why }: Pick<AssignmentPage, 'light' | 'why'>) =>
  ({ light: shown }: Lit) =>
    (!light || light.includes(shown.colour)) && (!why || why.includes(shown.why));
