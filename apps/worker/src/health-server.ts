import { once } from 'node:events';
import { createServer } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { EventStore } from '@app/event-store/event-store.js';
import { healthForAll } from '@app/read-models/health.js';
import { explainedListening } from '@app/runtime/unstartable.js';

type Asked = Readonly<{ store: EventStore; db: DataSource; goesItsRounds: () => boolean }>;

/**
 * `GET /health` of a worker that runs apart: 200 while it reaches the store and the database, goes its rounds, and no view stands still.
 * `GET /metrics` is of this process; how far views and followers are, every api tells. Returns when it listens; throws `Unstartable` when it may not. It ends with the process and does not hold it up.
 */
export async function answerHealth(host: string, port: number, { store, db, goesItsRounds }: Asked): Promise<void> {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const server = createServer((request, response) => {
    if (request.url === '/metrics')
      return void metrics.metrics().then((text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text));
    if (request.url !== '/health') return void response.writeHead(404).end();
    void healthForAll(store, db).then((health) => {
      const ok = health.ok && goesItsRounds();
      const body = JSON.stringify({ ...health, ok, goesItsRounds: goesItsRounds() });
      response.writeHead(ok ? 200 : 503, { 'content-type': 'application/json', connection: 'close' }).end(body);
    });
  });
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    throw explainedListening(error, host, port);
  }
  server.unref();
}
