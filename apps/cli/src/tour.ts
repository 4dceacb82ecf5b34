import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pc from 'picocolors';
import { instantAt } from '@app/calendar/days.js';
import { PlatformModule } from '@app/commands/platform.module.js';
import { MovableClock } from '@app/runtime/clock.js';
import { readConfiguration } from '@app/runtime/configuration.js';
import { startPostgres } from '@app/runtime/embedded-postgres.js';
import { logTo } from '@app/runtime/log.js';
import { languageOf } from '@app/runtime/sentences.js';
import { ApiModule } from '../../api/src/api.module.js';
import { serve, together } from '../../api/src/serve.js';
import { WorkerModule } from '../../worker/src/worker.module.js';
import { Client, Said } from './client.js';
import { cornerOn } from './corner.js';
import { DEMO_ACCOUNTS, GUIDELINE_FILE, loadPeople } from './demonstration.js';
import type { ExitCode } from './exit-code.js';

type Done = { id: string; revision: number; position: string };
type Share = {
  id: string;
  taskId: string;
  taskTitle: string;
  unitName: string;
  role: string;
  status: string;
  revision: number;
  light: { colour: string };
  can: string[];
};
type Task = {
  id: string;
  title: string;
  standing: string;
  acknowledged: { role: string; viaName: string | null; assigned: number; acknowledged: number }[];
};
type Line = { type: string; at: string; by: { name: string; unitName: string }; data: Record<string, unknown> };
type Inbox = { rows: { on: string; items: { title: string; rule: string }[] }[] };

/** Something was not as the tour tells it. */
class Unexpected extends Error {}

function mustBe(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Unexpected(what);
}

/**
 * Plays the whole life of one task over HTTP, on a database of its own, a corner of the store and the queue that are configured, and a clock that it moves, and prints each step.
 * Answers 1 when a step is not as it should be.
 */
export async function tour(): Promise<ExitCode> {
  const dir = await mkdtemp(join(tmpdir(), 'duban-tour-'));
  const clock = new MovableClock();
  clock.moveTo(instantAt('2026-11-23', '08:30'));
  const corner = await cornerOn(readConfiguration());
  const postgres = await startPostgres({ dir: join(dir, 'postgres'), throwAway: true });
  try {
    const { eventStoreUrl, queueUrl } = corner;
    const place = { databaseUrl: postgres.url(), eventStoreUrl, queueUrl, clock, sweepEveryMs: 200 };
    const app = await serve(together(PlatformModule.at(place), ApiModule, WorkerModule), logTo('error'));
    await app.init();
    const password = 'tour-of-one-task';
    await loadPeople(app, DEMO_ACCOUNTS, password);
    await app.listen(0, '127.0.0.1');
    try {
      await play(await app.getUrl(), clock, password);
    } finally {
      await app.close();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof Unexpected) && !(error instanceof Said)) throw error;
    console.error(pc.red(`✗ ${error.message} ${error instanceof Said ? JSON.stringify(error.body) : ''}`));
    return 1;
  } finally {
    await corner.leave();
    await postgres.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function play(url: string, clock: MovableClock, password: string) {
  let step = 0;
  const tell = (words: string) => console.log(`${pc.green('✓')} ${pc.dim(String(++step).padStart(2))} ${words}`);
  const person = async (login: string) => {
    const client = new Client(url, languageOf(process.env));
    const { unitId } = await client.post<{ unitId: string }>('/session', { login, password });
    return Object.assign(client, { unitId });
  };
  const [supervisor, member, head, finance, hefei] = (await Promise.all(
    ['ducha', 'keji', 'keji-head', 'caizheng', 'hefei'].map(person),
  )) as [Person, Person, Person, Person, Person];

  const imported = await supervisor.send<Done>('POST', '/guidelines?name=anhui.txt', await readFile(GUIDELINE_FILE));
  const guideline = await supervisor.get<{ title: string; number: string; drafts: unknown[]; unsure: number }>(
    `/guidelines/${imported.id}`,
    imported.position,
  );
  mustBe(
    guideline.drafts.length === 13 && guideline.unsure === 0,
    `13 certain lists, not ${guideline.drafts.length} with ${guideline.unsure} unsure`,
  );
  tell(`导入 import: ${guideline.title} ${guideline.number} — 13 项清单 lists, ${guideline.unsure} 待确认 unsure`);

  const issued = await supervisor.post<Done>(`/guidelines/${imported.id}/issue`, {});
  const out = await eventually(async () => {
    const { handedOut, assignments } = await supervisor.get<{
      handedOut: { tasks: number; assignments: number; units: number };
      assignments: number;
    }>(`/guidelines/${imported.id}`, issued.position);
    return handedOut.assignments === assignments && handedOut;
  }, 'every share handed out');
  mustBe(out.tasks === 13, `13 tasks, not ${out.tasks}`);
  tell(`下发 issue: ${out.tasks} 项任务 tasks, ${out.assignments} 项分工 assignments, ${out.units} 家单位 units`);

  const dated = await supervisor.put<{ tasks: number; position: string }>(`/guidelines/${imported.id}/due-date`, { dueOn: '2026-12-31' });
  mustBe(dated.tasks === 13, `a date for 13 tasks, not ${dated.tasks}`);
  tell('定期限 set the due date: 13 项任务均为 2026-12-31');

  const todos = await member.get<{ rows: Share[]; counts: { acknowledge: number; total: number } }>(
    `/units/${member.unitId}/todos`,
    dated.position,
  );
  const share = todos.rows.find(({ role }) => role === 'lead');
  mustBe(share !== undefined && share.can.includes('AcknowledgeAssignment'), 'a lead share to sign for');
  tell(`待办 to-do of 省科技厅: ${todos.counts.total} 项, 待签收 ${todos.counts.acknowledge} — 牵头 “${share.taskTitle}”`);

  await member.put(`/assignments/${share.id}/acknowledgement`);
  tell('签收 acknowledge: 省科技厅');

  const shares = await finance.get<{ rows: Share[] }>(`/units/${finance.unitId}/todos`);
  const supporting = shares.rows.find(({ taskId }) => taskId === share.taskId);
  mustBe(supporting?.role === 'support', '省财政厅 supports that task');
  const supported = await finance.post<Done>(`/assignments/${supporting.id}/supports`, { done: '安排创新平台专项资金 3000 万元' });
  tell('配合 support: 省财政厅 签收并记录配合');
  const refused = await finance.put(`/assignments/${share.id}/acknowledgement`).then(
    () => null,
    (error: Said) => error,
  );
  mustBe(refused instanceof Said && refused.status === 403, 'another unit is refused');
  tell(`越权被拒 another unit's share is refused: ${refused.status} ${refused.code}`);

  const collective = (await hefei.get<{ rows: Share[] }>(`/units/${hefei.unitId}/todos`)).rows.find(({ role }) => role === 'lead');
  mustBe(collective !== undefined, '合肥市 leads through the collective');
  const signed = await hefei.put<Done>(`/assignments/${collective.id}/acknowledgement`);
  const { acknowledged } = await supervisor.get<Task>(`/tasks/${collective.taskId}`, signed.position);
  const group = acknowledged.find(({ viaName }) => viaName !== null);
  mustBe(group?.assigned === 75 && group.acknowledged === 1, '1 of 75 signed');
  tell(`责任群体 collective: ${group.viaName} ${group.acknowledged}/${group.assigned} 已签收`);

  const reported = await member.post<Done>(`/assignments/${share.id}/reports`, { done: '新建重点实验室 3 家', nextStep: '组织中期评估' });
  const working = await member.get<Share>(`/assignments/${share.id}`, reported.position);
  mustBe(working.status === 'in-progress', `in progress, not ${working.status}`);
  tell(`填报 report: 状态 ${working.status}`);

  clock.moveTo(instantAt('2026-12-24', '09:00'));
  // The half-hour of idleness has passed for everybody.
  await Promise.all(
    [supervisor, member, head, finance].map((who, n) =>
      who.post('/session', { login: ['ducha', 'keji', 'keji-head', 'caizheng'][n], password }),
    ),
  );
  const message = await eventually(async () => {
    const { rows } = await member.get<Inbox>('/inbox');
    return rows.find(({ on }) => on === '2026-12-24');
  }, 'a reminder on the 24th');
  const reminder = message.items.find(({ rule }) => rule.startsWith('due'));
  mustBe(reminder !== undefined, `a reminder of the due date among ${JSON.stringify(message.items)}`);
  tell(
    `提醒 reminder: ${message.on} 一条，含 ${message.items.length} 项 (${[...new Set(message.items.map(({ rule }) => rule))].join(', ')})`,
  );

  const early = await member.put(`/assignments/${share.id}/completion`, { summary: '完成' }).then(
    () => null,
    (error: Said) => error,
  );
  mustBe(early instanceof Said && early.code === 'assignment.heads-only', 'only the head submits');
  tell(`经办人不能申请办结 a member may not submit: ${early.code}`);

  await head.put(`/assignments/${share.id}/completion`, { summary: '平台已全部建成', evidence: ['验收报告'] });
  tell('办结申请 submit: 省科技厅负责人');
  await supervisor.put(`/assignments/${share.id}/completion/return`, { reason: '请补充验收报告' });
  tell('退回 return: 请补充验收报告');
  await head.put(`/assignments/${share.id}/completion`, { summary: '已补充验收报告', evidence: ['验收报告', '专家意见'] });
  tell('再次申请 submit again');
  await supervisor.put(`/assignments/${share.id}/completion/verification`, { comment: '同意销号' });
  tell('销号 verify');
  const closed = await supervisor.put<Done>(`/tasks/${share.taskId}/closure`, { outcome: 'completed', summary: '全部完成' });
  const after = await supervisor.get<Task>(`/tasks/${share.taskId}`, closed.position);
  mustBe(after.standing === 'closed', `closed, not ${after.standing}`);
  tell('办结 close: completed');

  const late = await finance.post(`/assignments/${supporting.id}/supports`, { done: '补记' }).then(
    () => null,
    (error: Said) => error,
  );
  mustBe(late instanceof Said && late.code === 'task.closed', 'a closed task takes nothing more');
  tell(`办结后不再受理 nothing more after that: ${late.status} ${late.code}`);

  const { rows } = await supervisor.get<{ rows: Line[] }>(`/tasks/${share.taskId}/history?limit=200`, closed.position);
  const acts = rows.filter(({ type }) => type !== 'UnitAssigned' && type !== 'ReminderSent');
  mustBe(supported.position !== null && acts.length >= 12, `at least 12 acts in the history, not ${acts.length}`);
  tell(`办理全程 history: ${rows.length} 个事件，其中：`);
  for (const { at, by, type } of acts)
    console.log(`      ${new Date(at).toLocaleString('sv', { timeZone: 'Asia/Shanghai' })}  ${by.unitName} ${by.name}  ${pc.cyan(type)}`);
}

type Person = Client & { unitId: string };

async function eventually<T>(look: () => Promise<T | false | undefined>, what: string): Promise<T> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; await wait(50)) {
    const found = await look();
    if (found) return found;
  }
  throw new Unexpected(`${what} within 15 s`);
}
