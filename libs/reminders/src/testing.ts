import type { DataSource } from 'typeorm';
import { instantAt } from '@app/calendar/days.js';
import { type DecideAssignment, DecideAssignmentHandler } from '@app/commands/decide-assignment.js';
import type { AccountEvent } from '@app/domain/account.js';
import { type AccountRole, SYSTEM } from '@app/domain/actor.js';
import type { AssignmentEvent } from '@app/domain/assignment.js';
import type { Message } from '@app/domain/decider.js';
import { type GuidelineEvent, settings } from '@app/domain/guideline.js';
import { assignmentIdOf, idFrom } from '@app/domain/ids.js';
import type { TaskEvent, UnitRole } from '@app/domain/task.js';
import type { UnitEvent } from '@app/domain/unit.js';
import { NO_STREAM } from '@app/event-store/event-store.js';
import { PostgresEventStore } from '@app/event-store/postgres.js';
import { databaseOptions, openMigrated } from '@app/read-models/database.js';
import { ENTITIES } from '@app/read-models/entities.js';
import { ViewProgress } from '@app/read-models/progress.js';
import { run } from '@app/read-models/runner.js';
import { VIEWS } from '@app/read-models/views.js';
import { MovableClock } from '@app/runtime/clock.js';
import { createDatabase } from '../../../test/support/database.js';
import type { DigestParts } from './digest.js';
import { InboxRow } from './inbox.js';

const guidelineId = idFrom('guideline');

/** A government on a database of its own: a guideline issued with the usual settings, and whatever a spec adds. */
export class Government {
  readonly clock = new MovableClock();
  private readonly stopping = new AbortController();

  private constructor(
    readonly url: string,
    readonly db: DataSource,
    readonly store: PostgresEventStore,
    readonly progress: ViewProgress,
    private readonly drop: () => Promise<void>,
    private readonly views: (signal: AbortSignal) => Promise<void>,
  ) {}

  static async start(): Promise<Government> {
    const { url, drop } = await createDatabase();
    const db = await openMigrated({ ...databaseOptions(url), entities: [...ENTITIES, InboxRow] });
    const store = new PostgresEventStore(url);
    const progress = new ViewProgress(db, url);
    progress.listen();
    const views = (signal: AbortSignal) => run(store, db, VIEWS, signal, () => {});
    const government = new Government(url, db, store, progress, drop, views);
    government.running = views(government.stopping.signal);
    await government.issueGuideline();
    return government;
  }
  private running: Promise<void> | undefined;

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.progress.close();
    await this.store.close();
    await this.db.destroy();
    await this.drop();
  }

  /** Everything a digest needs, on the real handler and the real store. */
  get parts(): DigestParts {
    const handler = new DecideAssignmentHandler(this.store, this.clock);
    return {
      db: this.db,
      progress: this.progress,
      clock: this.clock,
      ask: (command: DecideAssignment) => handler.execute(command),
      channels: [],
    };
  }

  async record<E extends Message>(stream: string, ...events: E[]): Promise<void> {
    const facts = await this.store.read(stream);
    const revision = facts.at(-1)?.revision ?? NO_STREAM;
    const numbered = events.map((event, n) => ({ ...event, id: idFrom(stream, String(revision), n) }));
    await this.store.append(stream, numbered, revision, {
      by: SYSTEM,
      at: this.clock.now(),
      commandId: idFrom(stream, String(revision)),
    });
  }

  /** Waits until the views show all that was recorded. */
  async settled(): Promise<void> {
    const head = await this.store.head();
    if (head && !(await this.progress.reached(head, 5_000))) throw new Error('the views are behind');
  }

  at(day: string, time = '09:00'): void {
    this.clock.moveTo(instantAt(day, time));
  }

  async unit(name: string): Promise<string> {
    const id = idFrom('unit', name);
    await this.record<UnitEvent>(`unit-${id}`, {
      type: 'UnitRegistered',
      data: { name, fullName: null, kind: 'department', level: null, parentId: null, aliases: [], members: null },
    });
    return id;
  }

  async account(unitId: string, name: string, ...roles: AccountRole[]): Promise<string> {
    const id = idFrom('account', unitId, name);
    await this.record<AccountEvent>(
      `account-${id}`,
      { type: 'AccountOpened', data: { login: name, name, unitId } },
      { type: 'RolesGranted', data: { roles } },
    );
    return id;
  }

  private issueGuideline(): Promise<void> {
    const imported = {
      title: '关于培育先进制造业集群的意见',
      number: null,
      issuer: null,
      issuedOn: null,
      text: '…',
      supersedes: null,
      sha256: '',
    };
    return this.record<GuidelineEvent>(
      `guideline-${guidelineId}`,
      {
        type: 'GuidelineImported',
        data: { ...imported, source: { name: 'a', format: 'text', encoding: 'utf-8', places: [], notes: [], reader: '1' }, drafts: [] },
      },
      { type: 'GuidelineIssued', data: { settings: settings.parse({}), acknowledgeBy: '2026-11-25', tasks: [] } },
    );
  }

  /** A task with shares for these units, assigned now. Answers the ids of the shares, in that order. */
  async task(title: string, dueOn: string | null, acknowledgeBy: string, ...units: (readonly [unitId: string, role: UnitRole])[]) {
    const taskId = idFrom('task', title);
    const spans = { passage: [0, 0] as [number, number], span: [0, 0] as [number, number] };
    await this.record<TaskEvent>(
      `task-${taskId}`,
      { type: 'TaskOpened', data: { guidelineId, list: '1', path: [], title, text: title, assignees: [], ...spans } },
      { type: 'DueDateSet', data: { dueOn, recurrence: null, words: null } },
    );
    for (const [unitId, role] of units)
      await this.record<AssignmentEvent>(`assignment-${assignmentIdOf(taskId, unitId)}`, {
        type: 'UnitAssigned',
        data: { taskId, guidelineId, unitId, role, via: null, dueOn, acknowledgeBy },
      });
    return { taskId, shares: units.map(([unitId]) => assignmentIdOf(taskId, unitId)) as [string, ...string[]] };
  }

  ofTask = (taskId: string, ...events: TaskEvent[]) => this.record(`task-${taskId}`, ...events);

  async ofShare<T extends AssignmentEvent['type']>(
    id: string,
    type: T,
    data: Omit<Extract<AssignmentEvent, { type: T }>['data'], 'taskId' | 'unitId'>,
  ) {
    const [assigned] = await this.store.read<AssignmentEvent>(`assignment-${id}`);
    const { taskId, unitId } = assigned!.data;
    await this.record(`assignment-${id}`, { type, data: { taskId, unitId, ...data } });
  }

  /** Every reminder in the store, as `rule@on`, in the order they were recorded. */
  async reminded(): Promise<string[]> {
    const events = await this.store.readAll(null, 10_000);
    return events.filter(({ type }) => type === 'ReminderSent').map(({ data }) => keyOf(data as { rule: string; on: string }));
  }

  /** What a person was told, a list for each message, oldest first. */
  async told(accountId: string): Promise<string[][]> {
    const rows = await this.db.manager.find(InboxRow, { where: { accountId }, order: { on: 'ASC' } });
    return rows.map(({ items }) => items.map(keyOf));
  }
}

const keyOf = ({ rule, on }: { rule: string; on: string }) => `${rule}@${on}`;
