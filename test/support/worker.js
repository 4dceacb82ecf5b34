import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { answerHealth } from '../../dist/apps/worker/src/health-server.js';
import { WorkerModule } from '../../dist/apps/worker/src/worker.module.js';
import { PlatformModule } from '../../dist/libs/commands/src/platform.module.js';
import { EventStore } from '../../dist/libs/event-store/src/event-store.js';
import { readConfiguration } from '../../dist/libs/runtime/src/configuration.js';
import { logTo } from '../../dist/libs/runtime/src/log.js';

/** The worker as it is, only less patient: what takes it a minute takes a second here. */
const { databaseUrl, eventStoreUrl, queueUrl, logLevel, host, healthPort } = readConfiguration();
const place = { databaseUrl, eventStoreUrl, queueUrl, sweepEveryMs: 300, lostAfterMs: 1_500 };
const worker = await NestFactory.createApplicationContext(
  { module: WorkerModule, imports: [PlatformModule.at(place)] },
  { logger: logTo(logLevel), abortOnError: false },
);
worker.enableShutdownHooks();
const goesItsRounds = () => worker.get(WorkerModule).goesItsRounds;
await answerHealth(host, healthPort, { store: worker.get(EventStore), db: worker.get(DataSource), goesItsRounds });
