import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Actor } from '@app/domain/actor.js';
import { account, type AccountCommand } from '@app/domain/account.js';
import { EventStore, type Outcome, type Request } from '@app/event-store/event-store.js';
import { Clock } from '@app/runtime/clock.js';
import { mustBeKnown } from './known-units.js';

/** Asks one account for a decision. */
export class DecideAccount extends Command<Outcome> {
  constructor(
    readonly accountId: string,
    readonly command: AccountCommand,
    readonly by: Actor,
    readonly request: Request,
  ) {
    super();
  }
}

@CommandHandler(DecideAccount)
export class DecideAccountHandler implements ICommandHandler<DecideAccount> {
  constructor(
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  execute({ accountId, command, by, request }: DecideAccount) {
    const context = async () => {
      if (command.type === 'OpenAccount' || command.type === 'MoveAccount') await mustBeKnown(this.events, [command.data.unitId]);
      return { by, at: this.clock.now(), subject: accountId };
    };
    return this.events.execute(account, accountId, command, context, request);
  }
}
