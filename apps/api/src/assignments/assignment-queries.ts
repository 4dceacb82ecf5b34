import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { todayIn } from '@app/calendar/days.js';
import type { Actor } from '@app/domain/actor.js';
import { assignment } from '@app/domain/assignment.js';
import { can, Refused } from '@app/domain/decider.js';
import { lightOf } from '@app/domain/light.js';
import { readsEverything } from '@app/domain/permissions.js';
import { AssignmentRow } from '@app/read-models/assignments.js';
import { Clock } from '@app/runtime/clock.js';
import { Problem } from '../http/problem.js';

const YELLOW_WITHIN = 15;

/** A row as a screen needs it: its light, and what the reader may do with it. */
export type Shown<Row> = Row & { light: ReturnType<typeof lightOf>; can: string[] };

@Injectable()
export class AssignmentQueries {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  async one(id: string, by: Actor) {
    const [row] = await this.db.query<(AssignmentRow & { yellowWithin: number | null })[]>(
      `select a.*, u.name as "unitName", t.title as "taskTitle", g.settings->'yellowWithin' as "yellowWithin"
       from app.assignment a join app.task t on t.id = a."taskId" join app.guideline g on g.id = a."guidelineId"
       left join app.unit u on u.id = a."unitId" where a.id = $1`,
      [id],
    );
    if (!row) throw new Refused('missing', 'assignment.unknown');
    if (row.unitId !== by.unitId) await this.mustSeeTask(row.taskId, by);
    return this.shown(row, by);
  }

  /** Adds the light and the acts that the same rules allow which will accept them. */
  shown<Row extends AssignmentRow & { yellowWithin?: number | null }>(row: Row, by: Actor): Shown<Omit<Row, 'yellowWithin'>> {
    const at = this.clock.now();
    const { yellowWithin, ...rest } = row;
    return {
      ...rest,
      light: lightOf(row, todayIn(at), yellowWithin ?? YELLOW_WITHIN),
      can: can(assignment, row, { by, at, task: row.taskStanding }),
    };
  }

  /** A unit sees the tasks it is on, and other units' shares of those; nothing else. */
  async mustSeeTask(taskId: string, by: Actor): Promise<void> {
    if (readsEverything(by)) return;
    const [on] = await this.db.query<unknown[]>('select from app.assignment where "taskId" = $1 and "unitId" = $2', [taskId, by.unitId]);
    if (!on) throw new Problem(403, 'task.not-readable');
  }
}
