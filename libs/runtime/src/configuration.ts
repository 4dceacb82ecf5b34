import { join, resolve } from 'node:path';
import { z } from 'zod';
import { CHECKOUT } from './checkout.js';
import { type Language, languageOf, type SentenceCode } from './sentences.js';
import { Unstartable } from './unstartable.js';

export type Configuration = Readonly<{
  port: number;
  host: string;
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
const isEventStore = (url: string) => isPostgres(url) || /^(esdb|kurrentdb|kdb)(\+discover)?:\/\/[^/]/.test(url);

/** Redis behind Sentinels, which a URL proper has no room for: the user and the password are those of Redis. */
export const SENTINEL_URL =
  /^redis(?<tls>s?)\+sentinel:\/\/(?:(?<user>[^:@/]*):(?<password>[^@/]*)@)?(?<hosts>[\w.:,[\]-]+)\/(?<master>[\w.%-]+)(?:\/(?<db>\d+))?$/;
const isQueue = (url: string) => isPostgres(url) || SENTINEL_URL.test(url) || (/^rediss?:\/\/[^/]/.test(url) && URL.canParse(url));

const environment = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, says('configuration.port'))
    .transform(Number)
    .refine((port) => port <= 65_535, says('configuration.port'))
    .default(3000),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, says('configuration.host'))
    .default('127.0.0.1'),
  DATABASE_URL: postgresUrl.optional(),
  EVENT_STORE_URL: z.string().refine(isEventStore, says('configuration.event-store-url')).optional(),
  QUEUE_URL: z.string().refine(isQueue, says('configuration.queue-url')).optional(),
  DATA_DIR: z.string().optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, says('configuration.log-level')).default('info'),
  DUBAN_LANG: z
    .string()
    .regex(/^(zh|en)\b/i, says('configuration.language'))
    .optional(),
});

/** What the environment asks for; an empty variable counts as unset. Throws `Unstartable` naming the first variable that is wrong. */
export function readConfiguration(env: Readonly<Record<string, string | undefined>> = process.env): Configuration {
  const read = environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!read.success) {
    const [issue] = read.error.issues;
    const name = String(issue?.path[0]);
    throw new Unstartable(issue?.message as SentenceCode, { name, given: withoutPassword(env[name] ?? '') });
  }
  const { PORT, HOST, DATABASE_URL, EVENT_STORE_URL, QUEUE_URL, DATA_DIR, LOG_LEVEL } = read.data;
  return Object.freeze({
    port: PORT,
    host: HOST,
    databaseUrl: DATABASE_URL ?? null,
    eventStoreUrl: EVENT_STORE_URL ?? null,
    queueUrl: QUEUE_URL ?? null,
    dataDir: DATA_DIR === undefined ? join(CHECKOUT, '.data') : resolve(env.DUBAN_CWD ?? '', DATA_DIR),
    logLevel: LOG_LEVEL,
    language: languageOf(env),
  });
}

/** The sentence may end up in a log. */
const withoutPassword = (given: string) => given.replace(/(\/\/[^:/@]*):[^@]*@/, '$1:***@');
