import { setMaxListeners } from 'node:events';
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
import { languageOf, sentence } from '@app/runtime/sentences.js';
import { Unstartable } from '@app/runtime/unstartable.js';
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
    @Inject(PLACE) { databaseUrl, queueUrl, sweepEveryMs, lostAfterMs }: Place,
  ) {
    // Each follower listens several times, and Node takes more than ten for a leak.
    setMaxListeners(100, this.stopping.signal);
    this.reminders = new Reminders({
      db,
      progress,
      clock,
      ask: (command) => commands.execute(command),
      channels: [],
      queueUrl: queueUrl ?? databaseUrl,
      sweepEveryMs,
      lostAfterMs,
      onError: (error) => this.complain('reminders', error),
      onWarning: (code, details) => this.logger.warn(sentence(code, details, languageOf(process.env))),
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

  /** Whether the round of the reminders is gone regularly: not so in a process that hangs, or is ending. */
  get goesItsRounds(): boolean {
    return this.reminders.goesItsRounds && !this.stopping.signal.aborted;
  }

  private complain(who: string, error: unknown) {
    const reason = error instanceof Unstartable ? sentence(error.code, error.details, languageOf(process.env)) : messageOf(error);
    this.logger.error(`${who} is held up: ${reason}`);
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
