import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { PlatformModule } from '@app/commands/platform.module.js';
import { EventStore } from '@app/event-store/event-store.js';
import { refuseUnfitQueue } from '@app/reminders/queue.js';
import { logTo } from '@app/runtime/log.js';
import type { Apart } from '@app/runtime/program.js';
import { answerHealth } from './health-server.js';
import { WorkerModule } from './worker.module.js';

/** Answers once it follows. */
export async function startWorker({ host, healthPort, logLevel, ...place }: Apart) {
  if (place.queueUrl) await refuseUnfitQueue(place.queueUrl);
  const worker = await NestFactory.createApplicationContext(
    { module: WorkerModule, imports: [PlatformModule.at(place)] },
    { logger: logTo(logLevel), abortOnError: false },
  );
  if (healthPort !== null) {
    const goesItsRounds = () => worker.get(WorkerModule).goesItsRounds;
    await answerHealth(host, healthPort, { store: worker.get(EventStore), db: worker.get(DataSource), goesItsRounds });
  }
  return worker;
}
