import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refused, UnknownFact } from '@app/domain/decider.js';
import { EventStore, StoreError, StreamMoved } from '@app/event-store/event-store.js';
import { Unreadable } from '@app/documents/unreadable.js';
import { ViewProgress } from '@app/read-models/progress.js';
import { isTransient, stateOf } from '@app/read-models/transient.js';
import { limitOf } from './body-limits.js';
import { answer, Problem, unavailable } from './problem.js';

/** PostgreSQL's codes for a table and for a column. */
const NOT_THERE = /^42(P01|703)$/;
const REFUSALS = { forbidden: 403, missing: 404, conflict: 409, invalid: 422 } as const;

/**
 * Says every "no" as an RFC 9457 problem in the reader's language, with a `code` for programs and a trace id for whoever must look it up.
 * What nobody foresaw is a logged 500 that tells nothing of the inside.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  constructor(
    private readonly events: EventStore,
    private readonly views: ViewProgress,
  ) {}

  async catch(error: unknown, host: ArgumentsHost) {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = await this.problemOf(error, request);
    if (problem.status >= 500)
      this.logger[problem.status === 500 ? 'error' : 'warn']({ err: brief(error), traceId: request.id, code: problem.code });
    if (!reply.sent) await answer(problem, request, reply);
  }

  private async problemOf(error: unknown, request: FastifyRequest): Promise<Problem> {
    if (error instanceof Problem) return error;
    if (error instanceof Refused) return new Problem(REFUSALS[error.kind], error.code, error.details);
    if (error instanceof Unreadable) return unreadable(error, request);
    if (error instanceof StreamMoved)
      return request.headers['if-match'] ? new Problem(412, 'stream.moved', await this.whatChanged(error)) : unavailable('stream.busy');
    if (error instanceof StoreError && error.code === 'append-too-large') return new Problem(413, 'request.too-large', { limit: 1 });
    if (error instanceof StoreError) return unavailable(error.code === 'outcome-unknown' ? 'store.outcome-unknown' : 'store.unavailable');
    if (error instanceof UnknownFact) return unavailable('version.older', 30);
    if (isTransient(error)) return unavailable('store.unavailable');
    if (NOT_THERE.test(stateOf(error)) && (await this.views.isOlder())) return unavailable('view.behind', 5);
    const { statusCode, message, code } = error as { statusCode?: number; message?: string; code?: string };
    const status = error instanceof HttpException ? error.getStatus() : statusCode;
    if (status === 404) return new Problem(404, 'route.unknown', { path: request.url.split('?')[0] });
    if (status === 413) return new Problem(413, 'request.too-large', { limit: limitOf(request.headers['content-type']) / 1_048_576 });
    if (status === 415) return new Problem(415, 'request.unsupported-type');
    if (status !== undefined && status >= 400 && status < 500) return new Problem(status, 'request.malformed', { reason: message ?? code });
    return new Problem(500, 'server.error');
  }

  /** What was recorded since the asker looked: what, when, by whom; unless the store went away meanwhile. */
  private async whatChanged({ stream, expected, actual }: StreamMoved) {
    const since = await this.events.read(stream, expected + 1n).catch(() => []);
    return {
      seen: Number(expected),
      revision: Number(actual),
      changes: since.map(({ type, at, by, revision }) => ({ revision: Number(revision), type, at, by: by.name, unit: by.unitName })),
    };
  }
}

/** TypeORM's errors carry whole statements with their parameters: not for a log. */
const brief = (error: unknown) =>
  error instanceof Error ? { type: error.name, message: error.message.slice(0, 500), stack: error.stack?.slice(0, 4_000) } : String(error);

function unreadable({ code }: Unreadable, { query }: FastifyRequest): Problem {
  if (code === 'file.busy') return unavailable(code, 10);
  return new Problem(code === 'file.too-large' ? 413 : 422, code, { file: (query as { name?: string }).name });
}
