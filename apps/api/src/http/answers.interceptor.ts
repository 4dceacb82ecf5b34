import { createHash, scryptSync } from 'node:crypto';
import { type CallHandler, type ExecutionContext, HttpException, Injectable, type NestInterceptor, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, from, map, type Observable, of, switchMap } from 'rxjs';
import { DataSource } from 'typeorm';
import { Unreadable } from '@app/documents/unreadable.js';
import { Refused } from '@app/domain/decider.js';
import { StreamMoved } from '@app/event-store/event-store.js';
import { Clock } from '@app/runtime/clock.js';
import { callerOf, idempotencyKey } from './asking.js';
import { gathered } from './gathered.js';
import { Problem } from './problem.js';

type Kept = { request: string; status: number | null; body: unknown };
type Claim = { accountId: string; key: string; request: string };
type Answer = { accountId: string; key: string; status: number; body: string };

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
      catchError(async (error: unknown) => {
        if (isRefusal(error)) await this.free(accountId, key);
        throw error;
      }),
      switchMap((body) => from(this.keep(accountId, key, reply.statusCode, body))),
      map((body) => tagged(reply, body)),
    );
  }

  /** The earlier use of the key, if there was one. One without an answer was cut off: the act is asked again, and happens once. */
  private async claim(accountId: string, key: string, request: string): Promise<Kept | undefined> {
    const kept = await this.claimed({ accountId, key, request });
    if (kept && kept.request !== request) throw new Problem(422, 'idempotency.mismatch');
    return kept;
  }

  /** In one order, or two processes that claim the same keys would wait for each other. */
  private readonly claimed = gathered(async (claims: readonly Claim[]) => {
    const earlier = await this.db.query<(Claim & Kept)[]>(
      `with claim as (
         select * from unnest($1::uuid[], $2::text[], $3::text[]) as claim ("accountId", key, request)
       ), claimed as (
         insert into app.answer ("accountId", key, request, "askedAt") select "accountId", key, request, $4 from claim order by "accountId", key
         on conflict do nothing
       ) select "accountId", key, answer.request, status, body from app.answer join claim using ("accountId", key)`,
      [...columns(claims, 'accountId', 'key', 'request'), this.clock.now()],
    );
    const uses = new Map<string, Kept>(earlier.map((kept) => [placeOf(kept), kept]));
    return claims.map((claim) => {
      const kept = uses.get(placeOf(claim));
      // Of those who ask at the same time one comes first.
      if (!kept) uses.set(placeOf(claim), { request: claim.request, status: null, body: null });
      return kept;
    });
  });

  /** What was refused did not happen: whoever mends the request may send it under the same key. */
  private async free(accountId: string, key: string): Promise<void> {
    await this.db.query('delete from app.answer where "accountId" = $1 and key = $2 and status is null', [accountId, key]);
  }

  private async keep(accountId: string, key: string, status: number, body: unknown): Promise<unknown> {
    await this.kept({ accountId, key, status, body: JSON.stringify(body ?? null) });
    return body;
  }

  private readonly kept = gathered(async (answers: readonly Answer[]) => {
    await this.db.query(
      `update app.answer set status = given.status, body = given.body::jsonb
       from unnest($1::uuid[], $2::text[], $3::int[], $4::text[]) as given ("accountId", key, status, body)
       where answer."accountId" = given."accountId" and answer.key = given.key`,
      columns(answers, 'accountId', 'key', 'status', 'body'),
    );
    return answers.map(() => undefined);
  });
}

const placeOf = ({ accountId, key }: Pick<Claim, 'accountId' | 'key'>) => `${accountId} ${key}`;

/** Rows as columns, which PostgreSQL takes as one parameter each. */
const columns = <Row, Name extends keyof Row>(rows: readonly Row[], ...names: Name[]) => names.map((name) => rows.map((row) => row[name]));

/** Said before anything was recorded; after any other failure it may have been, and the key stays with its request. */
const isRefusal = (error: unknown) =>
  error instanceof Refused ||
  error instanceof Unreadable ||
  error instanceof StreamMoved ||
  (error instanceof Problem && error.status < 500) ||
  (error instanceof HttpException && error.getStatus() < 500);

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
