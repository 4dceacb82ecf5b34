import type { DataSource } from 'typeorm';
import type { Actor, Context } from '@app/domain/actor.js';
import { decide, type Decider, fold, type Message } from '@app/domain/decider.js';
import { assignmentIdOf, idFrom } from '@app/domain/ids.js';
import type { EventStore, Recorded } from '@app/event-store/event-store.js';
import { createDatabase } from '../../../test/support/database.js';
import { databaseOptions, openMigrated } from './database.js';
import { ENTITIES } from './entities.js';
import { LIVE, Tables } from './tables.js';
import type { AnyView } from './view.js';
import { VIEWS } from './views.js';

export const supervisor: Actor = {
  accountId: idFrom('a', 1),
  name: '督查员',
  unitId: idFrom('u', 0),
  unitName: '督查室',
  roles: ['supervisor'],
};
export const clerkOf = (unitId: string): Actor => ({
  accountId: idFrom('a', unitId),
  name: '经办人',
  unitId,
  unitName: '',
  roles: ['member', 'head'],
});

/** A log as a store would keep it: what deciders answer to commands, one after the other. */
export class Log {
  readonly events: Recorded[] = [];
  private readonly lengths = new Map<string, bigint>();

  ask<S, C extends Message, E extends Message, X extends Context>(decider: Decider<S, C, E, X>, id: string, command: C, context: X): this {
    const stream = `${decider.category}-${id}`;
    const facts = this.events.filter((event) => event.stream === stream) as Recorded<E>[];
    return this.add(stream, decide(decider, fold(decider, facts), command, context), context);
  }

  add(stream: string, messages: readonly Message[], { by, at }: Context): this {
    for (const message of messages) {
      const n = this.events.length;
      const revision = this.lengths.get(stream) ?? 0n;
      this.lengths.set(stream, revision + 1n);
      const position = `m1:${String(n + 1).padStart(20, '0')}`;
      this.events.push({ ...message, id: idFrom('event', n), stream, revision, position, by, at, commandId: idFrom('command', n) });
    }
    return this;
  }
}

/**
 * So many tasks of one guideline, each with two shares, about ten events apiece, as they would have been recorded: every task takes its
 * first step before any takes its second, so that whoever folds them meets each row again when it has long seen others.
 */
export function work(tasks: number): Log {
  const log = new Log();
  const say = (category: string, id: string, type: string, data: object, by = supervisor) =>
    log.add(`${category}-${id}`, [{ type, data }], { by, at: new Date(Date.UTC(2026, 10, 23, 1, 0, 0, log.events.length)) });
  const [guidelineId, lead, support] = ['guideline', 'lead', 'support'].map((name) => idFrom(name)) as [string, string, string];
  const text = '牵头单位：“省科技厅”\n\t配合单位\\省财政厅\r\n';
  const source = { name: 'a.txt', encoding: 'utf-8', reader: 'x' };
  const names = { title: text, number: null, issuer: null, issuedOn: '2026-01-05', supersedes: null };
  say('guideline', guidelineId, 'GuidelineImported', { ...names, text, sha256: '0', source, drafts: [] });
  for (const id of [lead, support]) {
    const unit = { name: `${text}${id}`, fullName: null, kind: 'department', level: null, parentId: null, aliases: ['\\N'], members: null };
    say('unit', id, 'UnitRegistered', unit);
    say('account', idFrom('a', id), 'AccountOpened', { login: id, name: text, unitId: id });
  }
  const ids = Array.from({ length: tasks }, (_, n) => idFrom('work', n));
  const steps: ((taskId: string, n: number) => void)[] = [
    (id, n) => {
      const assignees = [lead, support].map((unitId) => ({ unitId, role: 'lead', members: null }));
      const passages = { path: ['一', text], passage: [0, 9], span: [0, 9] };
      say('task', id, 'TaskOpened', { guidelineId, list: `${n}`, title: text, text, ...passages, assignees });
    },
    (taskId) => {
      for (const unitId of [lead, support]) {
        const share = { taskId, guidelineId, unitId, role: unitId === lead ? 'lead' : 'support', via: null, dueOn: null };
        say('assignment', assignmentIdOf(taskId, unitId), 'UnitAssigned', { ...share, acknowledgeBy: '2026-11-25' });
      }
    },
    (taskId) => say('assignment', assignmentIdOf(taskId, lead), 'AssignmentAcknowledged', { taskId, unitId: lead }, clerkOf(lead)),
    (id, n) => say('task', id, 'DueDateSet', { dueOn: `2027-0${(n % 9) + 1}-15`, recurrence: null, words: null }),
    (taskId) => {
      const report = { done: text, problems: '', helpNeeded: '', nextStep: '', evidence: ['a'] };
      say('assignment', assignmentIdOf(taskId, lead), 'ProgressReported', { taskId, unitId: lead, ...report }, clerkOf(lead));
    },
    (_, n) => n % 5 === 0 && say('account', idFrom('a', lead), 'SignedIn', {}, clerkOf(lead)),
    (taskId, n) => {
      const reminder = { taskId, unitId: lead, rule: 'due-7', on: '2027-01-08', to: [idFrom('a', lead)] };
      if (n % 2 === 0) say('assignment', assignmentIdOf(taskId, lead), 'ReminderSent', reminder);
    },
    (id, n) => n % 3 === 0 && say('task', id, 'TaskClosed', { outcome: 'not-completed', summary: text }),
    (id, n) => n % 3 === 1 && say('task', id, 'CommentAdded', { text }),
  ];
  for (const step of steps) for (const [n, id] of ids.entries()) step(id, n);
  return log;
}

/** The events in a store, at its own positions. */
export async function fill(store: EventStore, events: readonly Recorded[]): Promise<void> {
  for (const { stream, revision, id, type, data, by, at, commandId } of events)
    await store.append(stream, [{ id, type, data }], revision - 1n, { by, at, commandId });
}

/** Everything that the views hold in a schema, in a fixed order; counters of nothing left out. */
export async function contents(db: DataSource, views: readonly AnyView[] = VIEWS, schema = LIVE): Promise<unknown[]> {
  const queries = views.flatMap((view) => {
    const { rows, versions, tally } = new Tables(db, schema, view);
    return [
      `select * from ${rows} order by id`,
      ...(view.versioned ? [`select * from ${versions} order by id, "from"`] : []),
      ...(view.tally ? [`select * from ${tally} where n <> 0 order by key`] : []),
    ];
  });
  return Promise.all(queries.map((query) => db.query<unknown>(query)));
}

/** As if no view had ever read anything. */
export async function forget(db: DataSource): Promise<void> {
  const tables = VIEWS.flatMap((view) => {
    const { rows, versions } = new Tables(db, LIVE, view);
    return view.versioned ? [rows, versions] : [rows];
  });
  await db.query(`truncate app.checkpoint, app.parked, app.tally, ${tables.join()}`);
}

/** A database of one's own with all tables and no rows. */
export async function openViews(): Promise<{ db: DataSource; url: string; close(): Promise<void> }> {
  const { url, drop } = await createDatabase();
  const db = await openMigrated({ ...databaseOptions(url), entities: ENTITIES });
  return {
    db,
    url,
    close: async () => {
      await db.destroy();
      await drop();
    },
  };
}
