import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { EventStore } from '@app/event-store/event-store.js';
import { openEventStore } from '@app/event-store/open-event-store.js';
import { PostgresEventStore } from '@app/event-store/postgres.js';
import { databaseOptions, openMigrated } from '@app/read-models/database.js';
import { ENTITIES } from '@app/read-models/entities.js';
import { ViewProgress } from '@app/read-models/progress.js';
import { Register } from '@app/read-models/register.js';
import { Clock, SystemClock } from '@app/runtime/clock.js';

/** Where a process runs: one PostgreSQL, unless events or jobs have a place of their own. */
export type Place = Readonly<{
  databaseUrl: string;
  eventStoreUrl?: string | null;
  queueUrl?: string | null;
  clock?: Clock;
  /** How often missed reminders are looked for. */
  sweepEveryMs?: number;
}>;

/** Where this process runs, for what opens connections of its own. */
export const PLACE = Symbol('place');

/** What commands, views and jobs stand on: the store, the database, the clock. One per process. */
@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(
    private readonly store: EventStore,
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
            retryAttempts: 3,
            retryDelay: 500,
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

  async onApplicationShutdown() {
    await this.progress.close();
    await this.store.close();
  }
}
