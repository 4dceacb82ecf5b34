import type { CommandBus } from '@nestjs/cqrs';
import type { DataSource } from 'typeorm';
import { todayIn } from '@app/calendar/days.js';
import { addWorkingDays } from '@app/calendar/working-days.js';
import type { Actor } from '@app/domain/actor.js';
import type { AssignmentEvent } from '@app/domain/assignment.js';
import { fold, Refused } from '@app/domain/decider.js';
import { type Draft, guideline, type GuidelineEvent, type IssuedTask, settings } from '@app/domain/guideline.js';
import { assignmentIdOf, idFrom, taskIdOf } from '@app/domain/ids.js';
import { sharesOf } from '@app/domain/task.js';
import { type EventStore, idOf, type Recorded } from '@app/event-store/event-store.js';
import { followAll } from '@app/read-models/follower.js';
import { DecideAssignment } from './decide-assignment.js';
import { DecideTask } from './decide-task.js';

const AT_ONCE = 32;

type Heard = GuidelineEvent | AssignmentEvent;
type Of<T extends Heard['type']> = Recorded<Extract<Heard, { type: T }>>;

/**
 * Carries decisions on: opens the tasks of an issued guideline and hands out their shares, gives a transferred share to the next unit,
 * withdraws what a withdrawn guideline made. Every command has an id of its own that derives from the event, so a repetition is harmless,
 * and whoever decided is who did it.
 */
export class Distributor {
  constructor(
    private readonly store: EventStore,
    private readonly commands: CommandBus,
  ) {}

  run(db: DataSource, signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
    const handle = async (event: Recorded) => this.on[event.type as keyof typeof this.on]?.(event as never);
    return followAll({ name: 'distributor', store: this.store, db, signal, onError }, handle);
  }

  private readonly on = {
    GuidelineIssued: async (event: Of<'GuidelineIssued'>) => {
      const facts = await this.store.read<GuidelineEvent>(event.stream);
      const imported = facts.find(({ type }) => type === 'GuidelineImported') as Of<'GuidelineImported'>;
      const { drafts } = fold(guideline, facts);
      for (const issued of event.data.tasks)
        await this.openTask(
          event,
          issued,
          drafts.find(({ list }) => list === issued.list)!,
          imported.data.text,
        );
    },

    GuidelineWithdrawn: async (event: Of<'GuidelineWithdrawn'>) => {
      const facts = await this.store.read<GuidelineEvent>(event.stream);
      const issued = facts.find(({ type }) => type === 'GuidelineIssued') as Of<'GuidelineIssued'> | undefined;
      for (const { list } of issued?.data.tasks ?? []) {
        const command = { type: 'WithdrawTask', data: { reason: event.data.reason } } as const;
        await this.ask(new DecideTask(taskIdOf(idOf(event.stream), list), command, event.by, { id: idFrom(event.id, 'withdraw', list) }));
      }
    },

    AssignmentTransferred: async ({ id, stream, by, at, data }: Of<'AssignmentTransferred'>) => {
      const [assigned] = await this.store.read<AssignmentEvent>(stream);
      const { guidelineId, role, dueOn } = (assigned as Of<'UnitAssigned'>).data;
      const share = { unitId: data.toUnitId, role, via: null };
      const add = { type: 'AddAssignee', data: { unitId: data.toUnitId, role } } as const;
      await this.ask(new DecideTask(data.taskId, add, by, { id: idFrom(id, 'add', data.toUnitId) }));
      const acknowledgeBy = addWorkingDays(todayIn(at), settings.parse({}).acknowledgeWithin);
      await this.assign({ taskId: data.taskId, guidelineId, ...share, dueOn, acknowledgeBy }, by, id);
    },
  };

  private async openTask(
    { id, stream, by, data: { acknowledgeBy } }: Of<'GuidelineIssued'>,
    { list, assignees }: IssuedTask,
    { path, title, passage, span, due }: Draft,
    text: string,
  ) {
    const guidelineId = idOf(stream);
    const taskId = taskIdOf(guidelineId, list);
    const data = { guidelineId, list, path, title, text: text.slice(...passage), passage, span, assignees, due };
    await this.ask(new DecideTask(taskId, { type: 'OpenTask', data }, by, { id: idFrom(id, 'open', list) }));

    const shares = sharesOf(assignees);
    for (let from = 0; from < shares.length; from += AT_ONCE)
      await Promise.all(
        shares
          .slice(from, from + AT_ONCE)
          .map((share) => this.assign({ taskId, guidelineId, ...share, dueOn: due.dueOn, acknowledgeBy }, by, id)),
      );
  }

  private assign(data: Parameters<typeof assignUnit>[0], by: Actor, cause: string) {
    const assignmentId = assignmentIdOf(data.taskId, data.unitId);
    return this.ask(new DecideAssignment(assignmentId, assignUnit(data), by, { id: idFrom(cause, 'assign', assignmentId) }));
  }

  /** What the rules refuse here was overtaken (the task was withdrawn meanwhile), not lost. */
  private async ask(command: DecideTask | DecideAssignment): Promise<void> {
    try {
      await this.commands.execute(command);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }
}

const assignUnit = (data: Extract<DecideAssignment['command'], { type: 'AssignUnit' }>['data']) => ({ type: 'AssignUnit', data }) as const;
