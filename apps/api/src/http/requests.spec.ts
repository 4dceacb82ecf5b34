import { jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { StoreError } from '@app/event-store/event-store.js';
import { GUIDELINE_FILE } from '../../../cli/src/demonstration.js';
import { eventually } from '../../../../test/support/eventually.js';
import { Stack } from '../../../../test/support/stack.js';
import { type Answer, type Done, type Page, type Problem, type Share, type Visitor } from '../../../../test/support/visitor.js';

let stack: Stack;
let supervisor: Visitor;
let member: Visitor;
let head: Visitor;
let stranger: Visitor;
let guidelineId: string;
let lead: Share;

beforeAll(async () => {
  stack = await Stack.start();
  [supervisor, member, head, stranger] = (await Promise.all(['ducha', 'keji', 'keji-head', 'caizheng'].map(stack.person))) as [
    Visitor,
    Visitor,
    Visitor,
    Visitor,
  ];
  guidelineId = await stack.issueGuideline(supervisor);
  const { rows } = await member.must(member.get<Page<Share>>(`/units/${member.unitId}/todos`));
  lead = rows.find(({ role }) => role === 'lead')!;
});
afterAll(() => stack?.stop());

const comments = () => `/tasks/${lead.taskId}/comments`;
const reports = () => `/assignments/${lead.id}/reports`;
const json = (text: string) => supervisor.ask('POST', comments(), { body: text });
const cursor = (...key: unknown[]) => Buffer.from(JSON.stringify(key)).toString('base64url');

describe('a refusal', () => {
  it('is a problem of RFC 9457 with a code, and a trace id that the header repeats', async () => {
    const { status, headers, body } = await stranger.put(`/assignments/${lead.id}/acknowledgement`);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(headers.get('trace-id')).toBe(body.traceId);
    expect(body.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect({ ...body, traceId: '' }).toEqual({
      type: 'urn:duban:problem:assignment.not-yours',
      title: '这项分工不属于贵单位，未作任何改动。督查员代办时，请先选定所代办的单位。',
      status,
      code: 'assignment.not-yours',
      instance: `/api/assignments/${lead.id}/acknowledgement`,
      traceId: '',
    });
  });

  it.each([
    ['zh-CN,zh;q=0.9,en;q=0.8', /不属于贵单位/],
    ['en-GB,en;q=0.9,zh;q=0.5', /is not your unit/],
    ['fr', /不属于贵单位/],
  ])('speaks the language of Accept-Language: %s', async (language, title) => {
    const { body } = await stranger.put(`/assignments/${lead.id}/acknowledgement`, {}, { 'accept-language': language });
    expect(body.title).toMatch(title);
  });

  it('carries on the trace of its caller', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const { body } = await stack.visitor().get('/tasks', { traceparent: `00-${trace}-00f067aa0ba902b7-01` });
    expect(body.traceId).toBe(trace);
  });
});

describe('bad input is named, and nothing is recorded:', () => {
  const withFile = (bytes: Uint8Array) => () => stack.import(supervisor, bytes);
  it.each<[what: string, ask: () => Promise<Answer<Problem>>, status: number, code: string]>([
    ['an empty file', withFile(Buffer.alloc(0)), 422, 'file.empty'],
    ['a file of blanks', withFile(Buffer.from(' \n\t ')), 422, 'file.empty'],
    ['a file of 20 MB', withFile(Buffer.alloc(20 * 1_048_576, '文')), 413, 'file.too-large'],
    ['a file over 20 MB', withFile(Buffer.alloc(20 * 1_048_576 + 1, '文')), 413, 'request.too-large'],
    ['a program', withFile(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0])), 422, 'file.binary'],
    ['a broken PDF', withFile(Buffer.from('%PDF-1.7\n')), 422, 'file.broken'],
    ['a broken Word document', withFile(Buffer.from([0x50, 0x4b, 3, 4, 20, 0])), 422, 'file.broken'],
    ['JSON where a file is wanted', () => supervisor.post('/guidelines', { text: '一' }), 415, 'request.unsupported-type'],
    ['no file at all', () => supervisor.ask('POST', '/guidelines'), 415, 'request.unsupported-type'],
    [
      'a file where JSON is wanted',
      () => supervisor.ask('POST', comments(), { body: Buffer.alloc(500_000, 'x') }),
      415,
      'request.unsupported-type',
    ],
    [
      'XML',
      () => supervisor.ask('POST', comments(), { body: '<a/>', headers: { 'content-type': 'text/xml' } }),
      415,
      'request.unsupported-type',
    ],
    ['JSON that ends too early', () => json('{"text":'), 400, 'request.malformed'],
    ['JSON without anything', () => json(''), 400, 'request.malformed'],
    ['JSON over a megabyte', () => json(`{"text":"${'字'.repeat(400_000)}"}`), 413, 'request.too-large'],
    ['__proto__', () => json('{"text":"a","__proto__":{"roles":["supervisor"]}}'), 400, 'request.malformed'],
    ['100,000 levels of JSON', () => json('['.repeat(100_000) + ']'.repeat(100_000)), 400, 'request.too-deep'],
    [
      '100,000 levels of JSON under a key',
      () => supervisor.ask('POST', comments(), { body: '['.repeat(100_000) + ']'.repeat(100_000), headers: { 'idempotency-key': 'deep' } }),
      400,
      'request.too-deep',
    ],
    ['a list where an object is wanted', () => json('[1]'), 400, 'request.invalid'],
    ['an address that is no URL', () => supervisor.get('/tasks/%zz'), 400, 'request.malformed'],
    ['an id without end', () => supervisor.get(`/tasks/${'a'.repeat(600)}`), 414, 'request.malformed'],
    ['an id that is none', () => supervisor.get('/tasks/1'), 400, 'request.invalid'],
    ['an address that there is not', () => supervisor.post('/tasks', {}), 404, 'route.unknown'],
    [
      'a page mark of another list',
      () => supervisor.get(`/tasks/${lead.taskId}/assignments?cursor=${cursor('maybe', 'a', lead.id)}`),
      400,
      'request.bad-cursor',
    ],
    ['a page mark with NUL', () => supervisor.get(`/history?cursor=${cursor('a\0')}`), 400, 'request.bad-cursor'],
    ['a page mark in the year 0', () => supervisor.get(`/tasks?cursor=${cursor('0000-01-01', lead.id)}`), 400, 'request.bad-cursor'],
    [
      'a revision that is none',
      () => member.put(`/assignments/${lead.id}/acknowledgement`, {}, { 'if-match': '3' }),
      400,
      'request.bad-revision',
    ],
    [
      'a key with a blank',
      () => member.put(`/assignments/${lead.id}/acknowledgement`, {}, { 'idempotency-key': 'a b' }),
      400,
      'request.bad-key',
    ],
    ['a position that is none', () => member.get('/tasks', { 'duban-after': 'p1:7' }), 400, 'request.bad-position'],
    ['an unknown task', () => supervisor.get('/tasks/00000000-0000-4000-8000-000000000000'), 404, 'task.unknown'],
    ['an unknown assignment', () => supervisor.get('/assignments/00000000-0000-4000-8000-000000000000'), 404, 'assignment.unknown'],
    ['an unknown guideline', () => supervisor.post('/guidelines/00000000-0000-4000-8000-000000000000/issue'), 404, 'guideline.unknown'],
    ['an unknown draft', () => supervisor.put(`/guidelines/${guidelineId}/drafts/99/rejection`, { reason: 'x' }), 409, 'guideline.issued'],
  ])('%s', async (_, ask, status, code) => {
    const { answer, events } = await stack.recordedBy(ask);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body.title).not.toBe(code);
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:|\.js:/);
    expect(events).toEqual([]);
  });

  it.each<[what: string, field: string, ask: () => Promise<Answer<Problem>>]>([
    ['an unknown field', 'status', () => supervisor.post(comments(), { text: 'a', status: 'closed' })],
    [
      'an unknown field deep inside',
      'units.0.members',
      () =>
        supervisor.ask('PATCH', `/guidelines/${guidelineId}/drafts/1`, { body: { units: [{ name: '甲局', role: 'lead', members: [] }] } }),
    ],
    ['a field where there is none', 'roles', () => member.put(`/assignments/${lead.id}/acknowledgement`, { roles: ['supervisor'] })],
    ['an unknown question', 'unit', () => supervisor.get('/tasks?unit=1')],
    ['a missing field', 'text', () => supervisor.post(comments(), {})],
    ['a number for a text', 'text', () => supervisor.post(comments(), { text: 7 })],
    ['nothing but blanks', 'text', () => supervisor.post(comments(), { text: ' \n' })],
    ['2,001 characters', 'text', () => supervisor.post(comments(), { text: '字'.repeat(2_001) })],
    ['NUL in a text', 'text', () => supervisor.post(comments(), { text: 'a\0b' })],
    ['NUL in a list', 'evidence.1', () => member.post(reports(), { done: '完成', evidence: ['a', 'b\0'] })],
    ['half a character', 'text', () => json('{"text":"a\\ud83d"}')],
    ['NUL in a question', 'q', () => supervisor.get('/units?q=%00')],
    ['NUL in a file name', 'name', () => stack.import(supervisor, '一', 'a\0.txt')],
    ['the year 0', 'dueOn', () => supervisor.put(`/tasks/${lead.taskId}/due-date`, { dueOn: '0000-05-01' })],
    ['the 30th of February', 'dueOn', () => supervisor.put(`/tasks/${lead.taskId}/due-date`, { dueOn: '2027-02-30' })],
    ['a page of 1e9', 'limit', () => supervisor.get('/tasks?limit=1e9')],
    ['a day that is none', 'before', () => supervisor.get('/inbox?before=0000-01-01')],
  ])('%s (names %s)', async (_, field, ask) => {
    const { answer, events } = await stack.recordedBy(ask);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 400, code: 'request.invalid' });
    const errors = answer.body['errors'] as { field: string; zh: string; en: string }[];
    expect(errors).toContainEqual({ field, zh: expect.stringMatching(/./), en: expect.stringMatching(/./) });
    expect(answer.body.title).toContain(field);
    expect(events).toEqual([]);
  });

  it('a text of nothing but lists, while others are answered', async () => {
    let waits = true;
    const text = '牵头单位：市教育局\n'.repeat(24_000);
    const refused = stack.import(supervisor, text).finally(() => (waits = false));
    let answered = 0;
    while (waits) {
      await supervisor.must(supervisor.get('/units?limit=1'));
      answered++;
    }
    // A slow machine runs out of time before it has counted them.
    const code = expect.stringMatching(/^file\.too-(many-lists|slow)$/);
    expect((await refused).body).toMatchObject({ status: 422, code });
    expect(answered).toBeGreaterThan(10);
  });

  it('leaves every view well after all that', async () => {
    await stack.settled();
    expect((await fetch(`${stack.url}/health`)).status).toBe(200);
  });

  it('a guideline imported twice: says so, and offers the first', async () => {
    const file = await readFile(GUIDELINE_FILE);
    const { answer, events } = await stack.recordedBy(() => stack.import(supervisor, file, 'another name.txt'));
    expect(answer.body).toMatchObject({ status: 409, code: 'guideline.imported-before', guidelineId });
    expect(answer.body.title).toMatch(/此前已导入，标题为《安徽省人民政府办公厅/);
    expect(events).toEqual([]);
  });

  it('a command on a withdrawn task: says which rule refused', async () => {
    const { rows } = await supervisor.must(supervisor.get<Page<Share>>(`/tasks?limit=200`));
    const other = rows.find(({ id }) => id !== lead.taskId)!;
    await supervisor.must(supervisor.put(`/tasks/${other.id}/withdrawal`, { reason: '并入其他任务' }));
    const { answer, events } = await stack.recordedBy(() => supervisor.post(`/tasks/${other.id}/comments`, { text: '晚了' }));
    expect(answer.body).toMatchObject({ status: 409, code: 'task.withdrawn', title: expect.stringContaining('任务已撤销') });
    expect(events).toEqual([]);
  });
});

it('reads a file of GB18030 as it was meant', async () => {
  const text = '关于开展数据试点的通知\n一、主要任务\n1.建设数据平台。(牵头单位:省科技厅,配合单位:省财政厅)\n';
  const { id, position } = await supervisor.must(stack.import(supervisor, gb18030(text)));
  const kept = await supervisor.must(
    supervisor.get<{ text: string; source: { encoding: string }; drafts: { units: unknown[] }[] }>(`/guidelines/${id}`, {
      'duban-after': position,
    }),
  );
  expect(kept.text).toBe(text);
  expect(kept.source.encoding).toBe('gb18030');
  expect(kept.drafts[0]!.units).toMatchObject([
    { name: '省科技厅', role: 'lead' },
    { name: '省财政厅', role: 'support' },
  ]);
});

describe('the same Idempotency-Key', () => {
  const report = (by: Visitor, key: string, done: string) => by.post<Done & Problem>(reports(), { done }, { 'idempotency-key': key });
  const told = ({ status, body, headers }: Answer<Done & Problem>) => ({
    status,
    body,
    etag: headers.get('etag'),
    position: headers.get('duban-position'),
  });

  it('answers the same and records one set of events, also after a restart', async () => {
    const { events } = await stack.recordedBy(async () => {
      const first = told(await report(member, 'twice', '建成实验室'));
      expect(first).toMatchObject({ status: 201, etag: `"${first.body.revision}"`, position: first.body.position });
      expect(told(await report(member, 'twice', '建成实验室'))).toEqual(first);
      await stack.restart();
      const again = await report(member, 'twice', '建成实验室');
      expect(told(again)).toEqual(first);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
    });
    expect(events.map(({ type }) => type)).toEqual(['AssignmentAcknowledged', 'ProgressReported', 'StatusChanged']);
  });

  it('answers the same when what was answered is lost, as after a crash in the middle', async () => {
    const first = told(await report(member, 'cut-off', '建成平台'));
    await stack.db.query(`update app.answer set status = null, body = null where key = 'cut-off'`);
    const { answer, events } = await stack.recordedBy(() => report(member, 'cut-off', '建成平台'));
    expect(told(answer)).toEqual(first);
    expect(events).toEqual([]);
  });

  it('records one set of events when it comes twelve times at once', async () => {
    const { answer, events } = await stack.recordedBy(() =>
      Promise.all(Array.from({ length: 12 }, () => report(member, 'at-once', '同时提交'))),
    );
    for (const one of answer) expect(told(one)).toEqual(told(answer[0]!));
    expect(answer[0]!.status).toBe(201);
    expect(events.map(({ type }) => type)).toEqual(['ProgressReported']);
  });

  it('is refused with another body, and with another address', async () => {
    await report(member, 'mine', '一');
    const { events } = await stack.recordedBy(async () => {
      expect((await report(member, 'mine', '二')).body).toMatchObject({ status: 422, code: 'idempotency.mismatch' });
      const elsewhere = await member.post(comments(), { text: '一' }, { 'idempotency-key': 'mine' });
      expect(elsewhere.body).toMatchObject({ status: 422, code: 'idempotency.mismatch' });
    });
    expect(events).toEqual([]);
  });

  it.each<[why: string, key: string, bad: (key: string) => Promise<Answer<Problem>>]>([
    ['its fields were wrong', 'mended-1', (key) => member.post(reports(), { done: '' }, { 'idempotency-key': key })],
    ['a rule said no', 'mended-2', (key) => member.post(reports(), { done: '受阻', status: 'blocked' }, { 'idempotency-key': key })],
    ['others had changed it', 'mended-3', (key) => member.post(reports(), { done: '三' }, { 'idempotency-key': key, 'if-match': '"0"' })],
  ])('is free again when %s: the mended request takes it, and keeps it', async (_, key, bad) => {
    const { answer, events } = await stack.recordedBy(() => bad(key));
    expect([Math.floor(answer.status / 100), events]).toEqual([4, []]);
    const first = told(await report(member, key, '已改正'));
    expect(first.status).toBe(201);
    expect(told(await report(member, key, '已改正'))).toEqual(first);
    expect((await report(member, key, '又改')).body).toMatchObject({ status: 422, code: 'idempotency.mismatch' });
  });

  it('stays with its request when nobody knows whether that was recorded', async () => {
    const append = stack.store.append.bind(stack.store);
    stack.store.append = async (...all) => {
      await append(...all);
      throw new StoreError('outcome-unknown', 'the line broke');
    };
    try {
      expect((await report(member, 'unknown', '四')).body).toMatchObject({ status: 503, code: 'store.outcome-unknown' });
    } finally {
      stack.store.append = append;
    }
    expect((await report(member, 'unknown', '五')).body).toMatchObject({ status: 422, code: 'idempotency.mismatch' });
    expect((await report(member, 'unknown', '四')).status).toBe(201);
  });

  it("is another person's own", async () => {
    expect((await report(head, 'mine', '负责人的填报')).status).toBe(201);
  });

  it('gives an import and a whole round of due dates again', async () => {
    const key = { 'idempotency-key': 'dates' };
    const first = await supervisor.put(`/guidelines/${guidelineId}/due-date`, { dueOn: '2026-12-30' }, key);
    await stack.db.query(`update app.answer set status = null, body = null where key = 'dates'`);
    const { answer, events } = await stack.recordedBy(() =>
      supervisor.put(`/guidelines/${guidelineId}/due-date`, { dueOn: '2026-12-30' }, key),
    );
    expect(answer.body).toEqual(first.body);
    expect(events).toEqual([]);
  });

  it('keeps no token and no guessable trace of a password', async () => {
    const body = { current: 'a-password-of-the-specs', next: 'a-password-of-the-specs' };
    expect((await stranger.put('/password', body, { 'idempotency-key': 'secret' })).status).toBe(204);
    const { token } = await stranger.must(
      stranger.post<{ token: string }>('/tokens', { name: '程序' }, { 'idempotency-key': 'secret-token' }),
    );
    const again = await stranger.must(stranger.post<{ token: string }>('/tokens', { name: '程序' }, { 'idempotency-key': 'secret-token' }));
    expect(await stranger.must(stranger.get<unknown[]>('/tokens'))).toHaveLength(1);
    const bearer = (text: string) => stack.visitor().get('/session', { authorization: `Bearer ${text}` });
    expect([(await bearer(token)).status, (await bearer(again.token)).status]).toEqual([401, 200]);

    const kept = await stack.db.query<{ request: string; body: unknown }[]>('select request, body from app.answer where key like $1', [
      'secret%',
    ]);
    expect(JSON.stringify(kept)).not.toContain('dbn_');
    const fast = createHash('sha256')
      .update(`PUT /api/password\n\n${JSON.stringify(body)}`)
      .digest('hex');
    expect(kept.map(({ request }) => request)).not.toContain(fast);
  });
});

describe('two people who save at once', () => {
  it('the second is told what changed, and nothing of theirs is recorded until they look again', async () => {
    const seen = (await member.get(`/assignments/${lead.id}`)).headers.get('etag')!;
    const first = await member.post(reports(), { done: '先到' }, { 'if-match': seen });
    expect(first.status).toBe(201);
    const { answer, events } = await stack.recordedBy(() => head.post(reports(), { done: '后到' }, { 'if-match': seen }));
    expect(answer.body).toMatchObject({
      status: 412,
      code: 'stream.moved',
      seen: Number(JSON.parse(seen)),
      changes: [{ type: 'ProgressReported', by: '科技厅经办人', unit: '省科技厅' }],
    });
    expect(events).toEqual([]);
    const retried = await head.post(reports(), { done: '后到' }, { 'if-match': `"${String(answer.body['revision'])}"` });
    expect(retried.status).toBe(201);
  });

  it('a date for a whole guideline is refused when the guideline moved on', async () => {
    const { answer, events } = await stack.recordedBy(() =>
      supervisor.put(`/guidelines/${guidelineId}/due-date`, { dueOn: '2027-01-30' }, { 'if-match': '"0"' }),
    );
    expect(answer.body).toMatchObject({ status: 412, changes: [{ type: 'GuidelineIssued' }] });
    expect(events).toEqual([]);
  });
});

describe('Duban-After', () => {
  it('makes a query show the write whose position it names, every time', async () => {
    for (let n = 0; n < 20; n++) {
      const { position } = await supervisor.must(supervisor.post<Done>(comments(), { text: `第 ${n} 条` }));
      const { rows } = await supervisor.must(
        supervisor.get<Page<{ id: string }>>(`/tasks/${lead.taskId}/history?order=newest&limit=1`, { 'duban-after': position }),
      );
      expect(rows[0]!.id).toBe(position);
    }
  });

  it('is not held up by a view that stands still, and says which', async () => {
    const ask = (position: string) => supervisor.get(`/tasks/${lead.taskId}`, { 'duban-after': position });
    const comment = async () => (await supervisor.must(supervisor.post<Done>(comments(), { text: '还在等' }))).position;
    expect((await ask(await comment())).headers.get('duban-behind')).toBeNull();
    await stack.settled();
    const held = stack.db.createQueryRunner();
    // These two only add lines, and go on together.
    await held.query(`update app.checkpoint set error = 'an event that it cannot take' where view in ('history', 'reminder')`);
    await held.startTransaction();
    try {
      await held.query(`select from app.checkpoint where view in ('history', 'reminder') for update`);
      const { status, headers } = await ask(await comment());
      expect([status, headers.get('duban-behind')]).toEqual([200, 'history, reminder']);
    } finally {
      await held.rollbackTransaction();
      await held.release();
    }
    await eventually(async () => (await ask(await comment())).headers.get('duban-behind') === null, 'the view goes on');
  });

  it('says 503 and when to come back instead of showing less', async () => {
    const ahead = (await stack.store.head())!.replace(/\d{20}/, '00000999999999999999');
    const { status, headers, body } = await supervisor.get('/tasks', { 'duban-after': ahead });
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'view.behind', '1']);
  });
});

describe('changes', () => {
  it('tell a unit of its own tasks and of nobody else’s, in the order they happened', async () => {
    const { rows } = await supervisor.must(supervisor.get<Page<{ id: string; standing: string }>>('/tasks?limit=200&standing=open'));
    const ours = new Set((await stack.all<{ id: string }>(member, '/tasks')).map(({ id }) => id));
    const theirs = rows.find(({ id }) => !ours.has(id))!;
    const listening = [await member.listen(), await supervisor.listen()] as const;
    try {
      await supervisor.must(supervisor.post(`/tasks/${theirs.id}/comments`, { text: '与科技厅无关' }));
      for (let n = 0; n < 5; n++) await supervisor.must(supervisor.post(comments(), { text: `与科技厅有关 ${n}` }));
      await stack.settled();
      await eventually(async () => listening[0].heard.some(({ tasks }) => tasks.includes(lead.taskId)), 'a notice for the unit');
      await eventually(async () => listening[1].heard.some(({ tasks }) => tasks.includes(theirs.id)), 'a notice for the supervisor');
      const heard = listening[0].heard;
      expect(heard.flatMap(({ tasks }) => tasks)).not.toContain(theirs.id);
      const positions = heard.map(({ position }) => position);
      expect(positions).toEqual([...positions].sort());
    } finally {
      for (const one of listening) one.leave();
    }
  });

  it('cost no question for those whom nothing concerns', async () => {
    const crowd = await Promise.all(Array.from({ length: 30 }, () => member.listen()));
    const overseer = await supervisor.listen();
    const questions = jest.spyOn(stack.db, 'query');
    try {
      const { rows } = await supervisor.must(supervisor.get<Page<{ id: string }>>('/tasks?limit=200&standing=open'));
      const ours = new Set((await stack.all<{ id: string }>(member, '/tasks')).map(({ id }) => id));
      const path = `/tasks/${rows.find(({ id }) => !ours.has(id))!.id}/comments`;
      questions.mockClear();
      let last = '';
      for (let n = 0; n < 10; n++) last = (await supervisor.must(supervisor.post<Done>(path, { text: '与科技厅无关' }))).position;
      await eventually(async () => overseer.heard.some(({ position }) => position >= last), 'the supervisor hears of the last');
      const asked = questions.mock.calls.filter(([text]) => String(text).includes('app.session') || String(text).includes('array_agg'));
      // Those of the ten posts themselves, and a few for everybody together.
      expect(asked.length).toBeLessThan(25);
    } finally {
      questions.mockRestore();
      for (const one of [...crowd, overseer]) one.leave();
    }
  });

  it('end soon after their listener has signed out', async () => {
    const leaver = await stack.person('hefei');
    const [task] = (await leaver.must(leaver.get<Page<{ id: string }>>('/tasks?limit=1'))).rows;
    const { ended } = await leaver.listen();
    await leaver.ask('DELETE', '/session');
    let over = false;
    void ended.then(() => (over = true));
    await eventually(async () => {
      await supervisor.must(supervisor.post(`/tasks/${task!.id}/comments`, { text: '有变化' }));
      return over;
    }, 'the end of the live updates');
    expect(over).toBe(true);
  });
});

describe('whoever runs it', () => {
  it('finds the whole API described', async () => {
    const { body } = await stack.document;
    expect(Object.keys(body.paths).length).toBeGreaterThan(40);
    const page = await fetch(`${stack.url}/api/docs`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)]);
  });

  it('is told to come back while a column is still missing from a view of an older version, and only then', async () => {
    await stack.db.query('alter table app.unit rename column "fullName" to "nameBefore"');
    const ask = async () => {
      const { status, body } = await supervisor.get('/units');
      return [status, (body as { code?: string }).code];
    };
    expect(await ask()).toEqual([500, 'server.error']);
    await stack.db.query(`update app.checkpoint set version = version - 1 where view = 'unit'`);
    expect(await ask()).toEqual([503, 'view.behind']);
    await stack.db.query(`update app.checkpoint set version = version + 1 where view = 'unit'`);
    await stack.db.query('alter table app.unit rename column "nameBefore" to "fullName"');
    expect(await ask()).toEqual([200, undefined]);
  });

  it('finds health and metrics, with patterns for addresses and no ids', async () => {
    const health = (await (await fetch(`${stack.url}/health`)).json()) as { ok: boolean; lags: { name: string; error: null }[] };
    expect(health.ok).toBe(true);
    expect(health.lags.map(({ name }) => name)).toEqual(expect.arrayContaining(['assignment', 'task', 'history', 'distributor']));
    const metrics = await (await fetch(`${stack.url}/metrics`)).text();
    expect(metrics).toContain('route="/api/assignments/:id/reports",status="201"');
    expect(metrics).toContain('duban_events_behind{name="assignment"}');
    expect(metrics).not.toContain(lead.id);
  });
});

/** Node decodes GB18030 but does not write it: the two-byte characters, found by decoding all of them. */
function gb18030(text: string): Uint8Array {
  const decoder = new TextDecoder('gb18030');
  const bytesOf = new Map<string, number[]>();
  for (let a = 0x81; a < 0xff; a++)
    for (let b = 0x40; b < 0xff; b++) {
      const character = decoder.decode(Uint8Array.of(a, b));
      if (character.length === 1 && b !== 0x7f && !bytesOf.has(character)) bytesOf.set(character, [a, b]);
    }
  return Uint8Array.from(
    Array.from(text).flatMap((character) => (character.charCodeAt(0) < 0x80 ? [character.charCodeAt(0)] : bytesOf.get(character)!)),
  );
}
