import { setTimeout as sleep } from 'node:timers/promises';
import { backoff, ignore } from './backoff.js';
import type { Line } from './eventstoredb-line.js';
import { newsRequest } from './eventstoredb-messages.js';
import { News } from './news.js';

const POLL_MS = 1_000;

/**
 * Hears by a subscription. Whatever becomes of it (the server drops slow ones, ends them without an error, or falls silent), somebody
 * who waits looks for themselves every second. Events come by reading and not by the subscription, so that a slow follower is neither
 * dropped nor overrun.
 */
export class EventStoreDBNews extends News {
  constructor(
    private readonly line: () => Promise<Line>,
    private readonly prefix: string,
  ) {
    super();
  }

  /** Settles when something is heard after `known`, when `signal` aborts, and in any case after a second. */
  after(known: number, signal: AbortSignal): Promise<void> {
    return this.wait(known, signal, (wake) => {
      const late = setTimeout(wake, POLL_MS);
      return () => clearTimeout(late);
    });
  }

  protected override async listen(signal: AbortSignal) {
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        const line = await this.line();
        await line.subscribe(newsRequest(this.prefix), signal, (reply) => {
          // The confirmation too: whatever was appended while nobody listened.
          if (!reply.hasEvent() && !reply.hasConfirmation()) return;
          failures = 0;
          this.ring();
        });
      } catch {
        // Nobody answers yet.
      }
      if (!signal.aborted) await sleep(backoff(failures), undefined, { signal }).catch(ignore);
    }
  }
}
