import type { Recorded } from '@app/event-store/event-store.js';
import { taskIdOf } from '@app/domain/ids.js';
import { eventually } from './support/eventually.js';
import { Stack } from './support/stack.js';
import type { Done, Page, Share, Visitor } from './support/visitor.js';

type Task = {
  id: string;
  list: string;
  title: string;
  standing: string;
  dueOn: string | null;
  datesToCheck: object[];
  acknowledged: { role: string; via: string | null; viaName: string | null; assigned: number; acknowledged: number }[];
};
type Draft = {
  list: string;
  title: string;
  units: { name: string; role: string; unitId: string | null }[];
  unsure: { code: string }[];
  rules: object[];
  deadlines: { text: string; dueOn: string | null; recurrence: string | null }[];
  datesToCheck: { code: string }[];
  due: { dueOn: string | null };
};
type Guideline = { standing: string; unsure: number; drafts: Draft[]; tasks: number };
type Todos = Page<Share> & { counts: Record<string, number> };
type Line = { id: string; type: string; by: { name: string }; at: string };

let stack: Stack;
let supervisor: Visitor;
let guidelineId: string;
let tasks: Task[];

beforeAll(async () => {
  stack = await Stack.start();
  supervisor = await stack.person('ducha');
  guidelineId = await stack.issueGuideline(supervisor);
  tasks = await stack.all<Task>(supervisor, `/tasks?guidelineId=${guidelineId}`);
});
afterAll(() => stack?.stop());

const taskOf = (id: string) => supervisor.must(supervisor.get<Task>(`/tasks/${id}`));
const sharesOf = (taskId: string, filter = '') => stack.all<Share>(supervisor, `/tasks/${taskId}/assignments${filter}`);
const unitNamed = async (name: string) =>
  (await supervisor.must(supervisor.get<Page<{ id: string; name: string }>>(`/units?q=${name}`))).rows.find((unit) => unit.name === name)!
    .id;
const guidelineOf = (id: string) => supervisor.must(supervisor.get<Guideline>(`/guidelines/${id}`));

/** A document with one list for each of the lines. */
const document = (title: string, ...lines: string[]) =>
  [`${title}`, '一、主要任务', ...lines.map((line, n) => `${n + 1}.任务${n + 1}。做好第${n + 1}项工作。(${line})`), ''].join('\n');
async function imported(text: string): Promise<string> {
  const { id } = await supervisor.must(stack.import(supervisor, text));
  await stack.settled();
  return id;
}

describe('a task that 各市、县人民政府 lead', () => {
  it('gives each of the 75 a share of its own, shows 62 of 75, and opens the 13 that have not signed', async () => {
    const all = await Promise.all(tasks.map(({ id }) => taskOf(id)));
    const led = all.find(({ acknowledged }) =>
      acknowledged.some(({ role, viaName }) => role === 'lead' && viaName === '各市、县人民政府'),
    )!;
    const { via } = led.acknowledged.find(({ role, viaName }) => role === 'lead' && viaName !== null)!;
    const members = await sharesOf(led.id, `?via=${via}&role=lead`);
    expect(members).toHaveLength(75);
    expect(new Set(members.map(({ unitId }) => unitId)).size).toBe(75);

    const signing = members.filter((_, n) => n % 6 !== 1);
    expect(signing).toHaveLength(62);
    await Promise.all(
      signing.map(({ id, unitId }) => supervisor.must(supervisor.put(`/assignments/${id}/acknowledgement?onBehalfOf=${unitId}`))),
    );
    await stack.settled();

    expect((await taskOf(led.id)).acknowledged).toContainEqual({
      role: 'lead',
      via,
      viaName: '各市、县人民政府',
      assigned: 75,
      acknowledged: 62,
    });
    const missing = members.filter((share) => !signing.includes(share)).map(({ id }) => id);
    const opened = await sharesOf(led.id, `?via=${via}&role=lead&acknowledged=false`);
    expect(opened.map(({ id }) => id).sort()).toEqual(missing.sort());
    const paged = await stack.all<Share>(supervisor, `/tasks/${led.id}/assignments?via=${via}&role=lead`, 10);
    expect(paged.slice(0, 13).map(({ id }) => id)).toEqual(opened.map(({ id }) => id));
    expect(paged.map(({ id }) => id).sort()).toEqual(members.map(({ id }) => id).sort());
  });
});

describe('the to-do list', () => {
  it('page by page has every row once, most pressing first, and its counts are those rows', async () => {
    const member = await stack.person('hefei');
    const days = ['2026-11-01', '2026-11-20', '2026-11-25', '2026-12-01', '2027-03-31'];
    const mine = await stack.all<Task>(member, '/tasks');
    expect(mine.length).toBeGreaterThan(5);
    await Promise.all(
      mine.slice(0, -2).map(({ id }, n) => supervisor.must(supervisor.put(`/tasks/${id}/due-date`, { dueOn: days[n % days.length] }))),
    );
    await stack.settled();
    const list = `/units/${member.unitId}/todos`;

    for (const limit of [1, 2, 3, 200]) {
      const rows = await stack.all<Share>(member, list, limit);
      expect(rows.map(({ taskId }) => taskId).sort()).toEqual(mine.map(({ id }) => id).sort());
      const keys = rows.map(({ dueKey, id }) => `${dueKey} ${id}`);
      expect(keys).toEqual([...keys].sort());
    }
    const { counts } = await member.must(member.get<Todos>(list));
    const { total, overdue, soon, ...buckets } = counts;
    expect(total).toBe(mine.length);
    for (const [bucket, n] of Object.entries(buckets))
      expect([bucket, await stack.all(member, `${list}?bucket=${bucket}`)]).toEqual([
        bucket,
        Array.from({ length: n }, () => expect.objectContaining({ bucket })),
      ]);
    expect([overdue, soon]).toEqual([
      (await stack.all(member, `${list}?due=overdue`)).length,
      (await stack.all(member, `${list}?due=soon`)).length,
    ]);
    expect(overdue).toBeGreaterThan(0);
    expect(soon).toBeGreaterThan(0);
  });
});

describe('the history of a task', () => {
  it('holds every event of the task and of its shares, in the order of the log, either way round', async () => {
    const { id } = tasks[2]!;
    const about = ({ stream, data }: Recorded) => stream === `task-${id}` || (data as { taskId?: string }).taskId === id;
    const recorded = (await stack.events()).filter(about);
    const lines = await stack.all<Line>(supervisor, `/tasks/${id}/history`, 7);
    expect(lines.map(({ id, type, by, at }) => [id, type, by.name, at])).toEqual(
      recorded.map(({ position, type, by, at }) => [position, type, by.name, at.toISOString()]),
    );
    const newest = await stack.all<Line>(supervisor, `/tasks/${id}/history?order=newest`, 50);
    expect(newest.map(({ id }) => id)).toEqual(lines.map(({ id }) => id).reverse());
  });
});

describe('drafts', () => {
  it('are corrected, split, merged and rejected, and what is left is issued', async () => {
    const text = document(
      '关于核对清单的通知',
      '牵头单位:省科技厅,配合单位:省财政厅',
      '牵头单位:省教育厅,配合单位:省商务厅',
      '牵头单位:省商务厅',
      '牵头单位:省民政厅',
      '牵头单位:省财政厅',
    );
    const id = await imported(text);
    expect((await guidelineOf(id)).drafts.map(({ list }) => list)).toEqual(['1', '2', '3', '4', '5']);
    const drafts = `/guidelines/${id}/drafts`;
    const dates = { dueOn: '2027-06-30', recurrence: null, words: null };
    await supervisor.must(
      supervisor.ask('PATCH', `${drafts}/1`, { body: { title: '改过的标题', due: dates, units: [{ name: '省教育厅', role: 'lead' }] } }),
    );
    await supervisor.must(
      supervisor.post(`${drafts}/2/parts`, {
        into: [{ units: [{ name: '省教育厅', role: 'lead' }] }, { title: '后半', units: [{ name: '省商务厅', role: 'lead' }] }],
      }),
    );
    await supervisor.must(supervisor.post(`/guidelines/${id}/merged-drafts`, { lists: ['3', '4'] }));
    await supervisor.must(supervisor.put(`${drafts}/5/rejection`, { reason: '不是责任清单' }));
    expect((await supervisor.ask('PATCH', `${drafts}/5`, { body: { title: '晚了' } })).body).toMatchObject({
      status: 404,
      code: 'draft.unknown',
    });
    await stack.settled();
    const checked = await guidelineOf(id);
    expect(checked.drafts.map(({ list, title, units }) => [list, title, ...units.map(({ name, role }) => `${role} ${name}`)])).toEqual([
      ['1', '改过的标题', 'lead 省教育厅'],
      ['2.1', checked.drafts[1]!.title, 'lead 省教育厅'],
      ['2.2', '后半', 'lead 省商务厅'],
      ['3', checked.drafts[3]!.title, 'lead 省商务厅', 'lead 省民政厅'],
    ]);

    await stack.issue(supervisor, id);
    const issued = await stack.all<Task>(supervisor, `/tasks?guidelineId=${id}`);
    expect(new Map(issued.map(({ list, title, dueOn }) => [list, `${title} ${dueOn}`]))).toEqual(
      new Map(checked.drafts.map(({ list, title }) => [list, `${title} ${list === '1' ? '2027-06-30' : null}`])),
    );
    expect((await supervisor.put(`${drafts}/1/rejection`, { reason: '晚了' })).body).toMatchObject({
      status: 409,
      code: 'guideline.issued',
    });
    const kinds = (await stack.all<Line>(supervisor, `/guidelines/${id}/history`)).map(({ type }) => type);
    expect(kinds.slice(0, 6)).toEqual([
      'GuidelineImported',
      'DraftCorrected',
      'DraftSplit',
      'DraftMerged',
      'DraftRejected',
      'GuidelineIssued',
    ]);
  });

  it('that name a unit not in the register are marked, and one step registers it', async () => {
    const id = await imported(document('关于一个新单位的通知', '牵头单位:省低空经济发展局,配合单位:省财政厅'));
    const marked = await guidelineOf(id);
    expect(marked.unsure).toBe(1);
    expect(marked.drafts[0]!.unsure).toContainEqual({ code: 'unit.not-registered', details: { name: '省低空经济发展局' } });

    const { answer, events } = await stack.recordedBy(() => supervisor.post(`/guidelines/${id}/issue`));
    expect([answer.status, answer.body.code]).toEqual([409, 'guideline.unit-not-registered']);
    expect(answer.body.title).toContain('省低空经济发展局');
    expect(events).toEqual([]);

    const unit = await supervisor.must(supervisor.post<Done>('/units', { name: '省低空经济发展局', kind: 'department' }));
    const { unsure, drafts } = await supervisor.must(supervisor.get<Guideline>(`/guidelines/${id}`, { 'duban-after': unit.position }));
    expect([unsure, drafts[0]!.units[0]!.unitId]).toEqual([0, unit.id]);
    await stack.issue(supervisor, id);
    const todos = await supervisor.must(supervisor.get<Todos>(`/units/${unit.id}/todos`));
    expect(todos.rows.map(({ role, status }) => [role, status])).toEqual([['lead', 'assigned']]);
  });
});

describe('a unit that is no longer what it was', () => {
  it('is found by its old names, and by those of a unit that was merged into it; who is dissolved is nobody', async () => {
    const register = async (name: string, more: object = {}) =>
      (await supervisor.must(supervisor.post<Done>('/units', { name, kind: 'department', ...more }))).id;
    const [old, next, gone] = [
      await register('省旧厅', { fullName: '安徽省旧事务厅' }),
      await register('省新厅'),
      await register('省撤销办'),
    ];
    const group = await register('有关新旧单位', { kind: 'collective', members: [old, next, gone] });
    await supervisor.must(supervisor.put(`/units/${old}/name`, { name: '省中间厅', fullName: '安徽省中间厅' }));
    await supervisor.must(supervisor.put(`/units/${old}/merger`, { intoId: next, reason: '机构改革' }));
    await supervisor.must(supervisor.put(`/units/${gone}/dissolution`, { reason: '机构改革' }));
    await stack.settled();
    const names = ['省旧厅', '安徽省旧事务厅', '省中间厅', '省新厅', '有关新旧单位', '省撤销办'];
    const id = await imported(document('关于新旧单位的通知', ...names.map((name) => `牵头单位:${name}`)));
    const { drafts } = await guidelineOf(id);
    expect(drafts.map(({ units }) => [units[0]!.name, units[0]!.unitId])).toEqual([
      ...names.slice(0, 4).map((name) => [name, next]),
      ['有关新旧单位', group],
      ['省撤销办', null],
    ]);
    await supervisor.must(supervisor.put(`/guidelines/${id}/drafts/6/rejection`, { reason: '单位已撤销' }));
    await stack.issue(supervisor, id);
    const shares = await sharesOf(taskIdOf(id, '5'));
    expect(shares.map(({ unitId, via }) => [unitId, via])).toEqual([[next, group]]);
  });
});

describe('what a document says once for many lists, and about when', () => {
  const text = [
    '关于按期推进的通知',
    '一、主要任务',
    '1.建设平台。印发后15个工作日内制定方案。(省科技厅、省财政厅负责，列第一位者为牵头单位，下同)',
    '2.创新品牌。到2025年建成1个，到2027年建成3个，每季度报送进展。(牵头单位:省商务厅)',
    '3.推广应用。自项目批复之日起3个月内完成。(省教育厅、省民政厅)',
    '4.再造流程。(省民政厅、省财政厅)',
    '',
  ].join('\n');
  const rule = { text: '列第一位者为牵头单位，下同', span: [text.indexOf('列第一位'), text.indexOf('列第一位') + 13], place: null };

  it('stands on the drafts and the tasks, with the day that issuing gives it and what is still to check', async () => {
    const id = await imported(text);
    const before = (await guidelineOf(id)).drafts;
    expect(before.map(({ rules, due, datesToCheck }) => [rules.length, due.dueOn, datesToCheck.map(({ code }) => code)])).toEqual([
      [1, null, ['due.no-issue-date']],
      [0, '2027-12-31', []],
      [1, null, ['due.event']],
      [1, null, []],
    ]);
    expect(before[1]!.deadlines.map(({ text, dueOn, recurrence }) => [text, dueOn ?? recurrence])).toEqual([
      ['到2025年', '2025-12-31'],
      ['到2027年', '2027-12-31'],
      ['每季度', '每季度'],
    ]);

    await supervisor.must(supervisor.ask('PATCH', `/guidelines/${id}/drafts/4`, { body: { units: [{ name: '省财政厅', role: 'lead' }] } }));
    await supervisor.must(supervisor.ask('PATCH', `/guidelines/${id}`, { body: { issuedOn: '2026-11-26' } }));
    await stack.settled();
    expect((await guidelineOf(id)).drafts.map(({ rules, due }) => [rules.length, due.dueOn])).toEqual([
      [1, '2026-12-17'],
      [0, '2027-12-31'],
      [1, null],
      [0, null],
    ]);

    const issued = await supervisor.must(supervisor.post<Done & { datesToCheck: unknown[] }>(`/guidelines/${id}/issue`));
    const toCheck = { code: 'due.event', details: { words: '自项目批复之日起3个月内', base: '自项目批复之日起' } };
    expect(issued.datesToCheck).toEqual([{ list: '3', title: '推广应用', ...toCheck }]);
    await eventually(async () => (await stack.all<Task>(supervisor, `/tasks?guidelineId=${id}`)).length === 4, 'every task opened');
    await stack.settled();
    const all = await stack.all<Task>(supervisor, `/tasks?guidelineId=${id}`);
    const [first, , third] = await Promise.all(all.toSorted((a, b) => a.list.localeCompare(b.list)).map(({ id }) => taskOf(id)));
    expect(first).toMatchObject({
      dueOn: '2026-12-17',
      rules: [rule],
      deadlines: [{ text: '印发后15个工作日内', flag: null }],
      datesToCheck: [],
    });
    expect(third).toMatchObject({ dueOn: null, rules: [rule], deadlines: [{ base: '自项目批复之日起' }], datesToCheck: [toCheck] });

    const set = await supervisor.must(supervisor.put<Done>(`/tasks/${third!.id}/due-date`, { dueOn: '2027-02-28' }));
    expect(await supervisor.must(supervisor.get(`/tasks/${third!.id}`, { 'duban-after': set.position }))).toMatchObject({
      dueOn: '2027-02-28',
      datesToCheck: [],
    });
  });

  it('counts from the day it is issued here where nobody says another', async () => {
    const id = await imported(text.replace('按期推进', '尽快推进'));
    const { datesToCheck } = await supervisor.must(
      supervisor.post<Done & { datesToCheck: { list: string; code: string }[] }>(`/guidelines/${id}/issue`),
    );
    expect(datesToCheck.map(({ list, code }) => [list, code])).toEqual([
      ['1', 'due.from-handout'],
      ['3', 'due.event'],
    ]);
    const { drafts } = await eventually(async () => {
      const now = await guidelineOf(id);
      return now.standing === 'issued' && now;
    }, 'issued');
    // The clock of these specs stands on 2026-11-23.
    expect(drafts[0]!.due.dueOn).toBe('2026-12-14');
  });
});

describe('one date for a whole guideline', () => {
  it('reaches every open task and its shares, and leaves a withdrawn task as it was', async () => {
    const id = await imported(document('关于期限的通知', '牵头单位:省科技厅', '牵头单位:省财政厅', '牵头单位:省教育厅'));
    await stack.issue(supervisor, id);
    const [gone, ...open] = await stack.all<Task>(supervisor, `/tasks?guidelineId=${id}`);
    await supervisor.must(supervisor.put(`/tasks/${gone!.id}/withdrawal`, { reason: '不再需要' }));
    const set = await supervisor.must(
      supervisor.put<{ tasks: number; position: string }>(`/guidelines/${id}/due-date`, { dueOn: '2027-09-30' }),
    );
    expect(set.tasks).toBe(open.length);
    await stack.settled();
    const dated = (await stack.all<Task>(supervisor, `/tasks?guidelineId=${id}`)).map(({ id, dueOn }) => [id, dueOn] as const);
    expect(new Map(dated)).toEqual(new Map([...open.map(({ id }) => [id, '2027-09-30'] as const), [gone!.id, null]]));
    for (const { id } of open) expect((await sharesOf(id)).map(({ dueKey }) => dueKey)).toEqual(['2027-09-30']);
    expect(
      (
        await supervisor.put(`/guidelines/${await imported('关于草稿的通知\n1.任务。(牵头单位:省科技厅)\n')}/due-date`, {
          dueOn: '2027-01-01',
        })
      ).body.code,
    ).toBe('guideline.not-issued');
  });
});

describe('what supervisors decide in the very moment in which shares are handed out', () => {
  /** Does something between a share's decision and its being recorded. */
  function interrupting(act: () => Promise<unknown>) {
    const append = stack.store.append.bind(stack.store);
    stack.store.append = async (stream, events, ...rest) => {
      if (events[0]?.type === 'UnitAssigned') await act();
      return append(stream, events, ...rest);
    };
    return { [Symbol.dispose]: () => void (stack.store.append = append) };
  }

  const everybody = '牵头单位:省科技厅,配合单位:各市、县人民政府';
  it.each<[what: string, list: string, path: string, body: object, seen: object]>([
    ['a date', everybody, '/due-date', { dueOn: '2027-03-31' }, { dueKey: '2027-03-31', taskStanding: 'open' }],
    ['that the task is suspended', everybody, '/suspension', { reason: '机构改革' }, { taskStanding: 'suspended' }],
    ['that the task is withdrawn', '牵头单位:省科技厅', '/withdrawal', { reason: '不再需要' }, { taskStanding: 'withdrawn', bucket: null }],
  ])('reaches every share: %s', async (what, list, path, body, seen) => {
    const id = await imported(document(`关于同时办理的通知：${what}`, list));
    const taskId = taskIdOf(id, '1');
    let decided: Promise<unknown> | undefined;
    using _ = interrupting(() => (decided ??= supervisor.must(supervisor.put(`/tasks/${taskId}${path}`, body))));
    await stack.issue(supervisor, id);
    const shown = (share: object) => Object.entries(seen).every(([field, value]) => share[field as keyof typeof share] === value);
    const shares = await eventually(async () => {
      const rows = await sharesOf(taskId);
      return rows.every(shown) && rows;
    }, what);
    expect(shares).toHaveLength(list === everybody ? 76 : 1);
  });

  it('is refused as a whole where it is for all tasks and some are still to come', async () => {
    const id = await imported(document('关于逐项办理的通知', '牵头单位:省科技厅', '牵头单位:省财政厅'));
    const set = () => supervisor.put<{ tasks: number; code?: string }>(`/guidelines/${id}/due-date`, { dueOn: '2027-04-30' });
    const early: (string | undefined)[] = [];
    {
      let asked: Promise<unknown> | undefined;
      using _ = interrupting(() => (asked ??= set().then(({ body }) => early.push(body.code))));
      await stack.issue(supervisor, id);
    }
    expect(early).toEqual(['guideline.being-handed-out']);
    expect((await supervisor.must(set())).tasks).toBe(2);
  });

  it('is not said twice where it changes nothing', async () => {
    const id = await imported(document('关于照常办理的通知', '牵头单位:省科技厅,配合单位:省财政厅'));
    const { events } = await stack.recordedBy(() => stack.issue(supervisor, id));
    expect(events.map(({ type }) => type)).toEqual(['GuidelineIssued', 'TaskOpened', 'DueDateSet', 'UnitAssigned', 'UnitAssigned']);
  });
});

describe('a transferred share', () => {
  it('is the other unit’s, and only a unit that there is and that is not on the task can have it', async () => {
    const id = await imported(document('关于改派的通知', '牵头单位:省科技厅,配合单位:省财政厅'));
    await stack.issue(supervisor, id);
    const [task] = await stack.all<Task>(supervisor, `/tasks?guidelineId=${id}`);
    const shares = await sharesOf(task!.id);
    const lead = shares.find(({ role }) => role === 'lead')!;
    const transfer = (toUnitId: string) => supervisor.put(`/assignments/${lead.id}/transfer`, { toUnitId, reason: '职责调整' });

    const { answer, events } = await stack.recordedBy(async () => [
      await transfer('00000000-0000-4000-8000-000000000000'),
      await transfer(await unitNamed('各市、县人民政府')),
      await transfer(shares.find(({ role }) => role === 'support')!.unitId),
      await transfer(lead.unitId),
    ]);
    expect(answer.map(({ status }) => status)).toEqual([404, 404, 409, expect.any(Number)]);
    expect(answer.at(-1)!.status).toBeGreaterThanOrEqual(400);
    expect(events).toEqual([]);

    const to = await unitNamed('合肥市人民政府');
    await supervisor.must(transfer(to));
    const taken = await eventually(async () => (await sharesOf(task!.id)).find(({ unitId }) => unitId === to), 'the other unit has it');
    expect([taken.role, taken.status]).toEqual(['lead', 'assigned']);
    await stack.settled();
    expect((await sharesOf(task!.id)).map(({ unitId }) => unitId)).not.toContain(lead.unitId);
    const hefei = await stack.person('hefei');
    await hefei.must(hefei.put(`/assignments/${taken.id}/acknowledgement`));
    const keji = await stack.person('keji');
    expect((await keji.put(`/assignments/${lead.id}/acknowledgement`)).body).toMatchObject({ status: 409, code: 'assignment.released' });
  });
});

describe('the next version of a document', () => {
  const version = (...items: [title: string, words: string, list: string][]) =>
    ['关于新版本的通知', '一、主要任务', ...items.map(([title, words, list], n) => `${n + 1}.${title}。${words}。(${list})`), ''].join(
      '\n',
    );
  const platform = '依托集群企业争创省级以上工程研究中心、制造业创新中心、重点实验室，到2026年底前建成';
  const brand = '推动有关县市与专业机构合作建立品牌服务平台，开展集群品牌建设试点';
  const travel = '充分发挥自贸区及联动创新区带动效应，建立集群企业走出去便捷通道';
  const green = '完善能源消费强度和总量双控制度，提升能源利用效率，推进节能降碳';

  it('says what it keeps, changes, adds and drops, and issuing it keeps the progress of what goes on', async () => {
    const first = await imported(
      version(
        ['搭建创新平台', platform, '牵头单位:省科技厅,配合单位:省财政厅'],
        ['创建公共品牌', brand, '牵头单位:省财政厅,配合单位:省教育厅'],
        ['融入开放平台', travel, '牵头单位:省商务厅'],
      ),
    );
    await stack.issue(supervisor, first);
    const before = await stack.all<Task>(supervisor, `/tasks?guidelineId=${first}`);
    const named = (title: string) => before.find((task) => task.title === title)!.id;
    const keji = await stack.person('keji');
    const lead = (await sharesOf(named('搭建创新平台'))).find(({ role }) => role === 'lead')!;
    await keji.must(keji.post(`/assignments/${lead.id}/reports`, { done: '已建成三家' }));
    await supervisor.must(supervisor.put(`/tasks/${lead.taskId}/due-date`, { dueOn: '2027-05-31' }));

    const text = version(
      ['推进节能降碳', green, '牵头单位:省生态环境厅'],
      ['搭建创新平台', platform, '牵头单位:省科技厅,配合单位:省财政厅'],
      ['创建公共品牌', brand, '牵头单位:省教育厅,配合单位:省民政厅'],
    );
    const { id } = await supervisor.must(
      supervisor.ask<Done>('POST', `/guidelines/${first}/versions?name=v2.txt`, { body: new TextEncoder().encode(text) }),
    );
    await stack.settled();
    const { differences } = await supervisor.must(
      supervisor.get<{ differences: { kind: string; title: string; fields: string[] }[] }>(`/guidelines/${id}`),
    );
    expect(differences.map(({ kind, title, fields }) => [kind, title, fields])).toEqual([
      ['new', '推进节能降碳', []],
      ['kept', '搭建创新平台', []],
      ['changed', '创建公共品牌', ['units']],
      ['gone', '融入开放平台', []],
    ]);

    await supervisor.must(supervisor.post(`/guidelines/${id}/issue`));
    await eventually(async () => (await guidelineOf(first)).standing === 'superseded', 'the first version superseded');
    await stack.settled();
    const after = await stack.all<Task>(supervisor, `/tasks?guidelineId=${id}`);
    expect(new Set(after.map(({ title }) => title))).toEqual(new Set(['推进节能降碳', '搭建创新平台', '创建公共品牌']));
    expect(after.find(({ title }) => title === '搭建创新平台')!.id).toBe(named('搭建创新平台'));
    expect((await taskOf(lead.taskId)).dueOn).toBe('2027-05-31');
    expect((await taskOf(named('融入开放平台'))).standing).toBe('withdrawn');
    expect((await sharesOf(lead.taskId)).find(({ id }) => id === lead.id)).toMatchObject({ status: 'in-progress', role: 'lead' });
    expect((await sharesOf(named('创建公共品牌'))).map(({ unitName, role }) => `${role} ${unitName}`).toSorted()).toEqual([
      'lead 省教育厅',
      'support 省民政厅',
    ]);

    const again = await supervisor.ask('POST', `/guidelines/${first}/versions?name=v3.txt`, {
      body: new TextEncoder().encode(`${text}。`),
    });
    expect(again.body).toMatchObject({ status: 409, code: 'guideline.previous-not-issued' });
    expect((await supervisor.put(`/guidelines/${first}/withdrawal`, { reason: '废止' })).body.code).toBe('guideline.superseded');
  });
});

describe('a withdrawn guideline', () => {
  it('withdraws its tasks, empties the to-do lists, and every command says so', async () => {
    const id = await imported(document('关于撤回的通知', '牵头单位:省科技厅', '牵头单位:省财政厅,配合单位:省科技厅'));
    await stack.issue(supervisor, id);
    const member = await stack.person('keji');
    const before = await stack.all<Share & { guidelineId: string }>(member, `/units/${member.unitId}/todos`);
    const [share] = before.filter((row) => row.guidelineId === id);
    await supervisor.must(supervisor.put(`/guidelines/${id}/withdrawal`, { reason: '文件废止' }));
    await eventually(
      async () => (await stack.all<Task>(supervisor, `/tasks?guidelineId=${id}`)).every(({ standing }) => standing === 'withdrawn'),
      'the tasks withdrawn',
    );
    await stack.settled();
    const after = await stack.all<Share & { guidelineId: string }>(member, `/units/${member.unitId}/todos`);
    expect(after).toHaveLength(before.length - 2);
    const { counts } = await member.must(member.get<Todos>(`/units/${member.unitId}/todos`));
    expect(counts['total']).toBe(after.length);
    const { answer, events } = await stack.recordedBy(() => member.put(`/assignments/${share!.id}/acknowledgement`));
    expect(answer.body).toMatchObject({ status: 409, code: 'task.withdrawn' });
    expect(events).toEqual([]);
    expect((await supervisor.post(`/guidelines/${id}/issue`)).body.code).toBe('guideline.withdrawn');
  });
});
