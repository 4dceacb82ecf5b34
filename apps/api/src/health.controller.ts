import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { EventStore } from '@app/event-store/event-store.js';
import { type Health, healthOf } from '@app/read-models/health.js';
import { Public } from './identity/signed-in.guard.js';
import { Metrics } from './metrics.js';

/** For whoever watches over the process. Says nothing about anybody's work. */
@ApiTags('operations')
@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly store: EventStore,
    private readonly db: DataSource,
    private readonly metrics: Metrics,
  ) {}

  /** 200 while the store and the database work and no view stands still; `parked` names streams that a view has passed over. */
  @Get('health')
  async health(@Res({ passthrough: true }) reply: FastifyReply) {
    const health = await healthOf(this.store, this.db).then(withoutContent, (error: unknown) => ({
      ok: false,
      store: 'unreachable',
      error: (error as Error).message,
    }));
    if (!health.ok) void reply.status(HttpStatus.SERVICE_UNAVAILABLE).header('retry-after', '2');
    return health;
  }

  @ApiExcludeEndpoint()
  @Get('metrics')
  async prometheus(@Res({ passthrough: true }) reply: FastifyReply) {
    void reply.header('content-type', this.metrics.registry.contentType);
    return this.metrics.registry.metrics();
  }
}

/** What went wrong with an event may quote it: that is for `duban doctor`, not for everybody. */
const withoutContent = ({ lags, parked, ...health }: Health) => ({
  ...health,
  lags: lags.map(({ error, ...lag }) => ({ ...lag, failed: error !== null })),
  parked: parked.map(({ view, stream, position }) => ({ view, stream, position })),
});
