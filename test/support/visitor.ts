import { randomUUID } from 'node:crypto';
import type { Actor } from '@app/domain/actor.js';
import { PATIENCE_MS } from './eventually.js';

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

  /** Asks again, with the same key, as long as nobody knows whether it happened: a busy cluster may say so now and then. */
  async ask<Body = Problem>(method: string, path: string, wish: Wish = {}): Promise<Answer<Body>> {
    if (method === 'GET' || wish.headers?.['idempotency-key']) return this.askOnce(method, path, wish);
    const keyed = { ...wish, headers: { ...wish.headers, 'idempotency-key': randomUUID() } };
    for (const deadline = Date.now() + PATIENCE_MS; ;) {
      const answer = await this.askOnce<Body>(method, path, keyed);
      if ((answer.body as Problem | null)?.code !== 'store.outcome-unknown' || Date.now() > deadline) return answer;
    }
  }

  private async askOnce<Body>(method: string, path: string, { body, headers = {} }: Wish): Promise<Answer<Body>> {
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
