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
  /** Null: the same PostgreSQL. */
  eventStoreUrl: string | null;
  /** Null: the same PostgreSQL. */
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
const urlOf = (later: RegExp) =>
  z
    .string()
    .refine((url) => !later.test(url), { ...says('configuration.not-in-this-version'), abort: true })
    .pipe(postgresUrl)
    .optional();

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
  EVENT_STORE_URL: urlOf(/^(esdb|kurrentdb|kdb)(\+discover)?:\/\//),
  QUEUE_URL: urlOf(/^rediss?:\/\//),
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
