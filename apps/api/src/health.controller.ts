import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { EventStore } from '@app/event-store/event-store.js';
import { healthForAll } from '@app/read-models/health.js';
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
    const health = await healthForAll(this.store, this.db);
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
