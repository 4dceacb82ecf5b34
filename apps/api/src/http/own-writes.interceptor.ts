import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ViewProgress } from '@app/read-models/progress.js';
import { Problem, unavailable } from './problem.js';

/** How long a query waits for the views. */
export const PATIENCE_MS = 3_000;

/**
 * A query that names the position of a write (`Duban-After`) waits until the views have taken it in. One that stands still would hold up
 * everybody, so it is not waited for, but named: `Duban-Behind: history`.
 */
@Injectable()
export class OwnWritesInterceptor implements NestInterceptor {
  constructor(private readonly progress: ViewProgress) {}

  async intercept(context: ExecutionContext, next: CallHandler) {
    const position = context.switchToHttp().getRequest<FastifyRequest>().headers['duban-after'];
    if (position === undefined) return next.handle();
    if (typeof position !== 'string' || !/^[a-z]\d:\d{20}(-\d{20})?$/.test(position)) throw new Problem(400, 'request.bad-position');
    if (!(await this.progress.reached(position, PATIENCE_MS))) throw unavailable('view.behind', 1);
    const behind = await this.progress.standingBefore(position);
    if (behind.length > 0) void context.switchToHttp().getResponse<FastifyReply>().header('duban-behind', behind.join(', '));
    return next.handle();
  }
}
