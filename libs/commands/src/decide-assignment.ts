import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Actor } from '@app/domain/actor.js';
import { assignment, type AssignmentCommand, type AssignmentEvent } from '@app/domain/assignment.js';
import type { Assignment } from '@app/domain/assignment-rules.js';
import { fold, Refused } from '@app/domain/decider.js';
import { assignmentIdOf } from '@app/domain/ids.js';
import { task, type TaskEvent } from '@app/domain/task.js';
import { unit, type UnitEvent } from '@app/domain/unit.js';
import { EventStore, type Outcome, type Request } from '@app/event-store/event-store.js';
import { Clock } from '@app/runtime/clock.js';

/** Asks one assignment for a decision, in the light of how its task stands. */
export class DecideAssignment extends Command<Outcome> {
  constructor(
    readonly assignmentId: string,
    readonly command: AssignmentCommand,
    readonly by: Actor,
    readonly request: Request,
  ) {
    super();
  }
}

@CommandHandler(DecideAssignment)
export class DecideAssignmentHandler implements ICommandHandler<DecideAssignment> {
  constructor(
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  execute({ assignmentId, command, by, request }: DecideAssignment) {
    const context = async (state: Assignment) => {
      const taskId = command.type === 'AssignUnit' ? command.data.taskId : state.taskId;
      const facts = await this.events.read<TaskEvent>(`task-${taskId}`);
      const { standing, due } = fold(task, facts);
      const known = { by, at: this.clock.now(), task: standing, dueOn: due?.dueOn ?? null };
      return command.type === 'TransferAssignment' ? { ...known, target: await this.standingOf(taskId, command.data.toUnitId) } : known;
    };
    return this.events.execute(assignment, assignmentId, command, context, request);
  }

  /** A share may only go to a unit that there is, or nobody would have it. */
  private async standingOf(taskId: string, unitId: string) {
    const { standing, kind } = fold(unit, await this.events.read<UnitEvent>(`unit-${unitId}`));
    if (standing === 'unknown' || kind === 'collective') throw new Refused('missing', 'unit.unknown');
    if (standing !== 'active') throw new Refused('conflict', `unit.${standing}`);
    return fold(assignment, await this.events.read<AssignmentEvent>(`assignment-${assignmentIdOf(taskId, unitId)}`)).status;
  }
}
