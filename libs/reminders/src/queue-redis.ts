import { type ConnectionOptions, createRedisBackend, RedisConnection, type RedisOptions } from 'bullmq';
import { SENTINEL_URL } from '@app/runtime/configuration.js';
import { sentence } from '@app/runtime/sentences.js';
import { Unstartable } from '@app/runtime/unstartable.js';
import type { Backend } from './queue.js';

const PREFIX = 'duban';
const CONNECTS_WITHIN_MS = 2_000;
const ANSWERS_WITHIN_MS = 5_000;

/** Rejects when Redis is away, and with `Unstartable` when it may throw jobs away to save memory. */
export async function redisBackend(url: string, onError: (error: unknown) => void): Promise<Backend<ConnectionOptions>> {
  const { keepsNothing } = await look(url);
  if (keepsNothing) onError(new Error(sentence('queue.not-kept', { queue: placeOf(url) }, 'en')));
  const steady: RedisOptions = {
    ...redisOptions(url),
    connectTimeout: CONNECTS_WITHIN_MS,
    keepAlive: 10_000,
    retryStrategy: (times) => Math.min(times * 200, 2_000),
  };
  return {
    // A hint that cannot be left now is left by the next sweep: waiting for Redis would hold up the sweep and its end.
    adding: { ...steady, enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: ANSWERS_WITHIN_MS },
    working: { ...steady, maxRetriesPerRequest: null },
    factory: createRedisBackend,
    prefix: PREFIX,
    release: async () => {},
    abandon: (...parties) => void Promise.allSettled(parties.map((party) => party.disconnect())),
  };
}

/** What Redis says of itself, over a connection that gives up at once. INFO, because hosted ones often forbid CONFIG. */
async function look(url: string): Promise<{ keepsNothing: boolean }> {
  const once = {
    connectTimeout: CONNECTS_WITHIN_MS,
    commandTimeout: ANSWERS_WITHIN_MS,
    retryStrategy: () => null,
    sentinelRetryStrategy: () => null,
    disconnectTimeout: 100,
  };
  // Without BullMQ's own check, which prints.
  const connection = new RedisConnection({ ...redisOptions(url), ...once, skipVersionCheck: true }, { blocking: false });
  connection.on('error', () => {});
  try {
    const info = await (await connection.client).info();
    const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction';
    if (policy !== 'noeviction') throw new Unstartable('queue.evicts', { queue: placeOf(url), policy });
    return { keepsNothing: /^aof_enabled:0/m.test(info) };
  } finally {
    await connection.close(true);
  }
}

/** Resolves also when Redis is away, for it may come back; throws `Unstartable` only when it is there and unfit. */
export async function refuseUnfitRedis(url: string): Promise<void> {
  await look(url).catch((error) => {
    if (error instanceof Unstartable) throw error;
  });
}

/** The client reads redis:// and rediss:// itself. */
export function redisOptions(url: string): RedisOptions {
  const parts = SENTINEL_URL.exec(url)?.groups;
  if (!parts) return { url };
  const { tls, user, password, hosts = '', master, db } = parts;
  return {
    name: master && decodeURIComponent(master),
    sentinels: hosts.split(',').map(sentinel),
    ...(user && { username: decodeURIComponent(user) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(db && { db: Number(db) }),
    ...(tls && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
  };
}

function sentinel(place: string) {
  const port = /:(\d+)$/.exec(place);
  const host = port ? place.slice(0, port.index) : place;
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port?.[1] ?? 26_379) };
}

const placeOf = (url: string) => url.replace(/\/\/.*@/, '//').replace(/\?.*/, '');
