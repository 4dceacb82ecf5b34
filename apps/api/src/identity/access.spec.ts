import { request } from 'node:http';
import { EVERYBODY, isDocument, LOGINS, MATRIX, PUBLIC, type Things, type Who } from '../../../../test/support/access-matrix.js';
import { Stack } from '../../../../test/support/stack.js';
import { type Answer, type Done, type Page, PASSWORD, type Share, type Visitor } from '../../../../test/support/visitor.js';

let stack: Stack;
let people: Record<Who, Visitor>;
let about: Things;

beforeAll(async () => {
  stack = await Stack.start();
  people = await signedIn();
  const guideline = await stack.issueGuideline(people.supervisor);
  const { rows } = await people.member.must(people.member.get<Page<Share>>(`/units/${people.member.unitId}/todos`));
  const strangers = new Set((await stack.all<{ id: string }>(people.outsider, '/tasks')).map(({ id }) => id));
  const lead = rows.find(({ role, taskId }) => role === 'lead' && !strangers.has(taskId))!;
  const { id: account } = await people.system.must(
    people.system.post<Done>('/accounts', { login: 'somebody', name: '新人', unitId: people.member.unitId, password: PASSWORD }),
  );
  about = {
    guideline,
    task: lead.taskId,
    lead: lead.id,
    support: rows.find(({ role }) => role === 'support')!.id,
    unit: people.member.unitId,
    account,
    other: people.outsider.unitId,
  };
});
afterAll(() => stack?.stop());

const signedIn = async () =>
  Object.fromEntries(await Promise.all(EVERYBODY.map(async (who) => [who, await stack.person(LOGINS[who])]))) as Record<Who, Visitor>;

const NOBODY = '00000000-0000-4000-8000-000000000000';
const methodOf = (route: string) => route.split(' ')[0]!;
const pathOf = (route: string) => MATRIX[route]?.path?.(about) ?? route.split(' ')[1]!.replace('/api', '').replaceAll(/:\w+/g, NOBODY);
const bodyOf = (route: string) => {
  const body = MATRIX[route]?.body;
  return typeof body === 'function' ? (body as (about: Things) => object)(about) : body;
};
const ask = (who: Visitor, route: string, headers: Record<string, string> = {}) =>
  who.ask(methodOf(route), pathOf(route), { body: bodyOf(route), headers });

/** Past the gates: whatever else is wrong with the request. */
const passes = ({ status }: Answer<unknown>) => status !== 401 && status !== 403 && status < 500;

describe('the routes', () => {
  it('are all in the matrix or public, and the other way round', () => {
    const routes = stack.routes.filter((route) => !isDocument(route) && !PUBLIC.includes(route));
    expect(routes.sort()).toEqual(Object.keys(MATRIX).sort());
  });

  it('are closed to whoever is not signed in, and record nothing', async () => {
    const nobody = stack.visitor();
    const { answer, events } = await stack.recordedBy(() => Promise.all(Object.keys(MATRIX).map((route) => ask(nobody, route))));
    expect(answer.map(({ status, body }, n) => `${Object.keys(MATRIX)[n]} ${status} ${body.code}`)).toEqual(
      Object.keys(MATRIX).map((route) => `${route} 401 session.missing`),
    );
    expect(events).toEqual([]);
  });

  it('stay closed behind every other spelling of their address', async () => {
    const spellings = (path: string) => [
      `/${path}`,
      path.replace('/api/', '/api//'),
      path.replace('/api/', '/api/./'),
      path.replace('/api/', '/api/docs/../'),
      path.replace('/api/', '/api/docs/%2e%2e/'),
      path.replace('/api', '/%61pi'),
      path.replace('/api', '/API'),
      path.toUpperCase(),
      `${path}/`,
      `${path}/.`,
      `${path};a=b`,
      `${path}%20`,
      `${path}.json`,
      `${path}?_method=GET`,
      `${path}%2f`,
      path.replaceAll(/\/(?=[^/]*$)/g, '%2f'),
      `http://localhost${path}`,
    ];
    const open: string[] = [];
    for (const route of Object.keys(MATRIX))
      for (const path of spellings(`/api${pathOf(route)}`))
        for (const method of new Set([methodOf(route), 'HEAD'])) {
          const status = await raw(method, path);
          if (status < 400 || status >= 500) open.push(`${method} ${path} ${status}`);
        }
    expect(open).toEqual([]);
  });

  it.each<Record<string, string>>([
    { 'x-http-method-override': 'GET' },
    { 'x-original-url': '/health', 'x-rewrite-url': '/health' },
    { 'x-forwarded-user': 'ducha', 'remote-user': 'ducha', 'x-user': 'ducha', 'x-account-id': NOBODY, 'x-roles': 'supervisor' },
    { authorization: 'Basic ZHVjaGE6eA==' },
    { authorization: 'Bearer undefined' },
    { authorization: `Bearer dbn_${NOBODY}_${'a'.repeat(43)}` },
    { cookie: '__Host-duban=' },
    { cookie: `__Host-duban=${'a'.repeat(43)}` },
  ])('take nobody’s word for who asks: %j', async (headers) => {
    for (const route of ['GET /api/tasks', 'GET /api/accounts', 'PUT /api/assignments/:id/acknowledgement'])
      expect((await ask(stack.visitor(), route, headers)).status).toBe(401);
  });

  it('refuse everybody whom the matrix does not name, and record nothing', async () => {
    const wrong: string[] = [];
    for (const [route, { may }] of Object.entries(MATRIX))
      for (const who of EVERYBODY.filter((who) => !may.includes(who))) {
        const { answer, events } = await stack.recordedBy(() => ask(people[who], route));
        if (answer.status !== 403 || events.length > 0)
          wrong.push(`${route} as ${who}: ${answer.status} ${answer.body.code}, ${events.length} events`);
      }
    expect(wrong).toEqual([]);
  });

  it('refuse a token where they make rights or secrets, and take it elsewhere', async () => {
    const { token } = await people.system.must(people.system.post<{ token: string }>('/tokens', { name: '程序' }));
    const program = { authorization: `Bearer ${token}` };
    const wrong: string[] = [];
    for (const [route, { session, may }] of Object.entries(MATRIX)) {
      if (route === 'GET /api/changes' || route === 'DELETE /api/session') continue;
      if (!session && (!may.includes('system') || methodOf(route) !== 'GET')) continue;
      const { answer, events } = await stack.recordedBy(() => ask(stack.visitor(), route, program));
      const limited = answer.status === 403 && answer.body.code === 'token.limited' && events.length === 0;
      if (session ? !limited : answer.status !== 200) wrong.push(`${route}: ${answer.status} ${answer.body.code}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('what a unit sees', () => {
  it('in lists it may read one by one, and what it does not see it may not', async () => {
    const { member, supervisor } = people;
    const status = async (path: string) => (await member.get(path)).status;
    const mine = await stack.all<{ id: string }>(member, '/tasks', 3);
    const all = await stack.all<{ id: string }>(supervisor, '/tasks');
    expect(mine.length).toBeLessThan(all.length);
    const seen = new Set(mine.map(({ id }) => id));
    for (const { id } of all) {
      const expected = seen.has(id) ? 200 : 403;
      for (const path of ['', '/assignments', '/history'])
        expect(`${path} ${await status(`/tasks/${id}${path}`)}`).toBe(`${path} ${expected}`);
    }
    for (const { id } of await stack.all<{ id: string }>(member, '/guidelines')) expect(await status(`/guidelines/${id}`)).toBe(200);
    for (const { id } of await stack.all<Share>(member, `/units/${member.unitId}/todos`))
      expect(await status(`/assignments/${id}`)).toBe(200);
    for (const { id } of (await stack.all<Share>(member, `/tasks/${about.task}/assignments`)).slice(0, 20))
      expect(await status(`/assignments/${id}`)).toBe(200);
    const foreign = (await stack.all<Share>(supervisor, `/tasks/${all.find(({ id }) => !seen.has(id))!.id}/assignments`))[0]!;
    expect(await status(`/assignments/${foreign.id}`)).toBe(403);
    expect(await status(`/assignments/${foreign.id}/history`)).toBe(403);
    expect(await status(`/units/${foreign.unitId}/todos`)).toBe(403);
  });

  it('of a guideline’s history tells nothing of the tasks of others', async () => {
    const mine = new Set((await stack.all<{ id: string }>(people.member, '/tasks')).map(({ id }) => id));
    const lines = await stack.all<{ type: string; taskId: string | null }>(people.member, `/guidelines/${about.guideline}/history`);
    expect(lines.map(({ type }) => type)).toEqual(expect.arrayContaining(['GuidelineImported', 'GuidelineIssued']));
    expect(lines.filter(({ taskId }) => taskId !== null && !mine.has(taskId))).toEqual([]);
  });

  it('in rows it may do: each act that `can` names is accepted, and of the others none', async () => {
    const rows = await stack.all<Share>(people.member, `/units/${about.unit}/todos`);
    const share = rows.find(({ id }) => id === about.lead)!;
    expect(share.can).toEqual(expect.arrayContaining(['AcknowledgeAssignment', 'ObjectToAssignment', 'ReportProgress', 'ChangeStatus']));
    expect(share.can).not.toEqual(expect.arrayContaining(['SubmitCompletion']));
    expect(share.can).not.toEqual(expect.arrayContaining(['VerifyCompletion']));
    expect((await stack.all<Share>(people.auditor, `/units/${about.unit}/todos`)).flatMap(({ can }) => can)).toEqual([]);
  });
});

describe('a page of another site', () => {
  it.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('may not act with the visitor’s cookie: %j', async (headers) => {
    const { events } = await stack.recordedBy(async () => {
      for (const route of ['PUT /api/assignments/:id/acknowledgement', 'POST /api/tasks/:id/comments', 'DELETE /api/session']) {
        const { status, body } = await ask(people.member, route, headers);
        expect([status, body.code]).toEqual([403, 'session.foreign-page']);
      }
      const signIn = await stack.visitor().post('/session', { login: 'keji', password: PASSWORD }, headers);
      expect([signIn.status, signIn.body.code]).toEqual([403, 'session.foreign-page']);
    });
    expect(events).toEqual([]);
    expect((await people.member.get('/session')).status).toBe(200);
  });

  it('is told from our own', async () => {
    const own = { origin: stack.url, 'sec-fetch-site': 'same-origin' };
    expect((await people.member.post(`/tasks/${about.task}/comments`, { text: '本站' }, own)).status).toBe(201);
  });
});

describe('a supervisor for a unit', () => {
  it('acts on its behalf by saying so, which the event keeps; nobody else can', async () => {
    const path = `/assignments/${about.lead}/reports?onBehalfOf=`;
    expect((await people.member.post(`${path}${about.unit}`, { done: '代办' })).body.code).toBe('request.behalf');
    expect((await people.supervisor.post(`${path}${about.other}`, { done: '代办' })).body.code).toBe('assignment.not-yours');
    expect((await people.supervisor.post(`${path}me`, { done: '代办' })).body.code).toBe('request.behalf');
    const { answer, events } = await stack.recordedBy(() => people.supervisor.post(`${path}${about.unit.toUpperCase()}`, { done: '代办' }));
    expect(answer.status).toBe(201);
    expect(events.map(({ by }) => [by.name, by.onBehalfOf])).toEqual(events.map(() => ['督查员', about.unit]));
  });
});

describe('rights', () => {
  it('are neither granted to oneself nor mixed with an administrator’s', async () => {
    const own = await people.security.put(`/accounts/${people.security.accountId}/roles/supervisor`);
    expect([own.status, own.body.code]).toEqual([403, 'account.own-rights']);
    const mixed = await people.security.put(`/accounts/${people.auditor.accountId}/roles/supervisor`);
    expect([mixed.status, mixed.body.code]).toEqual([409, 'account.roles-exclude']);
    expect((await people.security.put(`/accounts/${people.auditor.accountId}/roles/system`)).status).toBe(400);
  });
});

// From here on the matrix's things are changed for good.
describe('the routes for those whom the matrix names', () => {
  it('are open', async () => {
    const closed: string[] = [];
    for (const [route, { may }] of Object.entries(MATRIX))
      for (const who of may) {
        if (route === 'GET /api/changes') {
          (await people[who].listen()).leave();
          continue;
        }
        const answer = await ask(people[who], route);
        if (!passes(answer)) closed.push(`${route} as ${who}: ${answer.status} ${answer.body.code}`);
      }
    expect(closed).toEqual([]);
    expect((await people.member.get('/session')).status).toBe(401);
    people = await signedIn();
  });
});

describe('signing in', () => {
  it('answers with a cookie for this host alone that no script reads', async () => {
    const { headers } = await stack.visitor().post('/session', { login: 'ducha', password: PASSWORD });
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-duban=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax; Max-Age=43200$/),
    ]);
  });

  it('with a wrong password is refused and recorded; with an unknown name it is refused alike', async () => {
    const { answer, events } = await stack.recordedBy(() => stack.visitor().post('/session', { login: 'ducha', password: 'wrong' }));
    expect(events.map(({ type, stream }) => [type, stream])).toEqual([['SignInRefused', `account-${people.supervisor.accountId}`]]);
    const unknown = await stack.recordedBy(() => stack.visitor().post('/session', { login: 'nobody', password: 'wrong' }));
    expect(unknown.events).toEqual([]);
    expect({ ...unknown.answer.body, traceId: '' }).toEqual({ ...answer.body, traceId: '' });
    expect([answer.status, answer.body.code]).toEqual([401, 'session.refused']);
  });
});

describe('a session', () => {
  const later = (minutes: number) => stack.clock.moveTo(new Date(stack.clock.now().getTime() + minutes * 60_000));

  it('ends after half an hour without a sign of life', async () => {
    const somebody = await stack.person('keji');
    for (let n = 0; n < 3; n++) {
      later(29);
      expect((await somebody.get('/session')).status).toBe(200);
    }
    later(31);
    const { answer, events } = await stack.recordedBy(() => somebody.post(`/tasks/${about.task}/comments`, { text: '晚了' }));
    expect([answer.status, answer.body.code]).toEqual([401, 'session.expired']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(events).toEqual([]);
  });

  it('ends after twelve hours whatever happens', async () => {
    const somebody = await stack.person('keji');
    for (let minutes = 0; minutes < 12 * 60 - 25; minutes += 25) {
      later(25);
      expect((await somebody.get('/session')).status).toBe(200);
    }
    later(25);
    expect((await somebody.get('/session')).status).toBe(401);
  });

  it('ends at once, and so do tokens, when the account is closed', async () => {
    const [system, security] = [await stack.person('system'), await stack.person('security')];
    const { id } = await system.must(
      system.post<Done>('/accounts', { login: 'leaver', name: '调离者', unitId: about.other, password: PASSWORD }),
    );
    await system.must(security.put(`/accounts/${id}/roles/member`));
    await stack.settled();
    const leaver = await stack.person('leaver');
    const { token } = await leaver.must(leaver.post<{ token: string }>('/tokens', { name: '程序' }));
    await system.must(system.put(`/accounts/${id}/closure`, { reason: '调离' }));
    expect((await leaver.get('/session')).status).toBe(401);
    expect((await stack.visitor().get('/session', { authorization: `Bearer ${token}` })).status).toBe(401);
    expect((await stack.visitor().post('/session', { login: 'leaver', password: PASSWORD })).body.code).toBe('session.refused');
  });

  it('ends with a change of password everywhere but where it was changed', async () => {
    const [here, there] = [await stack.person('caizheng'), await stack.person('caizheng')];
    const wrong = await here.put('/password', { current: 'not this one', next: 'another-password' });
    expect([wrong.status, wrong.body.code]).toEqual([403, 'password.wrong']);
    expect((await there.get('/session')).status).toBe(200);
    expect((await here.put('/password', { current: PASSWORD, next: 'another-password' })).status).toBe(204);
    expect([(await here.get('/session')).status, (await there.get('/session')).status]).toEqual([200, 401]);
    expect((await stack.visitor().post('/session', { login: 'caizheng', password: PASSWORD })).status).toBe(401);
    await stack.visitor().signIn('caizheng', 'another-password');
  });

  it('ends with signing out', async () => {
    const somebody = await stack.person('keji');
    expect((await somebody.ask('DELETE', '/session')).status).toBe(204);
    expect((await somebody.get('/session')).body.code).toBe('session.expired');
  });
});

it('keeps no secret in any event, and outside of them only hashes', async () => {
  const visitor = await stack.person('ducha');
  const { token } = await visitor.must(visitor.post<{ token: string }>('/tokens', { name: '程序' }));
  const text = (await stack.events()).map(({ data, by }) => JSON.stringify([data, by])).join('\n');
  const rows = await stack.db.query<unknown[]>(
    'select to_jsonb(s) from app.session s union all select to_jsonb(t) from app.token t union all select to_jsonb(c) from app.credential c union all select to_jsonb(a) from app.answer a',
  );
  const secrets = [PASSWORD, 'another-password', 'not this one', visitor.cookie!.split('=')[1]!, token.slice(-43)];
  const kept = JSON.stringify(rows);
  expect(secrets.filter((secret) => text.includes(secret) || kept.includes(secret))).toEqual([]);
  expect(/\$argon2|dbn_|"(password|hash|secret|token)":/.exec(text)?.[0]).toBeUndefined();
  const hashes = await stack.db.query<{ hash: string }[]>('select hash from app.credential');
  expect(hashes.filter(({ hash }) => !hash.startsWith('$argon2id$v=19$m=19456,t=2,p=1$'))).toEqual([]);
});

/** A request as it is written, where `fetch` would tidy up the address. */
function raw(method: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(stack.url, { method, path, headers: { 'content-length': 0 } }, (response) => {
      response.resume().on('error', () => {});
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject).end();
  });
}
