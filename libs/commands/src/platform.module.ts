import { type DynamicModule, Global, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { EventStore, StoreError } from '@app/event-store/event-store.js';
import { openEventStore } from '@app/event-store/open-event-store.js';
import { PostgresEventStore } from '@app/event-store/postgres.js';
import { aheadOf } from '@app/read-models/ahead.js';
import { databaseOptions, openMigrated } from '@app/read-models/database.js';
import { ENTITIES } from '@app/read-models/entities.js';
import { NotOurStore } from '@app/read-models/follower.js';
import { leaveOtherStore } from '@app/read-models/other-store.js';
import { ViewProgress } from '@app/read-models/progress.js';
import { Register } from '@app/read-models/register.js';
import { Clock, SystemClock } from '@app/runtime/clock.js';
import { Unstartable } from '@app/runtime/unstartable.js';

/** Where a process runs: one PostgreSQL, unless events or jobs have a place of their own. */
export type Place = Readonly<{
  databaseUrl: string;
  eventStoreUrl?: string | null;
  queueUrl?: string | null;
  clock?: Clock;
  /** How often missed reminders are looked for. */
  sweepEveryMs?: number;
  /** How soon the digests of a worker that hangs are given to another. */
  lostAfterMs?: number;
}>;

/** Where this process runs, for what opens connections of its own. */
export const PLACE = Symbol('place');

/** What commands, views and jobs stand on: the store, the database, the clock. One per process. */
@Global()
@Module({})
export class PlatformModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly store: EventStore,
    private readonly db: DataSource,
    private readonly progress: ViewProgress,
  ) {}

  static at(place: Place): DynamicModule {
    const { databaseUrl, clock = new SystemClock() } = place;
    return {
      module: PlatformModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({
            ...databaseOptions(databaseUrl),
            entities: ENTITIES,
            autoLoadEntities: true,
            // Who starts the process says in a sentence that the database is away, and starts it again.
            toRetry: () => false,
          }),
          dataSourceFactory: (options) => openMigrated(options as DataSourceOptions & { url: string }),
        }),
      ],
      providers: [
        { provide: PLACE, useValue: place },
        { provide: Clock, useValue: clock },
        {
          provide: EventStore,
          useFactory: () => (place.eventStoreUrl ? openEventStore(place.eventStoreUrl) : new PostgresEventStore(databaseUrl)),
        },
        { provide: Register, useFactory: (db: DataSource) => new Register(db), inject: [DataSource] },
        {
          provide: ViewProgress,
          useFactory: (db: DataSource) => {
            const progress = new ViewProgress(db, databaseUrl);
            progress.listen();
            return progress;
          },
          inject: [DataSource],
        },
      ],
      exports: [PLACE, Clock, EventStore, Register, ViewProgress, TypeOrmModule],
    };
  }

  /** Over a half restored or a shortened log nothing may start: what it recorded would be lost to somebody. */
  async onModuleInit() {
    const [{ restoring }] = await this.db.query<[{ restoring: boolean }]>(`select to_regclass('app.restoring') is not null as restoring`);
    if (restoring) throw new Unstartable('restore.unfinished');
    await leaveOtherStore(this.store, this.db).catch((error: unknown) => {
      throw error instanceof NotOurStore ? new Unstartable('store.not-ours', error.details, { cause: error }) : error;
    });
    const [ahead] = await aheadOf(this.store, this.db).catch((error: unknown) => {
      // A store that is away is waited for, and /health looks again.
      if (error instanceof StoreError && error.code === 'unavailable') return [];
      throw error;
    });
    if (ahead) throw new Unstartable('store.shorter', { name: ahead.name, position: ahead.position, head: ahead.head ?? '-' });
  }

  async onApplicationShutdown() {
    await this.progress.close();
    await this.store.close();
  }
}
