import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { PlatformModule } from '@app/commands/platform.module.js';
import { readConfiguration } from '@app/runtime/configuration.js';
import { refuseUnfitQueue } from '@app/reminders/queue.js';
import { logTo } from '@app/runtime/log.js';
import { WorkerModule } from './worker.module.js';

/** The followers alone, over a database of your own; `duban up` runs them together with the api. */
const { databaseUrl, eventStoreUrl, queueUrl, logLevel } = readConfiguration();
if (!databaseUrl) {
  console.error(
    'DATABASE_URL 未设置：单独运行 worker 需要一个 PostgreSQL。 DATABASE_URL is not set: the worker alone needs a PostgreSQL of yours.',
  );
  process.exit(2);
}
if (queueUrl) await refuseUnfitQueue(queueUrl);
const worker = await NestFactory.createApplicationContext(
  { module: WorkerModule, imports: [PlatformModule.at({ databaseUrl, eventStoreUrl, queueUrl })] },
  { logger: logTo(logLevel), abortOnError: false },
);
worker.enableShutdownHooks();
