import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { backoff, ignore } from './backoff.js';

const POLL_MS = 50;

/**
 * Tells the followers of one adapter that the log has grown. A notification wakes at once; asking for the head every 50 ms while
 * somebody waits is what can be relied on. While nobody follows there is neither connection nor timer.
 */
export class News {
  private count = 0;
  private readonly followers = new Set<() => void>();
  private listening: AbortController | null = null;
  private polling = false;
  private readonly waiting = new Map<() => void, bigint>();

  constructor(
    private readonly connection: ClientConfig,
    private readonly head: () => Promise<bigint>,
  ) {}

  /** Grows with every notification. */
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

  /** Settles when the head is beyond `after`, at once when something was heard since `known`, or when `signal` aborts. */
  async beyond(after: bigint, known: number, signal: AbortSignal): Promise<void> {
    if (this.count !== known || signal.aborted) return;
    const { promise, resolve } = withResolver();
    this.waiting.set(resolve, after);
    signal.addEventListener('abort', resolve);
    if (!this.polling) void this.poll();
    await promise;
    signal.removeEventListener('abort', resolve);
    this.waiting.delete(resolve);
  }

  private async poll() {
    this.polling = true;
    for (let failures = 0; this.waiting.size > 0;) {
      await sleep(failures === 0 ? POLL_MS : backoff(failures));
      if (this.waiting.size === 0) break;
      try {
        const head = await this.head();
        failures = 0;
        for (const [wake, after] of this.waiting) if (head > after) wake();
      } catch {
        failures++;
      }
    }
    this.polling = false;
  }

  private async listen(signal: AbortSignal) {
    for (let failures = 0; !signal.aborted;) {
      const client = new Client(this.connection);
      const ended = new Promise<void>((resolve) => client.on('end', resolve).on('error', () => resolve()));
      const stop = () => void client.end().catch(ignore);
      signal.addEventListener('abort', stop);
      try {
        await client.connect();
        client.on('notification', () => this.ring());
        await client.query('listen events');
        failures = 0;
        // Whatever was committed while nobody listened.
        this.ring();
        await ended;
      } catch {
        failures++;
      } finally {
        signal.removeEventListener('abort', stop);
        stop();
      }
      if (!signal.aborted) await sleep(backoff(failures), undefined, { signal }).catch(ignore);
    }
  }

  private ring() {
    this.count++;
    for (const wake of this.waiting.keys()) wake();
  }
}

function withResolver() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
