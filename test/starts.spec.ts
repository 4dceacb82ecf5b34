import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SETTINGS } from '@app/runtime/configuration.js';
import { createDatabase, type TestDatabase } from './support/database.js';
import { eventually } from './support/eventually.js';
import { EventStoreDBStandIn } from './support/eventstoredb-stand-in.js';
import { UpProcess } from './support/process.js';
import { Program, type Settings } from './support/program.js';
import { redisIsInstalled, RedisServer } from './support/redis.js';

const HALVES = ['api', 'worker'] as const;
const CLI = 'dist/apps/cli/src/main.js';

/** Runs it to its end, and answers what it said. */
async function outcome(words: readonly string[], settings: Settings = {}) {
  const program = new Program(words, settings);
  program.start();
  await eventually(async () => !program.alive, `${words.join(' ')} ends`, 60_000);
  return { ...(await program.end()), said: program.said };
}
const half = (name: string) => `dist/apps/${name}/src/main.js`;

let database: TestDatabase;
beforeAll(async () => void (database = await createDatabase()));
afterAll(() => database.drop());

describe.each(HALVES)('the %s alone', (name) => {
  it.each([
    ['en', 'Settings are environment variables'],
    ['zh', '设置用环境变量'],
  ])('explains itself (%s)', async (language, words) => {
    const { code, said } = await outcome([half(name), '--help'], { DUBAN_LANG: language });
    expect([code, said]).toEqual([0, expect.stringContaining(words)]);
    const others = name === 'api' ? ['HEALTH_PORT', 'DATA_DIR'] : ['PORT', 'DATA_DIR'];
    expect(SETTINGS.filter((setting) => !others.includes(setting) && !new RegExp(`\\b${setting}\\b`).test(said))).toEqual([]);
  });

  it.each<[string, Settings, number, RegExp]>([
    ['no database', {}, 2, /^DATABASE_URL is not set: \w+ alone needs a PostgreSQL/],
    ['a wrong setting', { DATABASE_URL: 'mysql://x' }, 2, /^The environment variable DATABASE_URL is "mysql:\/\/x"/],
    [
      'a database that is away',
      { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c', LOG_LEVEL: 'silent' },
      1,
      /^127\.0\.0\.1:1 does not answer \(ECONNREFUSED\)/,
    ],
  ])('says in a sentence that it cannot start: %s', async (_, settings, expected, sentence) => {
    const { code, said } = await outcome([half(name)], settings);
    expect([code, said.trim().split('\n')]).toEqual([expected, [expect.stringMatching(sentence)]]);
  });

  it('knows no arguments', async () => {
    const { code, said } = await outcome([half(name), 'start'], { DUBAN_LANG: 'zh' });
    expect([code, said]).toEqual([2, expect.stringContaining('不认识“start”')]);
  });

  it('says what PostgreSQL has against it', async () => {
    const url = new URL(database.url);
    url.pathname = '/nowhere';
    const { code, said } = await outcome([half(name)], { DATABASE_URL: url.href, LOG_LEVEL: 'silent' });
    expect([code, said]).toEqual([1, expect.stringMatching(/^PostgreSQL does not let us in \(database "nowhere" does not exist\)/)]);
  });
});

it('the api says that this machine has no such address', async () => {
  const { code, said } = await outcome([half('api')], { DATABASE_URL: database.url, HOST: '192.0.2.1', LOG_LEVEL: 'silent' });
  expect([code, said]).toEqual([1, expect.stringMatching(/^This machine has no address 192\.0\.2\.1/)]);
});

describe('up', () => {
  it('says in a sentence that a folder stands where its password should be', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'duban-starts-'));
    mkdirSync(join(folder, 'demonstration-password'));
    const settings = { DATABASE_URL: database.url, DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' };
    const { code, said } = await outcome([CLI, 'up'], settings);
    expect([code, said.trim().split('\n').at(-1)]).toEqual([
      1,
      expect.stringMatching(/demonstration-password is a folder where a file has to be/),
    ]);
    rmSync(folder, { recursive: true });
  });

  it('stops in good order when it is told to', async () => {
    const up = await UpProcess.prepare({ DATABASE_URL: database.url });
    try {
      await up.start();
      const { code, ms } = await up.end();
      expect([code, ms < 10_000]).toEqual([0, true]);
    } finally {
      await up.remove();
    }
  });
});

describe('doctor', () => {
  let node: EventStoreDBStandIn;
  beforeEach(async () => void (node = await EventStoreDBStandIn.start()));
  afterEach(() => node.kill());

  it('looks at an event store that is elsewhere, also before there is a database', async () => {
    const settings = { EVENT_STORE_URL: `esdb://127.0.0.1:${node.port}?tls=false`, DATA_DIR: join(tmpdir(), `duban-${randomUUID()}`) };
    const { said } = await outcome([CLI, 'doctor'], settings);
    expect(said).toMatch(/✓ events +EventStoreDB stand-in, leader 127\.0\.0\.1:\d+, head -/);
    expect(said).toMatch(/never started here/);
    node.kill();
    const { code, said: then } = await outcome([CLI, 'doctor'], settings);
    expect([code, then]).toEqual([1, expect.stringMatching(/✗ events +The event store of EVENT_STORE_URL does not answer/)]);
  });
});

(redisIsInstalled ? describe : describe.skip)('doctor', () => {
  it('names the queue and its version, and says what is wrong with it', async () => {
    const say = async (queueUrl: string) => (await outcome([CLI, 'doctor'], { DATABASE_URL: database.url, QUEUE_URL: queueUrl })).said;
    const redis = await RedisServer.start('--appendonly', 'no');
    try {
      expect(await say(redis.url)).toMatch(/✓ queue +Redis \d+\.\d+\.\d+ at redis:.*forgets its jobs when it restarts/);
      await redis.ask((client) => client.config('SET', 'maxmemory-policy', 'allkeys-lru'));
      expect(await say(redis.url)).toMatch(/✗ queue .*throws jobs away when memory is short/);
    } finally {
      await redis.stop();
    }
    expect(await say(redis.url)).toMatch(/✗ queue +cannot be reached \(connect ECONNREFUSED/);
    expect(await say(database.url)).toMatch(/✓ queue +PostgreSQL \d+\.\d+ at 127\.0\.0\.1:/);
  });
});

(redisIsInstalled ? describe : describe.skip)('a worker with a Redis', () => {
  let redis: RedisServer;
  afterEach(() => redis.stop());

  it.each([
    ['en', /^The Redis of QUEUE_URL, redis:\/\/\S+, throws jobs away when memory is short \(maxmemory-policy allkeys-lru\)/],
    ['zh', /^QUEUE_URL 指向的 redis:\/\/\S+ 在内存不足时会丢弃任务（maxmemory-policy 为 allkeys-lru）/],
  ])('that throws jobs away does not start, and says so in a sentence (%s)', async (language, sentence) => {
    redis = await RedisServer.start('--maxmemory-policy', 'allkeys-lru');
    const { code, said } = await outcome([half('worker')], { DATABASE_URL: database.url, QUEUE_URL: redis.url, DUBAN_LANG: language });
    expect([code, said.trim().split('\n')]).toEqual([1, [expect.stringMatching(sentence)]]);
  });

  it.each([
    ['en', 'forgets its jobs when it restarts (AOF is off)'],
    ['zh', '重启后会丢失任务（未启用 AOF）'],
  ])('that forgets its jobs warns of it (%s)', async (language, words) => {
    redis = await RedisServer.start();
    const settings = { DATABASE_URL: database.url, QUEUE_URL: redis.url, DUBAN_LANG: language, LOG_LEVEL: 'warn' };
    const worker = new Program([half('worker')], settings);
    try {
      worker.start();
      await eventually(async () => worker.said.includes(words), words, 60_000);
      expect(worker.said).toContain('"level":"warn"');
    } finally {
      await worker.kill();
    }
  });
});
