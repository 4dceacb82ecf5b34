import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { addWorkingDays } from '@app/calendar/working-days.js';
import { todayIn } from '@app/calendar/days.js';
import type { Actor } from '@app/domain/actor.js';
import { type DataOf, fold } from '@app/domain/decider.js';
import type { Draft } from '@app/domain/draft.js';
import { datesToCheck, type Remark } from '@app/domain/due.js';
import { guideline, type Guideline, type GuidelineCommand, type GuidelineEvent } from '@app/domain/guideline.js';
import { EventStore, type Outcome, type Request } from '@app/event-store/event-store.js';
import { countedDates } from '@app/guideline/count-terms.js';
import { Register } from '@app/read-models/register.js';
import { Clock } from '@app/runtime/clock.js';

/** What to look at in the date of a list, or in its having none. */
export type DateToCheck = Readonly<{ list: string; title: string } & Remark>;

/**
 * Issues a guideline (下发): from here on its lists are tasks, and the terms that count from the day of issue have their days. Answers with
 * what is still unsure about dates. The distributor hands the tasks out.
 */
export class IssueGuideline extends Command<Outcome & { datesToCheck: DateToCheck[] }> {
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

  async execute({ guidelineId, data, by, request }: IssueGuideline) {
    const at = this.clock.now();
    const context = async ({ drafts, issuedOn, supersedes }: Guideline) => ({
      by,
      at,
      counted: countedDates(drafts, issuedOn, todayIn(at)),
      previous: supersedes ? fold(guideline, await this.events.read<GuidelineEvent>(`guideline-${supersedes}`)).standing : undefined,
      register: await this.register.find(drafts.flatMap(({ units }) => units.map(({ name }) => name))),
      acknowledgeBy: addWorkingDays(todayIn(at), data.settings.acknowledgeWithin),
    });
    const outcome = await this.events.execute(guideline, guidelineId, { type: 'IssueGuideline', data }, context, request);
    const { drafts } = fold(guideline, await this.events.read<GuidelineEvent>(`guideline-${guidelineId}`));
    return { ...outcome, datesToCheck: drafts.flatMap(toCheck) };
  }
}

const toCheck = (draft: Draft): DateToCheck[] => datesToCheck(draft).map((remark) => ({ list: draft.list, title: draft.title, ...remark }));
