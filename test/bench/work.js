import { randomUUID } from 'node:crypto';
import { addDays, todayIn } from '../../dist/libs/calendar/src/days.js';
import { accountIdOf, assignmentIdOf, idFrom, unitIdOf } from '../../dist/libs/domain/src/ids.js';
import { SYSTEM } from '../../dist/libs/domain/src/actor.js';
import { NO_STREAM } from '../../dist/libs/event-store/src/event-store.js';
import { inParallel } from './measure.js';

const nameOf = (n) => `第${n}单位`;
export const loginOf = (n) => `bench-${n}`;
export const supervisor = {
  accountId: accountIdOf('bench-ducha'),
  name: '督查员',
  unitId: unitIdOf('督查室'),
  unitName: '督查室',
  roles: ['supervisor'],
};
const WORDS = '已完成项目立项、资金拨付和场地建设，正在组织设备采购和人员招聘，预计下月底前完成阶段性验收。'.repeat(2);

export const guidelineId = idFrom('bench', 'guideline');
/** The person who acts for unit `n`. */
export const clerkOf = (n) => ({
  accountId: accountIdOf(loginOf(n)),
  name: '经办人',
  unitId: unitIdOf(nameOf(n)),
  unitName: nameOf(n),
  roles: ['member', 'head'],
});

const DAY = 86_400_000;

/** Appends whole streams as the commands would have, piece by piece; each piece knows where its stream stands. */
class Teller {
  #at;
  #revisions = new Map();

  constructor(store, at) {
    this.store = store;
    this.#at = at;
  }

  moveTo(at) {
    this.#at = at;
  }

  async tell(stream, by, ...messages) {
    const revision = this.#revisions.get(stream) ?? NO_STREAM;
    const events = messages.map(([type, data]) => ({ id: randomUUID(), type, data }));
    await this.store.append(stream, events, revision, { by, at: new Date((this.#at += 10)), commandId: randomUUID() });
    this.#revisions.set(stream, revision + BigInt(events.length));
  }
}

/** The register, the accounts and one issued guideline. */
async function people(teller, units) {
  const text = WORDS.repeat(40);
  const settings = { acknowledgeWithin: 2, yellowWithin: 15, leadRemindedBefore: [30, 7], supportRemindedBefore: [7], overdueEvery: 7 };
  await teller.tell(`guideline-${guidelineId}`, supervisor, [
    'GuidelineImported',
    {
      title: '关于加快发展的指导意见',
      number: '皖政办〔2026〕1号',
      issuer: '省政府办公厅',
      issuedOn: '2026-01-05',
      text,
      sha256: '0'.repeat(64),
      source: { name: 'bench.txt', encoding: 'utf-8', reader: 'bench' },
      drafts: [],
    },
  ]);
  await teller.tell(`guideline-${guidelineId}`, supervisor, ['GuidelineIssued', { settings, acknowledgeBy: '2026-01-07', tasks: [] }]);
  await teller.tell(
    `account-${supervisor.accountId}`,
    SYSTEM,
    ['AccountOpened', { login: 'bench-ducha', name: supervisor.name, unitId: supervisor.unitId }],
    ['RolesGranted', { roles: supervisor.roles }],
  );
  await inParallel(
    32,
    Array.from({ length: units }, (_, n) => async () => {
      const { accountId, name, unitId, unitName, roles } = clerkOf(n);
      const unit = { name: unitName, fullName: null, kind: 'department', level: 'province', parentId: null, aliases: [], members: null };
      await teller.tell(`unit-${unitId}`, SYSTEM, ['UnitRegistered', unit]);
      await teller.tell(
        `account-${accountId}`,
        SYSTEM,
        ['AccountOpened', { login: loginOf(n), name, unitId }],
        ['RolesGranted', { roles }],
      );
    }),
  );
}

const report = (mine) => ['ProgressReported', { ...mine, done: WORDS, problems: '', helpNeeded: '', nextStep: '组织验收', evidence: [] }];

/** One task with a lead and a supporting unit, handed out and signed for; the lead has reported once. */
async function openTask(teller, { list, lead, support, dueOn, reports = 1 }) {
  const taskId = idFrom('bench', 'task', list);
  const [leader, helper] = [clerkOf(lead), clerkOf(support)];
  const assignees = [leader, helper].map(({ unitId }, n) => ({ unitId, role: n === 0 ? 'lead' : 'support', members: null }));
  const texts = { list, path: ['一、总体要求', '（一）重点任务'], title: `第${list}项任务`, text: WORDS };
  await teller.tell(
    `task-${taskId}`,
    supervisor,
    ['TaskOpened', { guidelineId, ...texts, passage: [0, 80], span: [0, 80], assignees }],
    ['DueDateSet', { dueOn, recurrence: null, words: null }],
  );
  for (const { unitId, role } of assignees) {
    const share = { taskId, guidelineId, unitId, role, via: null, dueOn, acknowledgeBy: '2026-01-07' };
    await teller.tell(`assignment-${assignmentIdOf(taskId, unitId)}`, supervisor, ['UnitAssigned', share]);
  }
  const mine = { taskId, unitId: leader.unitId };
  await teller.tell(
    `assignment-${assignmentIdOf(taskId, leader.unitId)}`,
    leader,
    ['AssignmentAcknowledged', mine],
    ...Array.from({ length: reports }, () => report(mine)),
    ['StatusChanged', { ...mine, from: 'acknowledged', to: 'in-progress', reason: null }],
  );
  return { taskId, lead, assignmentId: assignmentIdOf(taskId, leader.unitId) };
}

/**
 * Appends a register, a guideline and open tasks, `perUnit` led by each of `units` units and as many supported; then `histories` tasks
 * with 50 entries each, and `templates` closed ones. With `days` all that began so many days ago, and its leads have reported once every
 * tenth of that time. Answers where to find them.
 */
export async function openWork(store, { units, perUnit, histories = 0, templates = 0, days }) {
  const teller = new Teller(store, Date.now() - (days ?? 30) * DAY);
  const today = todayIn(new Date());
  /** @type {{ open: { taskId: string, lead: number, assignmentId: string }[], long: string[], closed: string[] }} */
  const made = { open: [], long: [], closed: [] };
  const task = (n, more = {}) =>
    openTask(teller, {
      list: String(n + 1),
      lead: n % units,
      support: (n + 1) % units,
      dueOn: addDays(today, (n % 100) - 10),
      ...more,
    });
  await people(teller, units);
  const tasks = [
    ...Array.from({ length: units * perUnit }, (_, n) => async () => made.open.push(await task(n))),
    // Opened, dated, assigned twice, signed, 44 reports, a status: 50.
    ...Array.from({ length: histories }, (_, n) => async () => made.long.push((await task(n, { list: `9${n}.1`, reports: 44 })).taskId)),
    ...Array.from({ length: templates }, (_, n) => async () => {
      const one = await task(n, { list: `9${n}.2` });
      await teller.tell(`task-${one.taskId}`, supervisor, ['TaskClosed', { outcome: 'not-completed', summary: '任务终止' }]);
      made.closed.push(one.taskId);
    }),
  ];
  await inParallel(32, tasks);
  for (let tenth = 1; days !== undefined && tenth < 10; tenth++) {
    teller.moveTo(Date.now() - (days * DAY * (10 - tenth)) / 10);
    const reports = made.open.map(({ taskId, lead, assignmentId }) => () => {
      const leader = clerkOf(lead);
      return teller.tell(`assignment-${assignmentId}`, leader, report({ taskId, unitId: leader.unitId }));
    });
    await inParallel(32, reports);
  }
  return made;
}
