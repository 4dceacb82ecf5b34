import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Actor } from '@app/domain/actor.js';
import { task, type TaskCommand } from '@app/domain/task.js';
import { EventStore, type Outcome, type Request } from '@app/event-store/event-store.js';
import { Clock } from '@app/runtime/clock.js';

/** Asks one task for a decision. */
export class DecideTask extends Command<Outcome> {
  constructor(
    readonly taskId: string,
    readonly command: TaskCommand,
    readonly by: Actor,
    readonly request: Request,
  ) {
    super();
  }
}

@CommandHandler(DecideTask)
export class DecideTaskHandler implements ICommandHandler<DecideTask> {
  constructor(
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  execute({ taskId, command, by, request }: DecideTask) {
    return this.events.execute(task, taskId, command, { by, at: this.clock.now() }, request);
  }
}
