import { Injectable } from '@nestjs/common';
import { buffer, concatMap, connect, filter, type Observable, share, throttleTime } from 'rxjs';
import { DataSource } from 'typeorm';
import type { Actor } from '@app/domain/actor.js';
import { readsEverything } from '@app/domain/permissions.js';
import type { Notice, Touched } from '@app/read-models/apply.js';
import { ViewProgress } from '@app/read-models/progress.js';

/** What changed in a moment, and which units are on the tasks that did. `touched` is null when there is more than one message can name. */
export type Change = Notice & Readonly<{ unitsOn: ReadonlyMap<string, ReadonlySet<string>> }>;

/** The first change after a quiet time is told at once; where much happens, so often. */
const MOMENT_MS = 1_000;
const MOST = 500;

/** Gathers what the views took in, moment by moment, once for everybody who listens at this process: nobody costs a question of their own. */
@Injectable()
export class Changes {
  /** Fails for all when the database is away. */
  readonly heard: Observable<Change>;

  constructor(
    progress: ViewProgress,
    private readonly db: DataSource,
  ) {
    this.heard = progress.notices.pipe(
      connect((notices) => notices.pipe(buffer(notices.pipe(throttleTime(MOMENT_MS, undefined, { leading: true, trailing: true }))))),
      filter((notices) => notices.length > 0),
      concatMap((notices) => this.together(notices)),
      share(),
    );
  }

  private async together(notices: readonly Notice[]): Promise<Change> {
    const position = notices.reduce((last, notice) => (notice.position > last ? notice.position : last), '');
    const all = notices.every(({ touched }) => touched !== null) ? notices.flatMap(({ touched }) => touched!) : null;
    const touched = all && [...new Map(all.map((about) => [JSON.stringify(about), about])).values()];
    if (touched === null || touched.length > MOST) return { position, touched: null, unitsOn: new Map() };
    const tasks = [...new Set(touched.flatMap(({ task }) => task ?? []))];
    const rows =
      tasks.length === 0
        ? []
        : await this.db.query<{ taskId: string; units: string[] }[]>(
            'select "taskId", array_agg(distinct "unitId") as units from app.assignment where "taskId" = any($1) group by "taskId"',
            [tasks],
          );
    return { position, touched, unitsOn: new Map(rows.map(({ taskId, units }) => [taskId, new Set(units)])) };
  }
}

/** What of it the reader may see: a unit hears of itself and of the tasks it is on. Null: nothing. */
export function visible({ position, touched, unitsOn }: Change, by: Actor) {
  if (touched === null) return { position, all: true };
  const mine = ({ task, unit }: Touched) =>
    by.unitId !== null && ((task !== undefined && unitsOn.get(task)?.has(by.unitId)) || (unit !== undefined && unit === by.unitId));
  const own = readsEverything(by) ? touched : touched.filter(mine);
  if (own.length === 0) return null;
  const ids = (key: 'task' | 'unit' | 'guideline') => [...new Set(own.flatMap((about) => about[key] ?? []))];
  return { position, tasks: ids('task'), units: ids('unit'), guidelines: ids('guideline') };
}
