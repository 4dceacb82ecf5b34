import type { CommandBus } from '@nestjs/cqrs';
import type { DataSource } from 'typeorm';
import { todayIn } from '@app/calendar/days.js';
import { addWorkingDays } from '@app/calendar/working-days.js';
import type { Actor } from '@app/domain/actor.js';
import { assignment, type AssignmentCommand, type AssignmentEvent } from '@app/domain/assignment.js';
import { fold, Refused } from '@app/domain/decider.js';
import { type Draft, wordsOf } from '@app/domain/draft.js';
import { guideline, type GuidelineEvent, type IssuedTask, settings, taskOf } from '@app/domain/guideline.js';
import { isAsRead } from '@app/domain/due.js';
import { assignmentIdOf, idFrom } from '@app/domain/ids.js';
import { saysAnotherDate } from '@app/domain/versions.js';
import { type Assignee, type Share, sharesOf, task, type TaskCommand, type TaskEvent } from '@app/domain/task.js';
import { type EventStore, idOf, type Outcome, type Recorded } from '@app/event-store/event-store.js';
import { followAll } from '@app/read-models/follower.js';
import { DecideAssignment } from './decide-assignment.js';
import { DecideGuideline } from './decide-guideline.js';
import { DecideTask } from './decide-task.js';

const AT_ONCE = 32;

type Heard = GuidelineEvent | AssignmentEvent;
type Of<T extends Heard['type']> = Recorded<Extract<Heard, { type: T }>>;

/** On whose decision something is done: every command it makes has an id of its own that derives from the event, so a repetition is harmless. */
type Cause = Readonly<{ id: string; by: Actor }>;

/**
 * Carries decisions on: opens the tasks of an issued guideline and hands out their shares, moves the tasks of a superseded one to the
 * new version, gives a transferred share to the next unit, withdraws what a withdrawn guideline made. Whoever decided is who did it.
 */
export class Distributor {
  private stopping: AbortSignal | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly commands: CommandBus,
  ) {}

  run(db: DataSource, signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
    this.stopping = signal;
    const handle = async (event: Recorded) => this.on[event.type as keyof typeof this.on]?.(event as never);
    return followAll({ name: 'distributor', store: this.store, db, signal, onError }, handle);
  }

  private readonly on = {
    GuidelineIssued: async (event: Of<'GuidelineIssued'>) => {
      const guidelineId = idOf(event.stream);
      const { imported, drafts } = await this.document(guidelineId);
      const before = imported.data.supersedes ? await this.document(imported.data.supersedes) : null;
      for (const issued of event.data.tasks) {
        const draft = drafts.find(({ list }) => list === issued.list)!;
        const task = { taskId: taskOf(guidelineId, issued), ...obligation(guidelineId, issued, draft, imported.data.text) };
        const old = before?.tasks.get(task.taskId);
        if (old) await this.reviseTask(event, task, draft, old);
        else await this.openTask(event, task, draft);
      }
      if (before) await this.supersede(event, imported.data.supersedes!, before.tasks);
    },

    GuidelineWithdrawn: async (event: Of<'GuidelineWithdrawn'>) => {
      const { tasks } = await this.document(idOf(event.stream));
      for (const taskId of tasks.keys()) await this.askTask(event, taskId, { type: 'WithdrawTask', data: { reason: event.data.reason } });
    },

    AssignmentTransferred: async (event: Of<'AssignmentTransferred'>) => {
      const { taskId, toUnitId: unitId } = event.data;
      const { role } = fold(assignment, await this.store.read<AssignmentEvent>(event.stream));
      const { guidelineId } = fold(task, await this.store.read<TaskEvent>(`task-${taskId}`));
      await this.askTask(event, taskId, { type: 'AddAssignee', data: { unitId, role } });
      const acknowledgeBy = addWorkingDays(todayIn(event.at), settings.parse({}).acknowledgeWithin);
      await this.assign(event, { taskId, guidelineId, acknowledgeBy }, [{ unitId, role, via: null }]);
    },
  };

  /** A guideline as it was issued; `tasks` by id, with the list that obliges and whom. */
  private async document(guidelineId: string) {
    const facts = await this.store.read<GuidelineEvent>(`guideline-${guidelineId}`);
    const imported = facts.find(({ type }) => type === 'GuidelineImported') as Of<'GuidelineImported'>;
    const issued = facts.find(({ type }) => type === 'GuidelineIssued') as Of<'GuidelineIssued'> | undefined;
    const { drafts } = fold(guideline, facts);
    const obliging = ({ list, assignees }: IssuedTask): Obliging => ({ draft: drafts.find((draft) => draft.list === list)!, assignees });
    const tasks = new Map(issued?.data.tasks.map((task) => [taskOf(guidelineId, task), obliging(task)]));
    return { imported, tasks, drafts };
  }

  private async openTask(event: Of<'GuidelineIssued'>, { taskId, ...data }: Obliged, { due }: Draft) {
    await this.askTask(event, taskId, { type: 'OpenTask', data: { ...data, due } });
    await this.assign(event, { taskId, guidelineId: data.guidelineId, acknowledgeBy: event.data.acknowledgeBy }, sharesOf(data.assignees));
  }

  /** What a unit did for its share stays; only who is new, gone, or in another role hears of it. */
  private async reviseTask(event: Of<'GuidelineIssued'>, { taskId, ...data }: Obliged, draft: Draft, old: Obliging) {
    await this.askTask(event, taskId, { type: 'ReviseTask', data });
    // A date that somebody set on the task outlives a version whose text says what the one before said.
    if (saysAnotherDate(old.draft, draft) || !isAsRead(draft)) await this.askTask(event, taskId, { type: 'SetDueDate', data: draft.due });
    const before = new Map(sharesOf(old.assignees).map((share) => [share.unitId, share]));
    const after = sharesOf(data.assignees);
    const added = after.filter(({ unitId }) => !before.has(unitId));
    await this.assign(event, { taskId, guidelineId: data.guidelineId, acknowledgeBy: event.data.acknowledgeBy }, added);
    for (const { unitId, role } of after)
      if (before.has(unitId) && before.get(unitId)!.role !== role)
        await this.askShare(event, taskId, unitId, { type: 'ChangeRole', data: { role } });
    for (const unitId of before.keys())
      if (!after.some((share) => share.unitId === unitId))
        await this.askShare(event, taskId, unitId, { type: 'ReleaseAssignment', data: { reason: NOT_NAMED } });
  }

  private async supersede(event: Of<'GuidelineIssued'>, previousId: string, tasks: ReadonlyMap<string, unknown>) {
    const guidelineId = idOf(event.stream);
    const goingOn = new Set(event.data.tasks.map((issued) => taskOf(guidelineId, issued)));
    for (const taskId of tasks.keys())
      if (!goingOn.has(taskId)) await this.askTask(event, taskId, { type: 'WithdrawTask', data: { reason: NOT_IN_IT } });
    const command = { type: 'SupersedeGuideline', data: { by: guidelineId } } as const;
    await this.ask(new DecideGuideline(previousId, command, event.by, { id: idFrom(event.id, previousId) }));
  }

  private async assign(cause: Cause, known: { taskId: string; guidelineId: string; acknowledgeBy: string }, shares: readonly Share[]) {
    const given = new Map<string, { guidelineId: string; dueOn: string | null }>();
    const give = async (share: Share) => {
      const outcome = await this.askShare(cause, known.taskId, share.unitId, { type: 'AssignUnit', data: { ...known, ...share } });
      for (const { type, data } of (outcome?.events ?? []) as AssignmentEvent[])
        if (type === 'UnitAssigned') given.set(`${data.guidelineId} ${data.dueOn}`, { guidelineId: data.guidelineId, dueOn: data.dueOn });
    };
    for (let from = 0; from < shares.length; from += AT_ONCE) await Promise.all(shares.slice(from, from + AT_ONCE).map(give));
    if (given.size > 0) await this.askTask(cause, known.taskId, { type: 'AlignShares', data: { given: [...given.values()] } });
  }

  private askTask({ id, by }: Cause, taskId: string, command: TaskCommand) {
    return this.ask(new DecideTask(taskId, command, by, { id: idFrom(id, command.type, taskId) }));
  }

  private askShare({ id, by }: Cause, taskId: string, unitId: string, command: AssignmentCommand) {
    const assignmentId = assignmentIdOf(taskId, unitId);
    return this.ask(new DecideAssignment(assignmentId, command, by, { id: idFrom(id, command.type, assignmentId) }));
  }

  /** What the rules refuse here was overtaken (the task was withdrawn meanwhile), not lost. A process that stops leaves the rest to the next. */
  private async ask(command: DecideTask | DecideAssignment | DecideGuideline): Promise<Outcome | null> {
    this.stopping?.throwIfAborted();
    try {
      return await this.commands.execute(command);
    } catch (error) {
      if (error instanceof Refused) return null;
      throw error;
    }
  }
}

const NOT_NAMED = '新版本文件不再列出本单位';
const NOT_IN_IT = '新版本文件不再包含此项';

type Obliging = Readonly<{ draft: Draft; assignees: readonly Assignee[] }>;
type Obliged = ReturnType<typeof obligation> & { taskId: string };

const obligation = (guidelineId: string, { list, assignees }: IssuedTask, draft: Draft, text: string) => ({
  guidelineId,
  list,
  path: draft.path,
  title: draft.title,
  text: wordsOf(draft, text),
  passage: draft.passage,
  span: draft.span,
  rules: draft.rules,
  deadlines: draft.deadlines,
  assignees,
});
