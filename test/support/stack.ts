import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { instantAt } from '@app/calendar/days.js';
import { PlatformModule } from '@app/commands/platform.module.js';
import type { Actor } from '@app/domain/actor.js';
import { EventStore, type Recorded } from '@app/event-store/event-store.js';
import { ViewProgress } from '@app/read-models/progress.js';
import { MovableClock } from '@app/runtime/clock.js';
import { logTo } from '@app/runtime/log.js';
import { ApiModule } from '../../apps/api/src/api.module.js';
import { serve, together } from '../../apps/api/src/serve.js';
import { ADMINISTRATORS, DEMO_ACCOUNTS, GUIDELINE_FILE, loadPeople } from '../../apps/cli/src/demonstration.js';
import { WorkerModule } from '../../apps/worker/src/worker.module.js';
import { createDatabase, type TestDatabase } from './database.js';

export const PASSWORD = 'a-password-of-the-specs';

export type Done = { id: string; revision: number; position: string };
export type Problem = { code: string; title: string; status: number; traceId: string; [detail: string]: unknown };
export type Share = {
  id: string;
  taskId: string;
  unitId: string;
  unitName: string;
  role: string;
  status: string;
  via: string | null;
  dueKey: string;
  bucket: string;
  revision: number;
  acknowledgedAt: string | null;
  can: string[];
};
export type Page<Row> = { rows: Row[]; next: string | null };
export type Change = { position: string; all?: true; tasks: string[]; units: string[]; guidelines: string[] };
export type Answer<Body> = Readonly<{ status: number; headers: Headers; body: Body }>;
type Wish = Readonly<{ body?: unknown; headers?: Readonly<Record<string, string>> }>;

/** Whoever talks HTTP to the product: nobody at first, a person after signing in. Answers are handed on, refusals too. */
export class Visitor {
  cookie: string | undefined;
  unitId = '';
  accountId = '';

  constructor(private readonly url: () => string) {}

  async ask<Body = Problem>(method: string, path: string, { body, headers = {} }: Wish = {}): Promise<Answer<Body>> {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${this.url()}${path.startsWith('/') ? '/api' : ''}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': body instanceof Uint8Array ? 'application/octet-stream' : 'application/json' }),
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') && text !== '';
    return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as Body };
  }

  get = <Body = Problem>(path: string, headers?: Wish['headers']) => this.ask<Body>('GET', path, { headers });
  post = <Body = Problem>(path: string, body: unknown = {}, headers?: Wish['headers']) => this.ask<Body>('POST', path, { body, headers });
  put = <Body = Problem>(path: string, body: unknown = {}, headers?: Wish['headers']) => this.ask<Body>('PUT', path, { body, headers });

  /** The same, where anything but success is a mistake of the spec. */
  async must<Body>(asked: Promise<Answer<Body>>): Promise<Body> {
    const { status, body } = await asked;
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Listens to what changes; `heard` grows as it comes. */
  async listen(): Promise<{ heard: Change[]; ended: Promise<void>; leave(): void }> {
    const leaving = new AbortController();
    const response = await fetch(`${this.url()}/api/changes`, { headers: { cookie: this.cookie ?? '' }, signal: leaving.signal });
    if (response.status !== 200) throw new Error(`no changes: ${response.status} ${await response.text()}`);
    const heard: Change[] = [];
    const read = async () => {
      let text = '';
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        const messages = (text + chunk).split('\n\n');
        text = messages.pop()!;
        for (const message of messages) {
          const data = /^data: (.*)$/m.exec(message)?.[1];
          if (/^event: changed$/m.test(message) && data) heard.push(JSON.parse(data) as Change);
        }
      }
    };
    return { heard, ended: read().catch(() => {}), leave: () => leaving.abort() };
  }

  async signIn(login: string, password = PASSWORD): Promise<this> {
    const { status, headers, body } = await this.ask<Actor>('POST', '/session', { body: { login, password } });
    if (status !== 200) throw new Error(`${login} cannot sign in: ${status} ${JSON.stringify(body)}`);
    this.cookie = headers.getSetCookie()[0]!.split(';')[0];
    [this.unitId, this.accountId] = [body.unitId!, body.accountId];
    return this;
  }
}

/** The whole product in this process, on a database of its own, with the people and units of the demonstration. */
export class Stack {
  readonly clock = new MovableClock();
  private app!: NestFastifyApplication;
  private address = '';

  private constructor(private readonly database: TestDatabase) {}

  static async start(now = instantAt('2026-11-23', '08:30')): Promise<Stack> {
    const stack = new Stack(await createDatabase());
    stack.clock.moveTo(now);
    await stack.open(async (app) => void (await loadPeople(app, [...DEMO_ACCOUNTS, ...ADMINISTRATORS], PASSWORD)));
    await stack.settled();
    return stack;
  }

  private async open(before: (app: NestFastifyApplication) => Promise<void>) {
    const place = { databaseUrl: this.database.url, clock: this.clock, sweepEveryMs: 500 };
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

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }

  get url() {
    return this.address;
  }
  get store(): EventStore {
    return this.app.get(EventStore);
  }
  get db(): DataSource {
    return this.app.get(DataSource);
  }
  /** Route patterns as the router has them, for a matrix that may not forget one. */
  get document() {
    return new Visitor(() => this.address).get<{ paths: Record<string, Record<string, unknown>> }>('/docs.json');
  }

  visitor = () => new Visitor(() => this.address);
  person = (login: string) => this.visitor().signIn(login);

  /** Waits until the views show all that was recorded so far. */
  async settled(): Promise<void> {
    const head = await this.store.head();
    if (head && !(await this.app.get(ViewProgress).reached(head, 15_000))) throw new Error('the views are behind');
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
    await eventually(async () => {
      const { handedOut, assignments } = await by.must(
        by.get<{ handedOut: { assignments: number }; assignments: number }>(`/guidelines/${id}`, { 'duban-after': position }),
      );
      return handedOut.assignments === assignments;
    }, 'every share handed out');
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
      next = page.next;
    }
    return rows;
  }
}

/** Polls until it is true; fails after `withinMs`. */
export async function eventually<T>(look: () => Promise<T | false | undefined | null>, what: string, withinMs = 15_000): Promise<T> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await wait(25)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`not within ${withinMs} ms: ${what}`);
}
