import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Actor } from '@app/domain/actor.js';
import { unit, type UnitCommand } from '@app/domain/unit.js';
import { EventStore, type Outcome, type Request } from '@app/event-store/event-store.js';
import { Clock } from '@app/runtime/clock.js';

/** Asks one unit for a decision. */
export class DecideUnit extends Command<Outcome> {
  constructor(
    readonly unitId: string,
    readonly command: UnitCommand,
    readonly by: Actor,
    readonly request: Request,
  ) {
    super();
  }
}

@CommandHandler(DecideUnit)
export class DecideUnitHandler implements ICommandHandler<DecideUnit> {
  constructor(
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  execute({ unitId, command, by, request }: DecideUnit) {
    return this.events.execute(unit, unitId, command, { by, at: this.clock.now(), subject: unitId }, request);
  }
}
