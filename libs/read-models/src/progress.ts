import { Client } from 'pg';
import { Observable, Subject } from 'rxjs';
import type { DataSource } from 'typeorm';
import type { Position } from '@app/event-store/event-store.js';
import { type Notice, NOTICES } from './apply.js';
import { OF_ANOTHER_STORE } from './checkpoint.js';
import { VIEWS } from './views.js';

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

  /**
   * Waits until every view that works (or all of them) has taken in `position`; false when that takes longer than `timeoutMs`. One of
   * another store is in every view that was built since.
   */
  async reached(position: Position, timeoutMs: number, which: 'working' | 'all' = 'working'): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (!(await this.isReached(position, which))) {
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await this.next(Math.min(left, POLL_MS));
    }
    return true;
  }

  /** The views that stand still before `position`, because an event stopped them: what they show is older. */
  async standingBefore(position: Position): Promise<string[]> {
    const rows = await this.db.query<{ view: string }[]>(
      `select view from app.checkpoint where (error is not null or version = ${OF_ANOTHER_STORE}) and position < $1 order by view`,
      [position],
    );
    return rows.map(({ view }) => view);
  }

  /** A view that shows nothing yet, because it is built for the first time, keeps nobody waiting. */
  private async isReached(position: Position, which: 'working' | 'all'): Promise<boolean> {
    const working = `error is null and not (position = '' and exists (select from app.build where view = c.view))`;
    const [{ behind }] = await this.db.query<[{ behind: boolean }]>(
      `select exists (select from app.checkpoint c where position < $1 and (position = '' or left(position, 3) = left($1, 3)) and ${which === 'all' ? 'true' : working}) as behind`,
      [position],
    );
    return !behind;
  }

  /** Whether tables are still of an older version than this process reads: a column may be missing until the new ones are built. */
  async isOlder(): Promise<boolean> {
    const [{ older }] = await this.db.query<[{ older: boolean }]>(
      `select exists (select from app.checkpoint join unnest($1::text[], $2::int[]) as known (view, version) using (view)
         where checkpoint.version < known.version) as older`,
      [VIEWS.map(({ name }) => name), VIEWS.map(({ version }) => version)],
    );
    return older;
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
