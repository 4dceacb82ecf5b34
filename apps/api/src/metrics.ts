import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { EventStore } from '@app/event-store/event-store.js';
import { healthOf, numberOf } from '@app/read-models/health.js';

/** What Prometheus reads. Labels are route patterns, never ids or names. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  private readonly requests = new Histogram({
    name: 'duban_http_request_seconds',
    help: 'Time from request to answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.registry],
  });

  constructor(store: EventStore, db: DataSource) {
    collectDefaultMetrics({ register: this.registry });
    const lag = new Gauge({
      name: 'duban_events_behind',
      help: 'Events that a view or follower has not taken in',
      labelNames: ['name'],
      registers: [],
    });
    const failed = new Gauge({
      name: 'duban_follower_failed',
      help: '1 while a view or follower is held up by an event',
      labelNames: ['name'],
      registers: [],
    });
    this.registry.registerMetric(lag);
    this.registry.registerMetric(failed);
    const collect = async () => {
      const { head, lags } = await healthOf(store, db).catch(() => ({ head: null, lags: [] }));
      for (const { name, position, error } of lags) {
        lag.set({ name }, numberOf(head) - numberOf(position));
        failed.set({ name }, error === null ? 0 : 1);
      }
    };
    Object.assign(lag, { collect });
  }

  observe(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', (request, reply, done) => {
      const labels = { method: request.method, route: request.routeOptions.url ?? 'none', status: String(reply.statusCode) };
      this.requests.observe(labels, reply.elapsedTime / 1000);
      done();
    });
  }
}
