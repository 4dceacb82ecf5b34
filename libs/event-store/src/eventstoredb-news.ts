import { setTimeout as sleep } from 'node:timers/promises';
import { backoff, ignore } from './backoff.js';
import type { Line } from './eventstoredb-line.js';
import { newsRequest } from './eventstoredb-messages.js';

const POLL_MS = 1_000;

/**
 * Tells the followers of one adapter that the log has grown. A subscription wakes at once; whatever becomes of it (the server drops
 * slow ones, ends them without an error, or falls silent), somebody who waits looks for themselves every second. Events come by
 * pages and not by the subscription, so that a slow follower is neither dropped nor overrun.
 */
export class EventStoreDBNews {
  private count = 0;
  private readonly followers = new Set<() => void>();
  private listening: AbortController | null = null;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly line: () => Promise<Line>) {}

  /** Grows whenever the log may have grown. */
  get heard() {
    return this.count;
  }

  /** Listens until `signal` aborts or the follower leaves, whichever comes first. Answers how to leave. */
  join(signal: AbortSignal): () => void {
    const leave = () => {
      signal.removeEventListener('abort', leave);
      if (!this.followers.delete(leave) || this.followers.size > 0) return;
      this.listening?.abort();
      this.listening = null;
    };
    if (signal.aborted) return leave;
    signal.addEventListener('abort', leave);
    this.followers.add(leave);
    if (!this.listening) {
      this.listening = new AbortController();
      void this.listen(this.listening.signal);
    }
    return leave;
  }

  close() {
    for (const leave of this.followers) leave();
  }

  /** Settles when something is heard after `known`, when `signal` aborts, and in any case after a second. */
  async after(known: number, signal: AbortSignal): Promise<void> {
    if (this.count !== known || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(late);
        signal.removeEventListener('abort', wake);
        this.waiting.delete(wake);
        resolve();
      };
      const late = setTimeout(wake, POLL_MS);
      signal.addEventListener('abort', wake);
      this.waiting.add(wake);
    });
  }

  private async listen(signal: AbortSignal) {
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        const line = await this.line();
        await line.subscribe(newsRequest(), signal, (reply) => {
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

  private ring() {
    this.count++;
    for (const wake of this.waiting) wake();
  }
}
