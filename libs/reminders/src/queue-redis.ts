import { type ConnectionOptions, createRedisBackend, type RedisOptions } from 'bullmq';
import { Redis, type RedisOptions as ClientOptions } from 'ioredis';
import { SENTINEL_URL } from '@app/runtime/configuration.js';
import type { Tell } from '@app/runtime/sentences.js';
import { Unstartable } from '@app/runtime/unstartable.js';
import type { Backend, QueueState } from './queue.js';

/** Of all keys; provinces that share a Redis have one each. */
const prefixOf = (url: string) => ['duban', ...(NAMESPACE.exec(url)?.slice(1) ?? [])].join('.');
const NAMESPACE = /[?&]namespace=(\w+)/;
const CONNECTS_WITHIN_MS = 2_000;
const ANSWERS_WITHIN_MS = 5_000;

/** Rejects when Redis is away, and with `Unstartable` when it is unfit. */
export async function redisBackend(url: string, onWarning: Tell): Promise<Backend<ConnectionOptions>> {
  const { keepsNothing, queue } = await look(url);
  if (keepsNothing) onWarning('queue.not-kept', { queue });
  // A connection that is being made again does not hear that it is not wanted any more: it has to ask.
  let wanted = true;
  const patience = (times: number) => (wanted ? Math.min(times * 200, 2_000) : null);
  const steady: RedisOptions = {
    ...redisOptions(url),
    connectTimeout: CONNECTS_WITHIN_MS,
    keepAlive: 10_000,
    retryStrategy: patience,
    sentinelRetryStrategy: patience,
  };
  return {
    // A hint that cannot be left now is left by the next sweep: waiting for Redis would hold up the sweep and its end.
    adding: { ...steady, enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: ANSWERS_WITHIN_MS },
    working: { ...steady, maxRetriesPerRequest: null },
    factory: createRedisBackend,
    prefix: prefixOf(url),
    leave: async () => {
      wanted = false;
      return look(url).then(
        () => true,
        () => false,
      );
    },
    release: async () => {},
  };
}

/** Resolves also when Redis is away, for it may come back; throws `Unstartable` only when it is there and unfit. */
export async function refuseUnfitRedis(url: string): Promise<void> {
  await look(url).catch((error) => {
    if (error instanceof Unstartable) throw error;
  });
}

export const emptyRedis = (url: string): Promise<void> =>
  once(url, async (redis) => {
    for await (const keys of redis.scanStream({ match: `${prefixOf(url)}:*`, count: 1_000 }) as AsyncIterable<string[]>)
      if (keys.length > 0) await redis.unlink(keys);
  });

/** What Redis says of itself; rejects when it is away, and with `Unstartable` when it is unfit. INFO, because hosted ones often forbid CONFIG. */
export const look = (url: string): Promise<QueueState> =>
  once(url, async (redis) => {
    const info = await redis.info();
    const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction';
    if (policy !== 'noeviction') throw new Unstartable('queue.evicts', { queue: placeOf(url), policy });
    const version = /^redis_version:(\S+)/m.exec(info)?.[1] ?? '';
    return { server: `Redis ${version}`, queue: placeOf(url), keepsNothing: /^aof_enabled:0/m.test(info) };
  });

/** Asks over a connection that gives up at once; throws `Unstartable` when Redis does not let us in. */
async function once<T>(url: string, question: (redis: Redis) => Promise<T>): Promise<T> {
  const { url: address, ...others } = redisOptions(url);
  const options = {
    ...others,
    lazyConnect: true,
    connectTimeout: CONNECTS_WITHIN_MS,
    commandTimeout: ANSWERS_WITHIN_MS,
    retryStrategy: () => null,
    sentinelRetryStrategy: () => null,
  } as ClientOptions;
  const redis = address ? new Redis(address, options) : new Redis(options);
  let said: unknown;
  redis.on('error', (error) => (said ??= error));
  try {
    await redis.connect();
    return await question(redis);
  } catch (error) {
    // What went wrong is often only said on the side; the call itself ends with "Connection is closed."
    const { message, code } = (said ?? error) as NodeJS.ErrnoException;
    const refused = /^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH|ERR invalid password)/.test(message) || isCertificate(code);
    throw refused ? new Unstartable('queue.refused', { queue: placeOf(url), reason: message }, { cause: error }) : (said ?? error);
  } finally {
    redis.disconnect();
  }
}

/** What a TLS handshake says of a certificate; a server that is away says something else. */
const isCertificate = (code = '') => /CERT|SIGNATURE|^ERR_TLS|^ERR_SSL/.test(code);

/** The client reads redis:// and rediss:// itself. */
export function redisOptions(url: string): RedisOptions {
  const parts = SENTINEL_URL.exec(url)?.groups;
  if (!parts) return { url: url.replace(/([?&])namespace=\w+&?/, '$1').replace(/[?&]$/, '') };
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
