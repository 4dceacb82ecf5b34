import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import { type DynamicModule, type LoggerService, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import { explainedListening } from '@app/runtime/unstartable.js';
import { answer, Problem } from './http/problem.js';
import { refuseUnstorable } from './http/storable.js';
import { FILE_TYPES, limitOf } from './http/body-limits.js';
import { Metrics } from './metrics.js';

/** The HTTP side of a process made of `module`, ready to listen. */
export async function serve(module: Type | DynamicModule, logger: LoggerService): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: limitOf('application/json'),
    genReqId: traceId,
    requestIdHeader: false,
    // What still comes while the process stops is answered: `Drain` sees to it that it ends.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 500 },
    // What no route is found for, because the address itself is broken.
    frameworkErrors: ({ statusCode = 400, message }: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      void answer(new Problem(statusCode, 'request.malformed', { reason: message }), request, reply),
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger, abortOnError: false });
  const fastify = adapter.getInstance();
  // The document is the body: it is kept as it came, whatever its encoding.
  const keep = (_: unknown, body: unknown, done: (error: null, body: unknown) => void) => done(null, body);
  for (const type of FILE_TYPES) fastify.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: limitOf(type) }, keep);
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('trace-id', request.id);
    done();
  });
  fastify.addHook('preValidation', (request, _, done) => {
    refuseUnstorable(request.body);
    refuseUnstorable(request.query);
    done();
  });
  app.get(Metrics).observe(fastify);
  await app.register(fastifyCookie);
  await app.register(fastifyHelmet, { contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } });
  app.setGlobalPrefix('api', { exclude: ['health', 'metrics'] });
  document(app);
  fastify.get('/', (_, reply) => reply.redirect('/api/docs', 302));
  return app;
}

/** Returns when it listens; throws `Unstartable` when it may not. */
export async function listen(app: NestFastifyApplication, host: string, port: number): Promise<void> {
  await app.listen(port, host).catch((error) => {
    throw explainedListening(error, host, port);
  });
}

/** The caller's trace when it sends one (W3C Trace Context), else a new one. */
function traceId({ headers }: { headers: Record<string, string | string[] | undefined> }): string {
  const given = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(String(headers['traceparent']))?.[1];
  return given ?? randomBytes(16).toString('hex');
}

function document(app: NestFastifyApplication) {
  const description = [
    '督办：从政策文件读出责任清单，变成任务、待办、提醒和办理全程。 Duban reads responsibility lists out of guidelines and tracks the work.',
    'A repeated `Idempotency-Key` answers as the first time; a refused request (4xx) leaves its key free. `If-Match` with an `ETag` you were given refuses to overwrite what changed since (412).',
    '`asOf` asks a list, a task, the dashboard or a history as of a past moment; that answer never changes.',
    '`Duban-After` with the `Duban-Position` of your write makes a query wait until it shows it; a view that stands still is named in `Duban-Behind`. Every refusal is `application/problem+json` with a `code`.',
  ].join('\n\n');
  const config = new DocumentBuilder()
    .setTitle('Duban 督办')
    .setDescription(description)
    .setVersion('0.1')
    .addBearerAuth()
    .addCookieAuth('__Host-duban')
    .build();
  SwaggerModule.setup('api/docs', app, () => SwaggerModule.createDocument(app, config), {
    customSiteTitle: 'Duban API',
    jsonDocumentUrl: 'api/docs.json',
  });
}

/** Puts modules together into one process. */
export function together(...imports: (Type | DynamicModule)[]): DynamicModule {
  return { module: Together, imports };
}

@Module({})
class Together {}
