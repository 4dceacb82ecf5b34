import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { instantAt } from '@app/calendar/days.js';
import { PlatformModule } from '@app/commands/platform.module.js';
import { EventStore, type Recorded } from '@app/event-store/event-store.js';
import { PostgresEventStore } from '@app/event-store/postgres.js';
import { databaseOptions, openMigrated } from '@app/read-models/database.js';
import { ENTITIES } from '@app/read-models/entities.js';
import { ViewProgress } from '@app/read-models/progress.js';
import { MovableClock } from '@app/runtime/clock.js';
import { logTo } from '@app/runtime/log.js';
import { ApiModule } from '../../apps/api/src/api.module.js';
import { serve, together } from '../../apps/api/src/serve.js';
import type { Corner } from '../../apps/cli/src/corner.js';
import { ADMINISTRATORS, DEMO_ACCOUNTS, GUIDELINE_FILE, loadPeople } from '../../apps/cli/src/demonstration.js';
import { WorkerModule } from '../../apps/worker/src/worker.module.js';
import { createDatabase, type TestDatabase } from './database.js';
import { aCorner } from './elsewhere.js';
import { eventually, PATIENCE_MS } from './eventually.js';
import { type Answer, type Done, type Page, PASSWORD, type Problem, Visitor } from './visitor.js';

/** The whole product in this process, on a database and a corner of its own, with the people and units of the demonstration. */
export class Stack {
  readonly clock = new MovableClock();
  private app!: NestFastifyApplication;
  private address = '';

  private constructor(
    private readonly database: TestDatabase,
    private corner: Corner,
  ) {}

  /** `log` is what was recorded before anything else, elsewhere; `corner` is where events and jobs are. */
  static async start(now = instantAt('2026-11-23', '08:30'), log: readonly Recorded[] = [], corner = aCorner): Promise<Stack> {
    const stack = new Stack(await createDatabase(), await corner());
    stack.clock.moveTo(now);
    if (log.length > 0) await stack.restore(log);
    await stack.open(async (app) => void (await loadPeople(app, [...DEMO_ACCOUNTS, ...ADMINISTRATORS], PASSWORD)));
    await stack.settled();
    return stack;
  }

  /** Before anybody follows: what is done about an event comes after all of the log. */
  private async restore(log: readonly Recorded[]) {
    const db = await openMigrated({ ...databaseOptions(this.database.url), entities: ENTITIES });
    const store = new PostgresEventStore(this.database.url);
    for (const { stream, revision, id, type, data, by, at, commandId } of log)
      await store.append(stream, [{ id, type, data }], revision - 1n, { by, at, commandId });
    await store.close();
    await db.destroy();
  }

  private async open(before: (app: NestFastifyApplication) => Promise<void>) {
    const { eventStoreUrl, queueUrl } = this.corner;
    const place = { databaseUrl: this.database.url, eventStoreUrl, queueUrl, clock: this.clock, sweepEveryMs: 500 };
    this.app = await serve(together(PlatformModule.at(place), ApiModule, WorkerModule), logTo('fatal'));
    await this.app.init();
    await before(this.app);
    await this.app.listen(0, '127.0.0.1');
    this.address = await this.app.getUrl();
  }

  /** As a restart of the process: nothing that was only in memory is left. */
  async restart(): Promise<void> {
    await this.app.close();
    await this.open(async () => {});
  }

  /** The same database, and another store of the events. `move` happens while nothing runs. */
  async moveTo(eventStoreUrl: string | undefined, move: (from: string, to: string) => Promise<unknown>): Promise<void> {
    const { databaseUrl } = this;
    await this.app.close();
    await move(this.corner.eventStoreUrl ?? databaseUrl, eventStoreUrl ?? databaseUrl);
    this.corner = { ...this.corner, eventStoreUrl };
    await this.open(async () => {});
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.corner.leave();
    await this.database.drop();
  }

  get url() {
    return this.address;
  }
  get databaseUrl() {
    return this.database.url;
  }
  get store(): EventStore {
    return this.app.get(EventStore);
  }
  get db(): DataSource {
    return this.app.get(DataSource);
  }
  /** `METHOD /pattern` of everything that the router knows, HEAD beside its GET left out. */
  get routes(): string[] {
    const routes: string[] = [];
    const path: string[] = [];
    for (const line of this.app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false }).split('\n')) {
      const [, indent = '', part, methods] = /^([^─]*)── (\S+)(?: \(([A-Z, ]+)\))?/.exec(line) ?? [];
      if (part === undefined) continue;
      path.splice(Math.floor(indent.length / 4), Infinity, part);
      for (const method of methods?.split(', ') ?? []) if (method !== 'HEAD') routes.push(`${method} ${path.join('')}`);
    }
    return routes;
  }
  get document() {
    return new Visitor(() => this.address).get<{ paths: Record<string, Record<string, unknown>> }>('/docs.json');
  }

  visitor = () => new Visitor(() => this.address);
  person = (login: string) => this.visitor().signIn(login);

  /** Waits until the views show all that was recorded so far. */
  async settled(): Promise<void> {
    const head = await this.store.head();
    if (head && !(await this.app.get(ViewProgress).reached(head, PATIENCE_MS))) throw new Error('the views are behind');
  }

  /** Every event there is, oldest first. */
  events(): Promise<Recorded[]> {
    return this.store.readAll(null, 100_000);
  }

  /** What was recorded while `act` ran, besides reminders, which come by themselves. */
  async recordedBy<T>(act: () => Promise<T>): Promise<{ answer: T; events: Recorded[] }> {
    const before = await this.store.head();
    const answer = await act();
    const events = await this.store.readAll(before, 100_000);
    return { answer, events: events.filter(({ type }) => type !== 'ReminderSent') };
  }

  import(by: Visitor, file: Uint8Array | string, name = 'guideline.txt'): Promise<Answer<Done & Problem>> {
    return by.ask('POST', `/guidelines?name=${encodeURIComponent(name)}`, { body: Buffer.from(file) });
  }

  /** The demonstration's guideline, imported and issued, with every share handed out. */
  async issueGuideline(by: Visitor): Promise<string> {
    const { id } = await by.must(this.import(by, await readFile(GUIDELINE_FILE), `${randomUUID()}.txt`));
    await this.issue(by, id);
    return id;
  }

  /** Issues a guideline and waits for its shares. */
  async issue(by: Visitor, id: string): Promise<void> {
    const { position } = await by.must(by.post<Done>(`/guidelines/${id}/issue`));
    await eventually(
      async () => {
        const { handedOut, assignments } = await by.must(
          by.get<{ handedOut: { assignments: number }; assignments: number }>(`/guidelines/${id}`, { 'duban-after': position }),
        );
        return handedOut.assignments === assignments;
      },
      'every share handed out',
      PATIENCE_MS,
    );
    await this.settled();
  }

  /** Rows of a list, all pages of it. */
  async all<Row>(by: Visitor, path: string, limit = 200): Promise<Row[]> {
    const rows: Row[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: Page<Row> = await by.must(
        by.get<Page<Row>>(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${next ? `&cursor=${next}` : ''}`),
      );
      rows.push(...page.rows);
      if (page.next !== null && page.next === next) throw new Error(`${path} has no end`);
      next = page.next;
    }
    return rows;
  }
}
