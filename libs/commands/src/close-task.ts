import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Actor } from '@app/domain/actor.js';
import { assignment, type AssignmentEvent } from '@app/domain/assignment.js';
import { fold, type DataOf } from '@app/domain/decider.js';
import { assignmentIdOf } from '@app/domain/ids.js';
import { type LeadShare, sharesOf, task, type Task, type TaskCommand } from '@app/domain/task.js';
import { EventStore, type Outcome, type Request } from '@app/event-store/event-store.js';
import { Clock } from '@app/runtime/clock.js';

/** Closes a task. Whether it was completed hangs on every lead share, so they are read first. */
export class CloseTask extends Command<Outcome> {
  constructor(
    readonly taskId: string,
    readonly data: DataOf<TaskCommand, 'CloseTask'>,
    readonly by: Actor,
    readonly request: Request,
  ) {
    super();
  }
}

@CommandHandler(CloseTask)
export class CloseTaskHandler implements ICommandHandler<CloseTask> {
  constructor(
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  execute({ taskId, data, by, request }: CloseTask) {
    const context = async ({ assignees }: Task) => ({ by, at: this.clock.now(), leads: await this.leads(taskId, assignees) });
    return this.events.execute(task, taskId, { type: 'CloseTask', data }, context, request);
  }

  private async leads(taskId: string, assignees: Task['assignees']): Promise<LeadShare[]> {
    const leading = sharesOf(assignees).filter(({ role }) => role === 'lead' || role === 'responsible');
    const shares = await Promise.all(leading.map(({ unitId }) => this.share(taskId, unitId)));
    return shares.filter((share) => share !== null);
  }

  /** A transferred share is the other unit's now; a released one is nobody's; one that is not handed out yet is not verified. */
  private async share(taskId: string, unitId: string): Promise<LeadShare | null> {
    const { status, transferredTo } = fold(
      assignment,
      await this.events.read<AssignmentEvent>(`assignment-${assignmentIdOf(taskId, unitId)}`),
    );
    if (transferredTo) return this.share(taskId, transferredTo);
    return status === 'released' ? null : { unitId, verified: status === 'verified' };
  }
}
