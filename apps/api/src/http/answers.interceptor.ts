import { createHash, scryptSync } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, map, type Observable, of, switchMap } from 'rxjs';
import { DataSource } from 'typeorm';
import { Clock } from '@app/runtime/clock.js';
import { callerOf, idempotencyKey } from './asking.js';
import { Problem } from './problem.js';

type Kept = { request: string; status: number | null; body: unknown };

const SECRET = 'secret';
/** Routes whose request or answer holds a password or a token: neither may be found, or guessed at speed, in what is kept. */
export const Secret = (where: 'request' | 'answer') => SetMetadata(SECRET, where);

/**
 * Keeps the answer to every request that carries an `Idempotency-Key`, and gives it again. What the store keeps makes the act itself
 * happen once; this makes the answer the same, and refuses the key for another request.
 */
@Injectable()
export class AnswersInterceptor implements NestInterceptor {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const secret = this.reflector.get<'request' | 'answer' | undefined>(SECRET, context.getHandler());
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const key = reads || secret === 'answer' ? undefined : idempotencyKey(request);
    if (key === undefined || callerOf(request) === undefined) return next.handle().pipe(map((body) => tagged(reply, body)));

    const { accountId } = callerOf(request);
    const kept = await this.claim(accountId, key, fingerprint(request, secret ? `${accountId} ${key}` : null));
    if (kept?.status) {
      void reply.status(kept.status).header('idempotency-replayed', 'true');
      return of(tagged(reply, kept.body));
    }
    return next.handle().pipe(
      switchMap((body) => from(this.keep(accountId, key, reply.statusCode, body))),
      map((body) => tagged(reply, body)),
    );
  }

  /** The earlier use of the key, if there was one. One without an answer was cut off: the act is asked again, and happens once. */
  private async claim(accountId: string, key: string, request: string): Promise<Kept | undefined> {
    const [kept] = await this.db.query<Kept[]>(
      `with claimed as (
         insert into app.answer ("accountId", key, request, "askedAt") values ($1, $2, $3, $4) on conflict do nothing returning 1
       ) select request, status, body from app.answer where "accountId" = $1 and key = $2 and not exists (select from claimed)`,
      [accountId, key, request, this.clock.now()],
    );
    if (kept && kept.request !== request) throw new Problem(409, 'idempotency.mismatch');
    return kept;
  }

  private async keep(accountId: string, key: string, status: number, body: unknown): Promise<unknown> {
    await this.db.query('update app.answer set status = $3, body = $4 where "accountId" = $1 and key = $2', [
      accountId,
      key,
      status,
      JSON.stringify(body ?? null),
    ]);
    return body;
  }
}

/** Also says the revision and position where HTTP looks for them. */
function tagged(reply: FastifyReply, body: unknown): unknown {
  const { revision, position } = (body ?? {}) as { revision?: unknown; position?: unknown };
  if (typeof revision === 'number') void reply.header('etag', `"${revision}"`);
  if (typeof position === 'string') void reply.header('duban-position', position);
  return body;
}

/** Tells one request from another. With a `salt` as slow as the hash of a password. */
function fingerprint({ method, url, body, headers }: FastifyRequest, salt: string | null): string {
  const content = Buffer.isBuffer(body) ? body : JSON.stringify(body ?? null);
  const hash = createHash('sha256')
    .update(`${method} ${url}\n${headers['if-match'] ?? ''}\n`)
    .update(content)
    .digest('hex');
  return salt === null ? hash : scryptSync(hash, salt, 32).toString('hex');
}
