import { Inject, Logger, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import { CommandsModule } from '@app/commands/commands.module.js';
import { Distributor } from '@app/commands/distributor.js';
import { PLACE, type Place } from '@app/commands/platform.module.js';
import { EventStore } from '@app/event-store/event-store.js';
import { run } from '@app/read-models/runner.js';
import { ViewProgress } from '@app/read-models/progress.js';
import { VIEWS } from '@app/read-models/views.js';
import { Reminders } from '@app/reminders/reminders.js';
import { Clock } from '@app/runtime/clock.js';
import { keepHouse } from './housekeeping.js';

/** Everything that follows the events: the views, the distributor, the reminders. Any number of these may run at once. */
@Module({ imports: [CommandsModule] })
export class WorkerModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Worker');
  private readonly stopping = new AbortController();
  private readonly reminders: Reminders;
  private followers: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: EventStore,
    private readonly db: DataSource,
    private readonly commands: CommandBus,
    progress: ViewProgress,
    private readonly clock: Clock,
    @Inject(PLACE) { databaseUrl, queueUrl, sweepEveryMs }: Place,
  ) {
    this.reminders = new Reminders({
      db,
      progress,
      clock,
      ask: (command) => commands.execute(command),
      channels: [],
      queueUrl: queueUrl ?? databaseUrl,
      sweepEveryMs,
      onError: (error) => this.complain('reminders', error),
    });
  }

  onApplicationBootstrap() {
    const { signal } = this.stopping;
    this.followers = Promise.all([
      run(this.store, this.db, VIEWS, signal, (views, error) => this.complain(views.join(), error)),
      keepHouse(this.db, this.clock, signal, (error) => this.complain('housekeeping', error)),
      new Distributor(this.store, this.commands).run(this.db, signal, (error) => this.complain('distributor', error)),
    ]);
    this.reminders.start();
  }

  /** Before the platform closes what the followers stand on. */
  async beforeApplicationShutdown() {
    await this.reminders.stop();
    this.stopping.abort();
    await this.followers;
  }

  private complain(who: string, error: unknown) {
    this.logger.error(`${who} is held up: ${error instanceof Error ? error.message : String(error)}`);
  }
}
