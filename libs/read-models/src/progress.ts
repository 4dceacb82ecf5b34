import { Client } from 'pg';
import { Observable, Subject } from 'rxjs';
import type { DataSource } from 'typeorm';
import type { Position } from '@app/event-store/event-store.js';
import { type Notice, NOTICES } from './runner.js';

const POLL_MS = 50;

/** Hears, in any process, how far the views are: for those who wait to read their own write, and for live updates. */
export class ViewProgress {
  private readonly heard = new Subject<Notice>();
  private client: Client | undefined;
  private closed = false;

  constructor(
    private readonly db: DataSource,
    private readonly url: string,
  ) {}

  /** What the views took in, from now on. Lost while the database is away. */
  get notices(): Observable<Notice> {
    return this.heard.asObservable();
  }

  /** Starts to listen, and goes on trying while the database is away. */
  listen(): void {
    if (this.closed) return;
    const client = new Client({ connectionString: this.url, application_name: 'duban views' });
    this.client = client;
    const again = () => {
      client.removeAllListeners();
      // An error that comes after the end has nobody left to tell.
      client.on('error', () => {});
      client.end().catch(() => {});
      if (!this.closed) setTimeout(() => this.listen(), 500).unref();
    };
    client.once('error', again).once('end', again);
    client.on('notification', ({ payload }) => this.heard.next(JSON.parse(payload!) as Notice));
    client
      .connect()
      .then(() => client.query(`listen ${NOTICES}`))
      .catch(again);
  }

  /** Waits until every view that works has taken in `position`; false when that takes longer than `timeoutMs`. */
  async reached(position: Position, timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    while (!(await this.isReached(position))) {
      const left = deadline - Date.now();
      if (left <= 0) return false;
      await this.next(Math.min(left, POLL_MS));
    }
    return true;
  }

  private async isReached(position: Position): Promise<boolean> {
    const [{ behind }] = await this.db.query<[{ behind: boolean }]>(
      `select exists (select from app.checkpoint where error is null and position < $1) or not exists (select from app.checkpoint) as behind`,
      [position],
    );
    return !behind;
  }

  /** The next notice, or `ms` later: a notice is only a hint. */
  private next(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      const subscription = this.heard.subscribe(done);
      function done() {
        clearTimeout(timer);
        subscription.unsubscribe();
        resolve();
      }
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.heard.complete();
    await this.client?.end().catch(() => {});
  }
}
