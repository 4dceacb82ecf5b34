import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DataSource, EntityManager } from 'typeorm';
import { appendAgain, digest } from '@app/event-store/copy-store.js';
import type { EventStore, Position, Recorded } from '@app/event-store/event-store.js';
import { openEventStore } from '@app/event-store/open-event-store.js';
import { databaseOptions, openMigrated } from '@app/read-models/database.js';
import { ENTITIES } from '@app/read-models/entities.js';
import { KEPT_TABLES } from '@app/read-models/kept-tables.js';
import { ViewProgress } from '@app/read-models/progress.js';
import { run } from '@app/read-models/runner.js';
import { VIEWS } from '@app/read-models/views.js';
import { type Configuration, readConfiguration } from '@app/runtime/configuration.js';
import { openDatabase } from '../database.js';
import { loadedMark, RESTORED } from '../demonstration.js';
import type { ExitCode } from '../exit-code.js';
import type { Words } from '../words.js';
import { BadBackup, type End, type Line, readBackup } from './backup-file.js';
import { everySecond } from './every-second.js';

/** Why nothing was restored; `code` is the sentence. */
class NotRestored extends Error {
  constructor(
    readonly code: 'restore.not-empty' | 'restore.running' | 'restore.other' | 'restore.differs',
    readonly details: Readonly<Record<string, string | number>> = {},
  ) {
    super(code);
  }
}

const ROWS = 500;
const EVENTS = 1_000;
const APPLICATION = 'duban restore';

/**
 * Fills an empty installation from a backup. The file is read to its end before anything is touched. A restore that is cut off leaves a
 * mark that the product does not start over; the same file again goes on with it.
 */
export const restore =
  (say: Words) =>
  async (name: string): Promise<ExitCode> => {
    const file = resolve(process.env['DUBAN_CWD'] ?? '', name);
    const began = Date.now();
    try {
      const told = everySecond((lines) => console.error(say('restore.reading', { lines })));
      let lines = 0;
      const { header, end } = await readBackup(file, () => told(++lines));
      await into(readConfiguration(), file, end, say);
      console.log(say('restore.done', { events: end.events, at: header.at, seconds: ((Date.now() - began) / 1000).toFixed(1) }));
      return 0;
    } catch (error) {
      console.error(sentenceOf(error, file, say));
      return 1;
    }
  };

function sentenceOf(error: unknown, file: string, say: Words): string {
  if (error instanceof BadBackup || error instanceof NotRestored) return say(error.code, { file, ...error.details });
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') return say('file.unreadable', { file, reason: message });
  return say('restore.stopped', { file, reason: message });
}

async function into(configuration: Configuration, file: string, end: End, say: Words): Promise<void> {
  const database = await openDatabase(configuration);
  const db = await openMigrated({ ...databaseOptions(database.url), entities: ENTITIES, applicationName: APPLICATION });
  let store: EventStore | undefined;
  try {
    store = await openEventStore(configuration.eventStoreUrl ?? database.url);
    await begin(store, db, end);
    await appendAll(file, store, end, say);
    const followers = await compared(store, end);
    await db.transaction((tx) => tables(tx, file, followers));
    await mkdir(configuration.dataDir, { recursive: true });
    await writeFile(loadedMark(configuration.dataDir), RESTORED);
    await buildViews(store, db, database.url, say);
  } finally {
    await store?.close();
    await db.destroy();
    await database.leave();
  }
}

/** Sees to it that there is nothing yet, and marks that a restore has begun; a mark of the same file is one that goes on. */
async function begin(store: EventStore, db: DataSource, { hash }: End): Promise<void> {
  const [{ others }] = await db.query<[{ others: number }]>(
    `select count(*)::int as others from pg_stat_activity
     where datname = current_database() and application_name in ('duban', 'duban views', 'duban queue')`,
  );
  if (others > 0) throw new NotRestored('restore.running');
  const [{ begun }] = await db.query<[{ begun: boolean }]>(`select to_regclass('app.restoring') is not null as begun`);
  if (begun) {
    const [{ hash: other }] = await db.query<[{ hash: string }]>('select hash from app.restoring');
    if (other !== hash) throw new NotRestored('restore.other');
    return;
  }
  const counts = KEPT_TABLES.map((table) => `(select count(*) from app.${table})`).join(' + ');
  const [{ rows }] = await db.query<[{ rows: string }]>(`select ${counts} as rows`);
  if ((await store.head()) !== null || rows !== '0') throw new NotRestored('restore.not-empty');
  await db.query(`create table app.restoring as select $1::text as hash, now() as "begunAt"`, [hash]);
}

async function appendAll(file: string, store: EventStore, { events: of }: End, say: Words): Promise<void> {
  const told = everySecond((events) => console.error(say('restore.progress', { events, of })));
  let [page, done]: [Recorded[], number] = [[], 0];
  const append = () => appendAgain(page, store, (more) => told((done += more)));
  await readBackup(file, async (line) => {
    if (!('event' in line)) return;
    page.push(line.event);
    if (page.length < EVENTS) return;
    await append();
    page = [];
  });
  await append();
}

/** The last event that a follower has handled. */
type Handled = { name: string; stream: string; revision: string; position: Position };

/** Reads everything back and compares count and hash. Answers where each follower goes on in this store. */
async function compared(store: EventStore, end: End): Promise<Handled[]> {
  const found = await digest(store, Infinity, () => {});
  if (found.events !== end.events || found.hash !== end.eventsHash)
    throw new NotRestored('restore.differs', { found: found.events, events: end.events });
  const places = Object.entries(end.followers).map(async ([name, { stream, revision }]) => {
    const [last] = await store.read(stream, BigInt(revision));
    return { name, stream, revision, position: last!.position };
  });
  return Promise.all(places);
}

/** All of them or none, and the mark goes with them. */
async function tables(tx: EntityManager, file: string, followers: readonly Handled[]): Promise<void> {
  let [table, rows]: [string, object[]] = ['', []];
  const insert = async () => {
    if (rows.length > 0)
      await tx.query(`insert into app.${table} select * from json_populate_recordset(null::app.${table}, $1)`, [JSON.stringify(rows)]);
    rows = [];
  };
  await readBackup(file, async (line: Line) => {
    if (!('table' in line)) return;
    if (line.table !== table || rows.length >= ROWS) await insert();
    table = line.table;
    rows.push(line.row);
  });
  await insert();
  for (const { name, position, stream, revision } of followers)
    await tx.query('insert into app.follower (name, position, stream, revision) values ($1, $2, $3, $4)', [
      name,
      position,
      stream,
      revision,
    ]);
  await tx.query('drop table app.restoring');
}

/** As the worker would: until then nobody could sign in. What is cut off here goes on at the next start. */
async function buildViews(store: EventStore, db: DataSource, url: string, say: Words): Promise<void> {
  const head = await store.head();
  if (head === null) return;
  const stopping = new AbortController();
  const running = run(store, db, VIEWS, stopping.signal, (views, error) => console.error(`${views.join()}: ${(error as Error).message}`));
  const telling = setInterval(() => console.error(say('restore.building')), 5_000);
  try {
    await new ViewProgress(db, url).reached(head, Infinity);
  } finally {
    clearInterval(telling);
    stopping.abort();
    await running;
  }
}
