import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { addWorkingDays } from '@app/calendar/working-days.js';
import { todayIn } from '@app/calendar/days.js';
import type { Actor } from '@app/domain/actor.js';
import { type DataOf, fold } from '@app/domain/decider.js';
import { guideline, type Guideline, type GuidelineCommand, type GuidelineEvent } from '@app/domain/guideline.js';
import { EventStore, type Outcome, type Request } from '@app/event-store/event-store.js';
import { Register } from '@app/read-models/register.js';
import { Clock } from '@app/runtime/clock.js';

/** Issues a guideline (下发): from here on its lists are tasks. The distributor hands them out. */
export class IssueGuideline extends Command<Outcome> {
  constructor(
    readonly guidelineId: string,
    readonly data: DataOf<GuidelineCommand, 'IssueGuideline'>,
    readonly by: Actor,
    readonly request: Request,
  ) {
    super();
  }
}

@CommandHandler(IssueGuideline)
export class IssueGuidelineHandler implements ICommandHandler<IssueGuideline> {
  constructor(
    private readonly events: EventStore,
    private readonly register: Register,
    private readonly clock: Clock,
  ) {}

  execute({ guidelineId, data, by, request }: IssueGuideline) {
    const at = this.clock.now();
    const context = async ({ drafts, supersedes }: Guideline) => ({
      by,
      at,
      previous: supersedes ? fold(guideline, await this.events.read<GuidelineEvent>(`guideline-${supersedes}`)).standing : undefined,
      register: await this.register.find(drafts.flatMap(({ units }) => units.map(({ name }) => name))),
      acknowledgeBy: addWorkingDays(todayIn(at), data.settings.acknowledgeWithin),
    });
    return this.events.execute(guideline, guidelineId, { type: 'IssueGuideline', data }, context, request);
  }
}
