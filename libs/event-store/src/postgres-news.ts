import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { backoff, ignore } from './backoff.js';
import { News } from './news.js';

const POLL_MS = 50;

/** Hears by notifications; asking for the head every 50 ms while somebody waits is what can be relied on. */
export class PostgresNews extends News {
  private polling = false;
  private readonly awaited = new Map<() => void, bigint>();

  constructor(
    private readonly connection: ClientConfig,
    private readonly head: () => Promise<bigint>,
  ) {
    super();
  }

  /** Settles when the head is beyond `after`, at once when something was heard since `known`, or when `signal` aborts. */
  beyond(after: bigint, known: number, signal: AbortSignal): Promise<void> {
    return this.wait(known, signal, (wake) => {
      this.awaited.set(wake, after);
      if (!this.polling) void this.poll();
      return () => this.awaited.delete(wake);
    });
  }

  private async poll() {
    this.polling = true;
    for (let failures = 0; this.awaited.size > 0;) {
      await sleep(failures === 0 ? POLL_MS : backoff(failures));
      if (this.awaited.size === 0) break;
      try {
        const head = await this.head();
        failures = 0;
        for (const [wake, after] of this.awaited) if (head > after) wake();
      } catch {
        failures++;
      }
    }
    this.polling = false;
  }

  protected override async listen(signal: AbortSignal) {
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
}
