import { Controller, type MessageEvent, Req, Sse } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { catchError, concatMap, EMPTY, interval, map, merge, type Observable } from 'rxjs';
import { DataSource } from 'typeorm';
import type { Actor } from '@app/domain/actor.js';
import { readsEverything } from '@app/domain/permissions.js';
import { ViewProgress } from '@app/read-models/progress.js';
import type { Notice } from '@app/read-models/runner.js';
import { type Signed, SignedInGuard } from './identity/signed-in.guard.js';

const HEARTBEAT_MS = 25_000;

/** Live updates: what changed that the reader may see, so that a page asks again. Carries ids, no content. */
@ApiTags('changes')
@Controller('changes')
export class ChangesController {
  constructor(
    private readonly progress: ViewProgress,
    private readonly db: DataSource,
    private readonly guard: SignedInGuard,
  ) {}

  /** `changed` events: `{ position, tasks, units, guidelines }`; `all: true` when there is more than one notice can name. */
  @Sse()
  changes(@Req() request: Signed): Observable<MessageEvent> {
    const heartbeat = interval(HEARTBEAT_MS).pipe(map(() => null));
    return merge(this.progress.notices, heartbeat).pipe(
      concatMap(async (notice) => {
        const { actor } = await this.guard.identify(request, 'still');
        return notice ? this.visible(notice, actor) : 'alive';
      }),
      concatMap((data) => {
        if (data === 'alive') return [{ type: 'alive', data: {} }];
        return data ? [{ type: 'changed', data, id: data.position }] : [];
      }),
      // Signed out, or the database is away: the stream ends, and the client asks again.
      catchError(() => EMPTY),
    );
  }

  private async visible({ position, touched }: Notice, by: Actor) {
    if (touched === null) return { position, all: true };
    const own = readsEverything(by) ? touched : await this.onesOwn(touched, by);
    if (own.length === 0) return null;
    const ids = (key: 'task' | 'unit' | 'guideline') => [...new Set(own.flatMap((about) => about[key] ?? []))];
    return { position, tasks: ids('task'), units: ids('unit'), guidelines: ids('guideline') };
  }

  /** A unit hears of itself and of the tasks it is on. */
  private async onesOwn(touched: NonNullable<Notice['touched']>, by: Actor) {
    const tasks = [...new Set(touched.flatMap(({ task }) => task ?? []))];
    const rows = await this.db.query<{ taskId: string }[]>(
      'select distinct "taskId" from app.assignment where "unitId" = $1 and "taskId" = any($2)',
      [by.unitId, tasks],
    );
    const mine = new Set(rows.map(({ taskId }) => taskId));
    return touched.filter(({ task, unit }) => (task !== undefined && mine.has(task)) || (unit !== undefined && unit === by.unitId));
  }
}
