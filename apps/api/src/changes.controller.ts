import { Controller, type MessageEvent, Req, Sse } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { catchError, concatMap, EMPTY, interval, map, merge, type Observable, takeUntil } from 'rxjs';
import { Changes, visible } from './changes.js';
import { Drain } from './http/drain.js';
import { type Signed, SignedInGuard } from './identity/signed-in.guard.js';

const HEARTBEAT_MS = 25_000;
/** So long nobody is asked for again: a notice carries ids, and whoever follows one has to sign in. */
const KNOWN_MS = 5_000;

/** Live updates: what changed that the reader may see, so that a page asks again. Carries ids, no content. */
@ApiTags('changes')
@Controller('changes')
export class ChangesController {
  constructor(
    private readonly everything: Changes,
    private readonly guard: SignedInGuard,
    private readonly drain: Drain,
  ) {}

  /** `changed` events: `{ position, tasks, units, guidelines }`; `all: true` when there is more than one notice can name. */
  @Sse()
  changes(@Req() request: Signed): Observable<MessageEvent> {
    let [by, since] = [request.actor!, performance.now()];
    const heartbeat = interval(HEARTBEAT_MS).pipe(map(() => null));
    return merge(this.everything.heard, heartbeat).pipe(
      concatMap(async (change) => {
        if (change && !visible(change, by)) return null;
        if (performance.now() - since > KNOWN_MS) [by, since] = [(await this.guard.identify(request, 'still')).actor, performance.now()];
        return change ? visible(change, by) : 'alive';
      }),
      concatMap((data) => {
        if (data === 'alive') return [{ type: 'alive', data: {} }];
        return data ? [{ type: 'changed', data, id: data.position }] : [];
      }),
      takeUntil(this.drain.begins),
      // Signed out, or the database is away: the stream ends, and the client asks again.
      catchError(() => EMPTY),
    );
  }
}
