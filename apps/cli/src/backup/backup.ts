import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { DataSource } from 'typeorm';
import { canonical } from '@app/event-store/copy-store.js';
import type { EventStore, Position, Recorded } from '@app/event-store/event-store.js';
import { openEventStore } from '@app/event-store/open-event-store.js';
import { databaseOptions } from '@app/read-models/database.js';
import { KEPT_TABLES } from '@app/read-models/kept-tables.js';
import { readConfiguration } from '@app/runtime/configuration.js';
import { openDatabase } from '../database.js';
import type { ExitCode } from '../exit-code.js';
import type { Words } from '../words.js';
import { type End, exists, FORMAT, type Header, lineOf, writeBackup } from './backup-file.js';
import { everySecond } from './every-second.js';

const ROWS = 1_000;
const EVENTS = 2_000;

/** Writes everything that cannot be made again into one file, whatever store the events are in. The product may go on running meanwhile. */
export const backup =
  (say: Words, version: string) =>
  async (name: string): Promise<ExitCode> => {
    const file = resolve(process.env['DUBAN_CWD'] ?? '', name);
    if (await exists(file)) {
      console.error(say('backup.exists', { file }));
      return 1;
    }
    const configuration = readConfiguration();
    const database = await openDatabase(configuration);
    let store: EventStore | undefined;
    const db = new DataSource(databaseOptions(database.url));
    const began = Date.now();
    try {
      await db.initialize();
      if (await db.showMigrations()) {
        console.error(say('backup.migrations'));
        return 1;
      }
      store = await openEventStore(configuration.eventStoreUrl ?? database.url);
      const head: Header = { duban: 'backup', format: FORMAT, version, at: new Date().toISOString(), store: await store.describe() };
      const told = everySecond((events) => console.error(say('backup.progress', { events })));
      let end: End | undefined;
      await writeBackup(
        file,
        linesOf(store, db, head, told, (known) => (end = known)),
      );
      console.log(
        say('backup.done', { file, events: end!.events, hash: end!.hash.slice(0, 16), seconds: ((Date.now() - began) / 1000).toFixed(1) }),
      );
      return 0;
    } catch (error) {
      console.error(say('backup.failed', { reason: (error as Error).message }));
      return 1;
    } finally {
      await store?.close();
      if (db.isInitialized) await db.destroy();
      await database.leave();
    }
  };

/**
 * The tables first, as they are at one moment, then the events up to where the store stood after it: so no row speaks of an event that
 * is not there. What was recorded in between the rows do not know yet, as after a crash.
 */
async function* linesOf(
  store: EventStore,
  db: DataSource,
  header: Header,
  told: (events: number) => void,
  ended: (end: End) => void,
): AsyncGenerator<string> {
  const [all, eventsOnly] = [createHash('sha256'), createHash('sha256')];
  const hashed = (line: string) => {
    all.update(line);
    return line;
  };
  yield hashed(lineOf(header));

  const rows: Record<string, number> = {};
  const followers: { name: string; position: Position; last: Recorded | null }[] = [];
  const moment = db.createQueryRunner();
  await moment.startTransaction('REPEATABLE READ');
  try {
    followers.push(...((await moment.query(`select name, position, null as last from app.follower order by name`)) as typeof followers));
    for (const table of KEPT_TABLES) {
      rows[table] = 0;
      await moment.query(`declare "${table} rows" cursor for select to_json(r) as row from app.${table} r`);
      for (;;) {
        const page = (await moment.query(`fetch ${ROWS} from "${table} rows"`)) as { row: object }[];
        for (const { row } of page) yield hashed(lineOf({ table, row }));
        rows[table] += page.length;
        if (page.length < ROWS) break;
      }
    }
    await moment.commitTransaction();
  } finally {
    if (moment.isTransactionActive) await moment.rollbackTransaction();
    await moment.release();
  }

  const head = await store.head();
  let events = 0;
  for (let after: Position | null = null; head !== null && after !== head;) {
    const page: Recorded[] = (await store.readAll(after, EVENTS)).filter(({ position }) => position <= head);
    if (page.length === 0) break;
    for (const event of page) {
      const line = `${canonical(event)}\n`;
      eventsOnly.update(line);
      yield hashed(line);
      for (const follower of followers) if (event.position <= follower.position) follower.last = event;
    }
    after = page.at(-1)!.position;
    told((events += page.length));
  }
  const end: End = {
    events,
    eventsHash: eventsOnly.digest('hex'),
    rows,
    followers: Object.fromEntries(
      followers.flatMap(({ name, last }) => (last ? [[name, { stream: last.stream, revision: String(last.revision) }]] : [])),
    ),
    hash: all.digest('hex'),
  };
  ended(end);
  yield lineOf({ end });
}
