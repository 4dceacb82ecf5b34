import { join, resolve } from 'node:path';
import { z } from 'zod';
import { CHECKOUT } from './checkout.js';
import { type Language, languageOf, type SentenceCode } from './sentences.js';
import { Unstartable } from './unstartable.js';

export type Configuration = Readonly<{
  port: number;
  host: string;
  /** Where a worker answers whether it is well; null: nowhere. */
  healthPort: number | null;
  /** Null: an embedded PostgreSQL in `dataDir`. */
  databaseUrl: string | null;
  /** PostgreSQL, EventStoreDB or KurrentDB; null: the same PostgreSQL. */
  eventStoreUrl: string | null;
  /** PostgreSQL or Redis; null: the same PostgreSQL. */
  queueUrl: string | null;
  /** Absolute. A relative DATA_DIR counts from where the user stands, the default from the checkout. */
  dataDir: string;
  logLevel: (typeof LOG_LEVELS)[number];
  language: Language;
}>;

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const says = (code: SentenceCode) => ({ error: code });
const isPostgres = (url: string) => /^postgres(ql)?:\/\/[^/]/.test(url) && URL.canParse(url);
const postgresUrl = z.string().refine(isPostgres, says('configuration.postgres-url'));
/** A province's own part of a server that several share. */
const hasNamespace = (url: string) =>
  [...url.matchAll(/[?&]namespace=([^&]*)/g)].every(([, name = '']) => /^[a-z][a-z0-9_]{0,39}$/.test(name));
export const isEventStoreUrl = (url: string) =>
  isPostgres(url) || (/^(esdb|kurrentdb|kdb)(\+discover)?:\/\/[^/]/.test(url) && hasNamespace(url));

/** Redis behind Sentinels, which a URL proper has no room for: the user and the password are those of Redis. */
export const SENTINEL_URL =
  /^redis(?<tls>s?)\+sentinel:\/\/(?:(?<user>[^:@/]*):(?<password>[^@/]*)@)?(?<hosts>[\w.:,[\]-]+)\/(?<master>[\w.%-]+)(?:\/(?<db>\d+))?(?:\?namespace=[a-z][a-z0-9_]{0,39})?$/;
const isQueue = (url: string) =>
  isPostgres(url) || SENTINEL_URL.test(url) || (/^rediss?:\/\/[^/]/.test(url) && URL.canParse(url) && hasNamespace(url));

const port = z
  .string()
  .regex(/^\d{1,5}$/, says('configuration.port'))
  .transform(Number)
  .refine((port) => port <= 65_535, says('configuration.port'));

const environment = z.object({
  PORT: port.default(3000),
  HEALTH_PORT: port.optional(),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, says('configuration.host'))
    .default('127.0.0.1'),
  DATABASE_URL: postgresUrl.optional(),
  EVENT_STORE_URL: z.string().refine(isEventStoreUrl, says('configuration.event-store-url')).optional(),
  QUEUE_URL: z.string().refine(isQueue, says('configuration.queue-url')).optional(),
  DATA_DIR: z.string().optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, says('configuration.log-level')).default('info'),
  DUBAN_LANG: z
    .string()
    .regex(/^(zh|en)\b/i, says('configuration.language'))
    .optional(),
});

/** Every variable that is understood. */
export const SETTINGS: readonly string[] = Object.keys(environment.shape);

/** What the environment asks for; an empty variable counts as unset. Throws `Unstartable` naming the first variable that is wrong. */
export function readConfiguration(env: Readonly<Record<string, string | undefined>> = process.env): Configuration {
  const read = environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!read.success) {
    const [issue] = read.error.issues;
    const name = String(issue?.path[0]);
    throw new Unstartable(issue?.message as SentenceCode, { name, given: withoutPassword(env[name] ?? '') });
  }
  const { PORT, HOST, HEALTH_PORT, DATABASE_URL, EVENT_STORE_URL, QUEUE_URL, DATA_DIR, LOG_LEVEL } = read.data;
  return Object.freeze({
    port: PORT,
    host: HOST,
    healthPort: HEALTH_PORT ?? null,
    databaseUrl: DATABASE_URL ?? null,
    eventStoreUrl: EVENT_STORE_URL ?? null,
    queueUrl: QUEUE_URL ?? null,
    dataDir: DATA_DIR === undefined ? join(CHECKOUT, '.data') : resolve(env.DUBAN_CWD ?? '', DATA_DIR),
    logLevel: LOG_LEVEL,
    language: languageOf(env),
  });
}

/** The sentence may end up in a log. */
export const withoutPassword = (given: string) => given.replace(/(\/\/[^:/@]*):[^@]*@/, '$1:***@');
