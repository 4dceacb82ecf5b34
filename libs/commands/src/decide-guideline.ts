import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Actor } from '@app/domain/actor.js';
import { guideline, type GuidelineCommand } from '@app/domain/guideline.js';
import { EventStore, type Outcome, type Request } from '@app/event-store/event-store.js';
import { Clock } from '@app/runtime/clock.js';

/** Asks one guideline for a decision. */
export class DecideGuideline extends Command<Outcome> {
  constructor(
    readonly guidelineId: string,
    readonly command: GuidelineCommand,
    readonly by: Actor,
    readonly request: Request,
  ) {
    super();
  }
}

@CommandHandler(DecideGuideline)
export class DecideGuidelineHandler implements ICommandHandler<DecideGuideline> {
  constructor(
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  execute({ guidelineId, command, by, request }: DecideGuideline) {
    return this.events.execute(guideline, guidelineId, command, { by, at: this.clock.now() }, request);
  }
}
