import { setTimeout } from 'node:timers/promises';
import { FaultyLine } from '@app/event-store/faulty-line.js';
import { eventually } from '../../../test/support/eventually.js';
import { redisIsInstalled, RedisGroup, RedisServer } from '../../../test/support/redis.js';
import { type Hint, holdDigest } from './digest.js';
import { DigestQueue } from './queue.js';
import { Reminders } from './reminders.js';
import { dayToHold, unitsToHold } from './sweep.js';
import { Government } from './testing.js';

describe('the day whose digests are held', () => {
  it.each<[now: string, on: string | null, when: string]>([
    ['2026-11-24T00:59:59Z', null, 'before nine in Shanghai'],
    ['2026-11-24T01:00:00Z', '2026-11-24', 'at nine'],
    ['2026-11-24T15:59:59Z', '2026-11-24', 'until midnight'],
    ['2026-11-28T02:00:00Z', null, 'on a Saturday'],
    ['2026-10-01T02:00:00Z', null, 'on National Day'],
    ['2026-10-10T02:00:00Z', '2026-10-10', 'on the Saturday that makes up for it'],
  ])('at %s is %s (%s)', (now, on) => {
    expect(dayToHold(new Date(now))).toBe(on);
  });
});

const TUESDAY = '2026-11-24';

/** A queue as a spec wants to see and spoil it. */
type Ground = Readonly<{
  url: string;
  isOpen(): Promise<boolean>;
  jobs(): Promise<number>;
  empty(): Promise<void>;
  /** What is being worked on was a dead process's, and its time is up. */
  orphan(): Promise<void>;
}>;

const onPostgres = ({ url, db }: Government): Ground => ({
  url,
  isOpen: async () => (await db.query<unknown[]>(`select from pg_tables where schemaname = 'bullmq'`)).length > 0,
  jobs: async () => (await db.query<unknown[]>('select from bullmq.job')).length,
  empty: () => db.query('truncate bullmq.job cascade'),
  orphan: async () => {
    await db.query(`update bullmq.job set lock_token = 'dead', locked_until_ms = 1, stalled_marked = true`);
    await db.query(`update bullmq.meta set value = '0' where field = 'stalled-check'`);
  },
});

const QUEUE = 'duban:digest';
const onRedis = (redis: RedisServer): Ground => ({
  url: redis.url,
  isOpen: () => redis.ask(async (redis) => (await redis.exists(`${QUEUE}:meta`)) > 0),
  jobs: () => redis.ask(async (redis) => (await redis.keys(`${QUEUE}:digest-*`)).length),
  empty: () => redis.ask(async (redis) => void (await redis.flushall())),
  orphan: () =>
    redis.ask(async (redis) => {
      const active = await redis.lrange(`${QUEUE}:active`, 0, -1);
      await redis.sadd(`${QUEUE}:stalled`, ...active);
      await redis.del(`${QUEUE}:stalled-check`, ...active.map((id) => `${QUEUE}:${id}:lock`));
    }),
});

describe.each(redisIsInstalled ? (['PostgreSQL', 'Redis'] as const) : (['PostgreSQL'] as const))('reminders on %s', (place) => {
  let redis: RedisServer | undefined;
  let ground: Ground;
  let government: Government;
  let members: string[];
  let running: Reminders[];
  let line: FaultyLine | undefined;
  const errors: unknown[] = [];

  beforeAll(async () => {
    if (place === 'Redis') redis = await RedisServer.start();
  });
  afterAll(() => redis?.stop());

  beforeEach(async () => {
    government = await Government.start();
    await redis?.ask((redis) => redis.flushall());
    ground = redis ? onRedis(redis) : onPostgres(government);
    errors.length = 0;
    government.at('2026-10-21');
    members = [];
    running = [];
    const units: [string, 'lead'][] = [];
    for (let n = 0; n < 12; n++) {
      const unit = await government.unit(`单位${n}`);
      members.push(await government.account(unit, 'member', 'member'));
      units.push([unit, 'lead']);
    }
    await government.unit('没有工作的单位');
    const { shares } = await government.task('引育群主企业', '2026-12-01', '2026-10-23', ...units);
    for (const id of shares) await government.ofShare(id, 'AssignmentAcknowledged', {});
    await government.settled();
  });
  afterEach(async () => {
    await Promise.all(running.map((one) => one.stop()));
    await line?.close();
    line = undefined;
    await government.stop();
  });

  function start(queueUrl = ground.url): Reminders {
    const reminders = new Reminders({
      ...government.parts,
      queueUrl,
      sweepEveryMs: 100,
      onError: (error) => errors.push(error),
      onWarning: () => {},
    });
    running.push(reminders);
    reminders.start();
    return reminders;
  }
  const everybodyIsTold = async () => (await unitsToHold(government.db, TUESDAY)).length === 0;
  /** What each member was told, and how often it was recorded. */
  const outcome = async () => ({
    recorded: (await government.reminded()).length,
    told: await Promise.all(members.map((member) => government.told(member))),
  });
  const everythingOnce = () => ({ recorded: members.length, told: members.map(() => [['due-7@2026-11-24']]) });

  it('wait for nine o’clock, then tell every unit once with two processes at it, and leave no job behind', async () => {
    government.at(TUESDAY, '08:59');
    start();
    start();
    await eventually(() => ground.isOpen());
    expect(await government.reminded()).toEqual([]);
    government.at(TUESDAY, '09:00');
    await eventually(everybodyIsTold);
    await eventually(async () => (await ground.jobs()) === 0);
    expect(await outcome()).toEqual(everythingOnce());
  });

  it('survive an emptied queue', async () => {
    government.at(TUESDAY);
    start();
    start();
    await eventually(async () => (await government.reminded()).length > 0);
    await ground.empty();
    await eventually(everybodyIsTold);
    expect(await outcome()).toEqual(everythingOnce());
  });

  it('go on by themselves when the queue was away, from the start or later', async () => {
    const { hostname, port } = new URL(ground.url);
    line = await FaultyLine.to({ host: hostname, port: Number(port) });
    const url = new URL(ground.url);
    url.port = String(line.port);
    line.down();
    government.at(TUESDAY, '08:59');
    start(url.href);
    await eventually(async () => errors.length > 0);
    line.heal();
    await eventually(async () => line!.connections >= 3);
    line.down();
    government.at(TUESDAY);
    errors.length = 0;
    await eventually(async () => errors.length > 3);
    line.heal();
    await eventually(everybodyIsTold);
    expect(await outcome()).toEqual(everythingOnce());
  });

  it('take over a digest whose process was killed', async () => {
    const [unitId] = await unitsToHold(government.db, TUESDAY);
    let release = () => {};
    const hanging = new Promise<void>((resolve) => (release = resolve));
    let begun = 0;
    const hold = (hint: Hint) => (begun++ === 0 ? hanging : holdDigest(hint, government.parts));
    const dying = await DigestQueue.open(
      ground.url,
      hold,
      (error) => errors.push(error),
      () => {},
    );
    try {
      await dying.add([{ unitId: unitId!, on: TUESDAY }]);
      await eventually(async () => begun === 1);
      await ground.orphan();
      government.at(TUESDAY);
      start();
      await eventually(everybodyIsTold);
      expect(await outcome()).toEqual(everythingOnce());
    } finally {
      release();
      await dying.close();
    }
  });

  it('held up by a process that stopped are taken over by the next', async () => {
    government.at(TUESDAY);
    const first = start();
    await eventually(async () => (await government.reminded()).length > 0);
    await first.stop();
    start();
    await eventually(everybodyIsTold);
    expect(await outcome()).toEqual(everythingOnce());
  });

  it('try again what failed, although the job had the same id', async () => {
    government.at(TUESDAY);
    await government.db.query('alter table app.inbox rename to inbox_away');
    start();
    await eventually(async () => errors.some((error) => /app.inbox/.test(String(error))));
    await government.db.query('alter table app.inbox_away rename to inbox');
    await eventually(everybodyIsTold);
    expect(await outcome()).toEqual(everythingOnce());
  });

  if (place === 'Redis')
    it('go on by themselves when Redis is killed and forgets everything, before nine and among the digests', async () => {
      government.at(TUESDAY, '08:59');
      start();
      start();
      await eventually(() => ground.isOpen());
      await redis!.kill();
      await redis!.start();
      government.at(TUESDAY);
      await eventually(async () => (await government.reminded()).length > 0);
      await redis!.kill();
      await redis!.start();
      await eventually(everybodyIsTold);
      expect(await outcome()).toEqual(everythingOnce());
    });

  if (place === 'Redis')
    it('do without a Redis that begins to throw jobs away, whatever it left of them, and use it again once it is mended', async () => {
      government.at(TUESDAY, '08:59');
      start();
      start();
      await eventually(() => ground.isOpen());
      await redis!.ask(async (redis) => {
        await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
        for (const unitId of await unitsToHold(government.db, TUESDAY))
          await redis.hset(`${QUEUE}:digest-${unitId}-${TUESDAY}`, 'name', '');
      });
      government.at(TUESDAY);
      await eventually(everybodyIsTold);
      expect(await outcome()).toEqual(everythingOnce());
      expect(errors).toContainEqual(expect.objectContaining({ code: 'queue.evicts' }));
      await eventually(async () => (await ground.jobs()) === 0);

      await redis!.ask((redis) => redis.config('SET', 'maxmemory-policy', 'noeviction'));
      await eventually(() => ground.isOpen());
    });

  if (place === 'Redis')
    it('go on when the master of a Sentinel group is killed among the digests', async () => {
      const group = await RedisGroup.start();
      try {
        await eventually(() => group.isComplete());
        government.at(TUESDAY, '08:59');
        start(group.url);
        start(group.url);
        await eventually(() => onRedis(group.master).isOpen());
        government.at(TUESDAY);
        await eventually(async () => (await government.reminded()).length > 0);
        await group.master.kill();
        await eventually(everybodyIsTold);
        expect(await outcome()).toEqual(everythingOnce());
        errors.length = 0;
        // Both processes have found the new master when sweep after sweep is quiet.
        await eventually(async () => {
          const quiet = errors.length === 0;
          errors.length = 0;
          await setTimeout(300);
          return quiet && errors.length === 0 && (await onRedis(group.replica).isOpen());
        });
      } finally {
        await Promise.all(running.map((one) => one.stop()));
        await group.stop();
      }
    });
});
