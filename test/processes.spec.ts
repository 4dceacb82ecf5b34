import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { Redis } from 'ioredis';
import { readFileSync } from 'node:fs';
import { instantAt } from '@app/calendar/days.js';
import { makeCertificates, opensslIsInstalled } from './support/certificates.js';
import { createDatabase } from './support/database.js';
import { Deployment, type Parts } from './support/deployment.js';
import { EventStoreDBStandIn } from './support/eventstoredb-stand-in.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { Load } from './support/load.js';
import { Program, type Settings } from './support/program.js';
import { RedisServer, redisIsInstalled } from './support/redis.js';
import type { Done, Page, Problem, Share, Visitor } from './support/visitor.js';

type Ground = Readonly<{ parts: Parts; settings: Settings; waitingJobs?: () => Promise<number>; remove(): Promise<void> }>;

async function postgresAlone(): Promise<Ground> {
  const { url, drop } = await createDatabase();
  return { parts: { databaseUrl: url }, settings: {}, remove: drop };
}

/** Events and jobs away from the database, the way to Redis under TLS where certificates can be made. */
async function eventStoreAndRedis(): Promise<Ground> {
  const { url, drop } = await createDatabase();
  const store = await EventStoreDBStandIn.start();
  const certificates = opensslIsInstalled ? makeCertificates() : undefined;
  const redis = await RedisServer.startWith(certificates, '--appendonly', 'yes');
  const jobs = async (redis: Redis) => (await redis.llen('duban:digest:active')) + (await redis.llen('duban:digest:wait'));
  return {
    parts: { databaseUrl: url, eventStoreUrl: `esdb://127.0.0.1:${store.port}?tls=false`, queueUrl: redis.url },
    settings: certificates ? { NODE_EXTRA_CA_CERTS: certificates.authority } : {},
    waitingJobs: () => redis.ask(jobs),
    remove: async () => {
      await redis.stop();
      certificates?.remove();
      store.kill();
      await drop();
    },
  };
}

const GROUNDS = redisIsInstalled
  ? ([
      ['PostgreSQL', postgresAlone],
      ['PostgreSQL, EventStoreDB and Redis', eventStoreAndRedis],
    ] as const)
  : ([['PostgreSQL', postgresAlone]] as const);

describe.each(GROUNDS)('two apis and two workers over %s', (_, prepare) => {
  let ground: Ground;
  let deployment: Deployment;
  let load: Load;
  /** The same person at either api. */
  let [here, there]: [Visitor, Visitor] = [null!, null!];

  beforeAll(async () => {
    ground = await prepare();
    deployment = await Deployment.start(ground.parts, { apis: 2, workers: 2, handsOut: true, settings: ground.settings });
    load = await deployment.load();
    [here, there] = [await deployment.signIn('keji-head'), await deployment.signIn('keji-head', 1)];
  });
  afterAll(async () => {
    await deployment?.stop();
    await ground?.remove();
  });

  const todos = async () => (await here.must(here.get<Page<Share>>(`/units/${here.unitId}/todos?limit=200`))).rows;

  it('show at one api what was just done through the other', async () => {
    const shares = await todos();
    expect(shares.length).toBeGreaterThan(3);
    for (const [n, { id }] of shares.entries()) {
      const [doing, seeing] = n % 2 ? [here, there] : [there, here];
      const { position } = await doing.must(doing.put<Done>(`/assignments/${id}/acknowledgement`));
      const seen = await seeing.must(seeing.get<Share>(`/assignments/${id}`, { 'duban-after': position }));
      expect(seen.status).toBe('acknowledged');
    }
  });

  it('tell those who listen at one of what was done through the other', async () => {
    const [{ taskId }] = (await todos()) as [Share];
    const listening = await here.listen();
    await there.must(there.post(`/tasks/${taskId}/comments`, { text: '请抓紧' }));
    await eventually(async () => listening.heard.length > 0, 'something was heard');
    expect(listening.heard[0]!.tasks).toContain(taskId);
    listening.leave();
  });

  it('refuse at one to overwrite what was changed through the other, and say what changed', async () => {
    const [{ id }] = (await todos()) as [Share];
    const { headers } = await here.get<Share>(`/assignments/${id}`);
    const seen = { 'if-match': headers.get('etag')! };
    await there.must(there.post(`/assignments/${id}/reports`, { done: '已启动' }, seen));
    const refused = await here.post<Problem>(`/assignments/${id}/reports`, { done: '另一份' }, seen);
    expect([refused.status, refused.body.code]).toEqual([412, 'stream.moved']);
    expect(refused.body['changes']).toContainEqual(expect.objectContaining({ type: 'ProgressReported' }));
  });

  it('answer a repeated key at the other as the first time, and do it once', async () => {
    const [{ taskId }] = (await todos()) as [Share];
    const key = { 'idempotency-key': 'once' };
    const first = await here.post<Done>(`/tasks/${taskId}/comments`, { text: '只说一次' }, key);
    const second = await there.post<Done>(`/tasks/${taskId}/comments`, { text: '只说一次' }, key);
    expect([first.status, second.status, second.body]).toEqual([201, 201, first.body]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    const history = await there.must(
      there.get<Page<{ type: string; data: { text?: string } }>>(`/tasks/${taskId}/history?limit=200`, {
        'duban-after': first.body.position,
      }),
    );
    expect(history.rows.filter(({ data }) => data.text === '只说一次')).toHaveLength(1);
  });

  it('say how they are, each worker also where it listens for that', async () => {
    for (const url of [...deployment.urls, ...deployment.healthUrls]) {
      expect((await fetch(`${url}/health`)).status).toBe(200);
      expect(await (await fetch(`${url}/metrics`)).text()).toContain('process_resident_memory_bytes');
    }
  });

  it('fold each event once, and remind each once when nine o’clock comes to all of them', async () => {
    await load.send(load.next(200));
    await deployment.setClocks(WEDNESDAY);
    // A worker sweeps when it starts, then every minute.
    await Promise.all(deployment.workers.map((worker) => worker.end()));
    for (const worker of deployment.workers) worker.start();
    const member = await deployment.signIn('hefei');
    const told = async () => (await member.must(member.get<Page<{ on: string }>>('/inbox'))).rows.map(({ on }) => on);
    await eventually(async () => (await told()).includes('2026-11-25'), 'a message of the day', 90_000);
    if (ground.waitingJobs) await eventually(async () => (await ground.waitingJobs!()) === 0, 'no job left');
    expect(await deployment.broken(load)).toEqual([]);
  }, 240_000);

  it('lose nothing and repeat nothing when one of each is told to stop under load, and another goes on', async () => {
    load.start();
    await load.acknowledges(50);
    const ended = await Promise.all([deployment.apis[0]!.end(), deployment.workers[0]!.end()]);
    for (const { code, ms } of ended) expect([code, ms < 10_000]).toEqual([0, true]);
    await load.stop();
    // Half of them went to an api that is gone: it comes back.
    deployment.apis[0]!.start();
    deployment.workers[0]!.start();
    await deployment.answers();
    await load.settle();
    expect(await deployment.broken(load)).toEqual([]);
  }, 240_000);
});

describe('an api that is told to stop', () => {
  let ground: Ground;
  let deployment: Deployment;
  beforeAll(async () => {
    ground = await postgresAlone();
    deployment = await Deployment.start(ground.parts, { apis: 1, workers: 1 });
  });
  beforeEach(async () => {
    if (!deployment.apis[0]!.alive) deployment.apis[0]!.start();
    await deployment.answers();
  });
  afterAll(async () => {
    await deployment?.stop();
    await ground?.remove();
  });

  /** A request that is under way: its head and half of its body were sent. */
  async function begun(agent: Agent): Promise<{ asked: ClientRequest; rest: Buffer }> {
    const { supervisor, urls } = deployment;
    // A document may come only once.
    const text = Buffer.from(`${randomUUID()}\n${GUIDELINE}`);
    const headers = {
      cookie: supervisor.cookie!,
      'content-type': 'application/octet-stream',
      'content-length': String(text.length),
      expect: '100-continue',
    };
    const asked = request(`${urls[0]}/api/guidelines?name=begun.txt`, { method: 'POST', headers, agent });
    asked.flushHeaders();
    await once(asked, 'continue');
    asked.write(text.subarray(0, 100));
    return { asked, rest: text.subarray(100) };
  }

  it('answers what is under way, lets go of whoever listens or waits, and takes no more', async () => {
    const { supervisor, urls, apis } = deployment;
    const agent = new Agent({ keepAlive: true });
    const idle = request(`${urls[0]}/health`, { agent }).end();
    ((await once(idle, 'response')) as [IncomingMessage])[0].resume();
    const listening = await supervisor.listen();
    const { asked, rest } = await begun(new Agent({ keepAlive: true }));

    const ended = apis[0]!.end();
    await listening.ended;
    await eventually(
      () =>
        fetch(`${urls[0]}/health`).then(
          () => false,
          () => true,
        ),
      'no new connections',
    );
    expect(apis[0]!.alive).toBe(true);
    asked.end(rest);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(201);
    answer.resume();
    const { code, ms } = await ended;
    expect([code, ms < 10_000]).toEqual([0, true]);
  });

  it('ends by force after ten seconds when a request never ends, with a sentence', async () => {
    const { asked } = await begun(new Agent());
    asked.on('error', () => {});
    const { code, ms } = await deployment.apis[0]!.end();
    expect([code, ms > 9_000, ms < 12_000]).toEqual([1, true, true]);
    expect(deployment.apis[0]!.said).toContain('Not everything has stopped within 10 s');
  });

  it('ends at once when it is told a second time, but not by the echo of the first', async () => {
    const { asked } = await begun(new Agent());
    asked.on('error', () => {});
    const [api] = deployment.apis as [Program];
    const ended = api.end();
    void api.end();
    await eventually(
      () =>
        fetch(`${deployment.urls[0]}/health`).then(
          () => false,
          () => true,
        ),
      'no new connections',
    );
    expect(api.alive).toBe(true);
    await eventually(async () => {
      void api.end();
      return !api.alive;
    }, 'a later signal ends it');
    const { code, ms } = await ended;
    expect([code, ms < 5_000]).toEqual([1, true]);
    expect(api.said).toContain('Told to stop a second time');
  });
});

const WEDNESDAY = instantAt('2026-11-25', '09:00');
const GUIDELINE = readFileSync('apps/cli/demo/anhui-guideline.txt', 'utf8');

describe('a worker', () => {
  it('answers whether it is well, until its database is away', async () => {
    const { url, drop } = await createDatabase();
    const port = await freePort();
    const worker = new Program(['dist/apps/worker/src/main.js'], { DATABASE_URL: url, HEALTH_PORT: String(port), LOG_LEVEL: 'fatal' });
    const health = () => fetch(`http://127.0.0.1:${port}/health`);
    try {
      worker.start();
      await eventually(async () => (await health().catch(() => null))?.status === 200, 'well');
      expect(await (await health()).json()).toMatchObject({ ok: true, goesItsRounds: true });
      await drop();
      await eventually(async () => (await health()).status === 503, 'unwell');
      expect((await worker.end()).code).toBe(0);
    } finally {
      await worker.kill();
    }
  });
});
