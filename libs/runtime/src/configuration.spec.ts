import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from './checkout.js';
import { readConfiguration } from './configuration.js';
import { Unstartable } from './unstartable.js';

const refusal = (env: Record<string, string>): Unstartable => {
  try {
    readConfiguration(env);
  } catch (error) {
    if (error instanceof Unstartable) return error;
    throw error;
  }
  throw new Error('accepted');
};

describe('reading the configuration', () => {
  it('needs nothing: one machine, an embedded PostgreSQL in the checkout', () => {
    expect(readConfiguration({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      healthPort: null,
      databaseUrl: null,
      eventStoreUrl: null,
      queueUrl: null,
      dataDir: join(CHECKOUT, '.data'),
      logLevel: 'info',
      language: 'zh',
    });
    expect(existsSync(join(CHECKOUT, 'nest-cli.json'))).toBe(true);
  });

  it('takes what the environment says', () => {
    const url = 'postgres://duban:secret@db.example:5432/duban?sslmode=require';
    const env = {
      PORT: '8080',
      HOST: '::',
      HEALTH_PORT: '8081',
      DATABASE_URL: url,
      QUEUE_URL: url,
      EVENT_STORE_URL: url,
      LOG_LEVEL: 'debug',
      DUBAN_LANG: 'en',
    };
    expect(readConfiguration({ ...env, DATA_DIR: '/srv/duban' })).toEqual({
      port: 8080,
      host: '::',
      healthPort: 8081,
      databaseUrl: url,
      eventStoreUrl: url,
      queueUrl: url,
      dataDir: '/srv/duban',
      logLevel: 'debug',
      language: 'en',
    });
  });

  it.each([
    'redis://cache:6379',
    'redis://:secret@[::1]:6379/2',
    'rediss://li:secret@cache',
    'redis+sentinel://one:26379,two,[::1]:26379/master',
    'rediss+sentinel://li:secret@one,two:26380/master/2',
  ])('takes %s for the queue', (url) => expect(readConfiguration({ QUEUE_URL: url }).queueUrl).toBe(url));

  it('counts a relative DATA_DIR from where the user stands', () =>
    expect(readConfiguration({ DATA_DIR: 'data', DUBAN_CWD: '/home/li' }).dataDir).toBe('/home/li/data'));

  it('takes an empty variable for an unset one', () => expect(readConfiguration({ PORT: '', DATABASE_URL: '' }).port).toBe(3000));

  it('cannot be changed afterwards', () => expect(Object.isFrozen(readConfiguration({}))).toBe(true));
});

describe('refusing a configuration', () => {
  it.each([
    ['configuration.port', { PORT: '80a' }],
    ['configuration.port', { PORT: '65536' }],
    ['configuration.port', { PORT: '-1' }],
    ['configuration.port', { HEALTH_PORT: 'x' }],
    ['configuration.host', { HOST: 'http://localhost' }],
    ['configuration.postgres-url', { DATABASE_URL: 'mysql://db/duban' }],
    ['configuration.postgres-url', { DATABASE_URL: 'postgres://' }],
    ['configuration.queue-url', { QUEUE_URL: 'amqp://mq' }],
    ['configuration.queue-url', { QUEUE_URL: 'redis://' }],
    ['configuration.queue-url', { QUEUE_URL: 'redis+sentinel://one:26379,two:26379' }],
    ['configuration.queue-url', { QUEUE_URL: 'redis://one:26379,two:26379/master' }],
    ['configuration.event-store-url', { EVENT_STORE_URL: 'mysql://node:2113' }],
    ['configuration.event-store-url', { EVENT_STORE_URL: 'esdb://' }],
    ['configuration.log-level', { LOG_LEVEL: 'loud' }],
    ['configuration.language', { DUBAN_LANG: 'fr' }],
  ])('%s: names the variable and what was given in %j', (code, env) => {
    const [[name, given]] = Object.entries(env) as [[string, string]];
    const refused = refusal(env as Record<string, string>);
    expect(refused.code).toBe(code);
    expect(refused.details).toEqual({ name, given });
    expect(refused.message).toContain(`${name} is "${given}"`);
  });

  it('does not repeat a password', () => {
    expect(refusal({ QUEUE_URL: 'redis+sentinel://:hunter2@cache:6379' }).message).toContain('redis+sentinel://:***@cache:6379');
    expect(refusal({ DATABASE_URL: 'mysql://li:hunter2@db/duban' }).message).not.toContain('hunter2');
  });
});
