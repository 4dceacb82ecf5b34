import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Language } from '@app/runtime/sentences.js';

/** What the server said instead of doing it: a problem with its sentence. */
export class Said extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(typeof body['title'] === 'string' ? body['title'] : code);
  }
}

const ASKS_AGAIN_FOR_MS = 30_000;

/** A person or program at the HTTP side: keeps its session, sends a key with every act. */
export class Client {
  private cookie: string | undefined;

  constructor(
    private readonly url: string,
    private readonly language: Language,
    private readonly token?: string,
  ) {}

  /** `after`: the position of a write that the answer must show. */
  get<T>(path: string, after?: string | null): Promise<T> {
    return this.send<T>('GET', path, undefined, after ? { 'duban-after': after } : {});
  }

  post<T>(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<T> {
    return this.send<T>('POST', path, body, headers);
  }

  put<T>(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<T> {
    return this.send<T>('PUT', path, body, headers);
  }

  /** Asks again, with the same key, while nobody knows whether it happened: whoever types a command has no key to repeat. */
  async send<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const keyed = method === 'GET' ? headers : { 'idempotency-key': randomUUID(), ...headers };
    for (const deadline = Date.now() + ASKS_AGAIN_FOR_MS; ; await pause(200))
      try {
        return await this.sendOnce<T>(method, path, body, keyed);
      } catch (error) {
        if (!(error instanceof Said) || error.code !== 'store.outcome-unknown' || Date.now() > deadline) throw error;
      }
  }

  private async sendOnce<T>(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<T> {
    const bytes = body instanceof Uint8Array;
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: {
        'accept-language': this.language,
        ...(body === undefined ? {} : { 'content-type': bytes ? 'application/octet-stream' : 'application/json' }),
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: bytes ? body : JSON.stringify(body) }),
    });
    const [cookie] = response.headers.getSetCookie();
    if (cookie) this.cookie = cookie.split(';')[0];
    const text = await response.text();
    const answer = (text ? JSON.parse(text) : undefined) as unknown;
    if (!response.ok)
      throw new Said(response.status, String((answer as { code?: string } | undefined)?.code), (answer ?? {}) as Record<string, unknown>);
    return answer as T;
  }
}
