import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { makeCertificates, opensslIsInstalled, type Certificates } from '../../../test/support/certificates.js';
import { eventually, PATIENCE_MS } from '../../../test/support/eventually.js';
import { redisIsInstalled, RedisGroup, RedisServer } from '../../../test/support/redis.js';
import type { Hint } from './digest.js';
import { DigestQueue, emptyQueue, refuseUnfitQueue } from './queue.js';
import { redisOptions } from './queue-redis.js';

describe('the address of a Redis', () => {
  it.each([
    ['redis://cache:6379/2', { url: 'redis://cache:6379/2' }],
    ['redis://cache/2?namespace=anhui&family=6', { url: 'redis://cache/2?family=6' }],
    ['redis://cache/2?namespace=anhui', { url: 'redis://cache/2' }],
    ['redis+sentinel://one/main?namespace=anhui', { name: 'main', sentinels: [at('one', 26_379)] }],
    ['redis+sentinel://one,two:26380/main', { name: 'main', sentinels: [at('one', 26_379), at('two', 26_380)] }],
    [
      'rediss+sentinel://li:a%40b@[::1]:26380/main/3',
      {
        name: 'main',
        sentinels: [at('::1', 26_380)],
        username: 'li',
        password: 'a@b',
        db: 3,
        tls: {},
        sentinelTLS: {},
        enableTLSForSentinelMode: true,
      },
    ],
  ])('%s', (url, options) => expect(redisOptions(url)).toEqual(options));
});

const nothing = async () => {};
const hintOf = (unitId: string): Hint => ({ unitId, on: '2026-11-24' });

(redisIsInstalled ? describe : describe.skip)('a Redis for the queue', () => {
  let redis: RedisServer;
  afterEach(() => redis.stop());

  it('is refused if it throws jobs away when memory is short', async () => {
    redis = await RedisServer.start('--maxmemory-policy', 'allkeys-lru');
    const refused = { code: 'queue.evicts', details: { queue: redis.url, policy: 'allkeys-lru' } };
    await expect(refuseUnfitQueue(redis.url)).rejects.toMatchObject(refused);
    await expect(
      DigestQueue.open(
        redis.url,
        nothing,
        () => {},
        () => {},
      ),
    ).rejects.toMatchObject(refused);
  });

  it('is refused if it does not know us, without repeating the password', async () => {
    redis = await RedisServer.start('--requirepass', 'secret');
    const place = redis.url.replace('//', '//:wrong@');
    await expect(refuseUnfitQueue(place)).rejects.toMatchObject({ code: 'queue.refused', details: { queue: redis.url } });
    await expect(refuseUnfitQueue(redis.url)).rejects.toMatchObject({ code: 'queue.refused' });
    await expect(refuseUnfitQueue(redis.url.replace('//', '//:secret@'))).resolves.toBeUndefined();
  });

  it('is not refused while it is away', async () => {
    redis = await RedisServer.start();
    await redis.kill();
    await expect(refuseUnfitQueue(redis.url)).resolves.toBeUndefined();
    await expect(
      DigestQueue.open(
        redis.url,
        nothing,
        () => {},
        () => {},
      ),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it.each([
    ['no', ['queue.not-kept']],
    ['yes', []],
  ])('is warned of if it forgets its jobs (appendonly %s: %j)', async (appendonly, expected) => {
    redis = await RedisServer.start('--appendonly', appendonly);
    const [errors, warnings]: [unknown[], string[]] = [[], []];
    const queue = await DigestQueue.open(
      redis.url,
      nothing,
      (error) => errors.push(error),
      (code) => warnings.push(code),
    );
    await queue.close();
    expect([errors, warnings]).toEqual([[], expected]);
  });

  it('can be emptied of half a job, which would keep its hint from being given again', async () => {
    redis = await RedisServer.start('--appendonly', 'yes');
    const held: string[] = [];
    const hold = async ({ unitId }: Hint) => void held.push(unitId);
    const open = () =>
      DigestQueue.open(
        redis.url,
        hold,
        () => {},
        () => {},
      );
    await redis.ask((redis) => redis.hset('duban:digest:digest-a-2026-11-24', 'name', 'digest', 'data', '{}'));
    await redis.ask((redis) => redis.set('of somebody else', ''));
    let queue = await open();
    await queue.add([hintOf('a'), hintOf('b')]);
    await eventually(async () => held.includes('b'));
    await queue.close();
    expect(held).toEqual(['b']);

    await emptyQueue(redis.url);
    expect(await redis.ask((redis) => redis.keys('*'))).toEqual(['of somebody else']);
    queue = await open();
    await queue.add([hintOf('a')]);
    await eventually(async () => held.includes('a'));
    await queue.close();
  });
});

(redisIsInstalled ? describe : describe.skip)('a Redis behind Sentinels', () => {
  it('goes on with its jobs when the master is killed', async () => {
    const group = await RedisGroup.start();
    const held: string[] = [];
    const queue = await eventuallyOpen(group.url, async ({ unitId }) => void held.push(unitId));
    try {
      await eventually(() => group.isComplete());
      await queue.add([hintOf('before')]);
      await eventually(async () => held.includes('before'));
      await group.master.kill();
      await eventually(() =>
        queue.add([hintOf('after')]).then(
          () => true,
          () => false,
        ),
      );
      await eventually(async () => held.includes('after'));
      expect(held).toEqual(['before', 'after']);
      expect(await group.replica.ask(async (redis) => (await redis.role())[0])).toBe('master');
    } finally {
      await queue.close();
      await group.stop();
    }
  });
});

(redisIsInstalled && opensslIsInstalled ? describe : describe.skip)('TLS', () => {
  let certificates: Certificates;
  beforeAll(() => void (certificates = makeCertificates()));
  afterAll(() => certificates.remove());

  it('refuses a Redis whose certificate nobody vouches for', async () => {
    const redis = await RedisServer.startWith(certificates);
    try {
      await expect(refuseUnfitQueue(redis.url)).rejects.toMatchObject({
        code: 'queue.refused',
        details: { reason: expect.stringMatching(/certificate/) },
      });
    } finally {
      await redis.stop();
    }
  });

  it.each<[string, () => Promise<{ url: string; stop(): Promise<void>; isComplete?(): Promise<boolean> }>]>([
    ['rediss://', () => RedisServer.startWith(certificates)],
    ['rediss+sentinel://', () => RedisGroup.start(certificates)],
  ])('carries a hint over %s when NODE_EXTRA_CA_CERTS vouches', async (scheme, start) => {
    const redis = await start();
    try {
      expect(redis.url).toMatch(scheme);
      if (redis.isComplete) await eventually(() => redis.isComplete!());
      const env = { PATH: process.env['PATH'], QUEUE_URL: redis.url, NODE_EXTRA_CA_CERTS: certificates.authority };
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', ONE_HINT], { env });
      expect(stdout.trim()).toBe('held a');
    } finally {
      await redis.stop();
    }
  });
});

/** Node reads NODE_EXTRA_CA_CERTS when it starts, so this takes a process of its own. */
const ONE_HINT = `
  import { DigestQueue } from './dist/libs/reminders/src/queue.js';
  let done;
  const held = new Promise((resolve) => (done = resolve));
  const queue = await DigestQueue.open(process.env.QUEUE_URL, async ({ unitId }) => done(unitId), console.error, () => {});
  await queue.add([{ unitId: 'a', on: '2026-11-24' }]);
  console.log('held', await held);
  await queue.close();
`;

async function eventuallyOpen(url: string, hold: (hint: Hint) => Promise<void>): Promise<DigestQueue> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await wait(100))
    try {
      return await DigestQueue.open(
        url,
        hold,
        () => {},
        () => {},
      );
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
}

function at(host: string, port: number) {
  return { host, port };
}
