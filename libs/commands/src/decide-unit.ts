import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Actor } from '@app/domain/actor.js';
import { unit, type UnitCommand } from '@app/domain/unit.js';
import { EventStore, type Outcome, type Request } from '@app/event-store/event-store.js';
import { Clock } from '@app/runtime/clock.js';
import { mustBeKnown } from './known-units.js';

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

  async execute({ unitId, command, by, request }: DecideUnit) {
    const context = async () => {
      await mustBeKnown(this.events, namedBy(command));
      return { by, at: this.clock.now(), subject: unitId };
    };
    return this.events.execute(unit, unitId, command, context, request);
  }
}

function namedBy(command: UnitCommand): readonly (string | null)[] {
  switch (command.type) {
    case 'RegisterUnit':
      return [command.data.parentId, ...(command.data.members ?? [])];
    case 'SetMembers':
      return command.data.members;
    case 'MergeUnit':
      return [command.data.intoId];
    default:
      return [];
  }
}
