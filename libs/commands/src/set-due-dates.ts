import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Actor } from '@app/domain/actor.js';
import { Refused } from '@app/domain/decider.js';
import type { Due } from '@app/domain/due.js';
import { type GuidelineEvent, taskOf } from '@app/domain/guideline.js';
import { idFrom } from '@app/domain/ids.js';
import { needs } from '@app/domain/permissions.js';
import { task } from '@app/domain/task.js';
import { EventStore, type Position, type Request, StreamMoved } from '@app/event-store/event-store.js';
import { Clock } from '@app/runtime/clock.js';

/** Said before anything else, so that nobody learns how a guideline stands by asking. */
const supervised = needs('supervisor');

/** One due date for every task of a guideline that is still open. */
export class SetDueDates extends Command<{ tasks: number; position: Position | null }> {
  constructor(
    readonly guidelineId: string,
    readonly due: Due,
    readonly by: Actor,
    readonly request: Request,
  ) {
    super();
  }
}

@CommandHandler(SetDueDates)
export class SetDueDatesHandler implements ICommandHandler<SetDueDates> {
  constructor(
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  async execute({ guidelineId, due, by, request }: SetDueDates) {
    supervised(null, { by });
    const facts = await this.events.read<GuidelineEvent>(`guideline-${guidelineId}`);
    const issued = facts.find((event) => event.type === 'GuidelineIssued');
    if (facts.length === 0) throw new Refused('missing', 'guideline.unknown');
    if (issued?.type !== 'GuidelineIssued') throw new Refused('conflict', 'guideline.not-issued');
    const { stream, revision } = facts.at(-1)!;
    if (request.seen !== undefined && request.seen !== revision) throw new StreamMoved(stream, request.seen, revision);
    const tasks = issued.data.tasks.map((issued) => ({ taskId: taskOf(guidelineId, issued), id: idFrom(request.id, issued.list) }));
    await Promise.all(tasks.map(({ taskId }) => this.mustBeOpened(taskId)));
    const set = await Promise.all(tasks.map(({ taskId, id }) => this.setOne(taskId, due, by, id)));
    const positions = set.flatMap((position) => position ?? []).sort();
    return { tasks: positions.length, position: positions.at(-1) ?? null };
  }

  /** While a guideline is handed out some of its tasks are still to come: all of them get the date, or none. */
  private async mustBeOpened(taskId: string): Promise<void> {
    const facts = await this.events.read(`task-${taskId}`);
    if (facts.length === 0) throw new Refused('conflict', 'guideline.being-handed-out');
  }

  /** Null for a task that is closed or withdrawn: its date is history. */
  private async setOne(taskId: string, data: Due, by: Actor, id: string): Promise<Position | null> {
    try {
      const context = { by, at: this.clock.now() };
      return (await this.events.execute(task, taskId, { type: 'SetDueDate', data }, context, { id })).position;
    } catch (error) {
      if (error instanceof Refused && error.kind === 'conflict') return null;
      throw error;
    }
  }
}
