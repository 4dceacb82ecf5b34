import { copyStore, NotACopy, type Step } from '@app/event-store/copy-store.js';
import type { EventStore } from '@app/event-store/event-store.js';
import { openEventStore } from '@app/event-store/open-event-store.js';
import { type Configuration, isEventStoreUrl, readConfiguration, withoutPassword } from '@app/runtime/configuration.js';
import { openDatabase } from './database.js';
import type { ExitCode } from './exit-code.js';
import type { Words } from './words.js';

/** The product's own database, wherever it is. */
const OWN = 'database';
const TELL_EVERY_MS = 1_000;

type Ends = { from: string; to: string };

/** Copies all events between PostgreSQL and EventStoreDB, and says whether both are the same then. May be killed and called again. */
export const migrateStore =
  (say: Words) =>
  async ({ from, to }: Ends): Promise<ExitCode> => {
    for (const url of [from, to])
      if (url !== OWN && !isEventStoreUrl(url)) {
        console.error(say('migrate.wrong-url', { url: withoutPassword(url) }));
        return 2;
      }
    const configuration = readConfiguration();
    const database = from === OWN || to === OWN ? await openDatabase(configuration) : null;
    try {
      const urlOf = (end: string) => (end === OWN ? database!.url : end);
      return await copy(urlOf(from), urlOf(to), say, configuration);
    } finally {
      await database?.leave();
    }
  };

async function copy(from: string, to: string, say: Words, { language }: Configuration): Promise<ExitCode> {
  if (sameUrl(from, to)) {
    console.error(say('migrate.same', { url: withoutPassword(from) }));
    return 2;
  }
  if (isPostgres(from) === isPostgres(to)) {
    console.error(say('migrate.same-kind'));
    return 2;
  }
  const stores: EventStore[] = [];
  const open = async (url: string) => {
    try {
      const store = await openEventStore(url);
      stores.push(store);
      return { store, is: await store.describe() };
    } catch (error) {
      console.error(say('migrate.unreachable', { url: withoutPassword(url), reason: (error as Error).message }));
      return null;
    }
  };
  try {
    const [source, target] = [await open(from), await open(to)];
    if (!source || !target) return 1;
    console.error(say('migrate.begins', { source: source.is, target: target.is }));
    const began = Date.now();
    const { events, before, hash } = await copyStore(source.store, target.store, teller(say));
    const seconds = ((Date.now() - began) / 1_000).toFixed(1);
    console.log(say('migrate.done', { events: events.toLocaleString(language), copied: events - before, before, seconds }));
    console.log(say('migrate.hash', { hash }));
    console.log(say('migrate.next', { url: withoutPassword(to) }));
    return 0;
  } catch (error) {
    console.error(
      error instanceof NotACopy ? say(`migrate.${error.why}`, error.details) : say('migrate.stopped', { reason: String(error) }),
    );
    return 1;
  } finally {
    for (const store of stores) await store.close();
  }
}

const isPostgres = (url: string) => /^postgres(ql)?:/.test(url);

/** As far as can be told from the words: `postgres` and `postgresql`, `esdb` and `kurrentdb`, a slash at the end. */
function sameUrl(one: string, other: string): boolean {
  const [plain, alike] = [one, other].map((url) =>
    url
      .replace(/^postgresql:/, 'postgres:')
      .replace(/^(kurrentdb|kdb)(?=[:+])/, 'esdb')
      .replace(/\/(?=$|\?)/, ''),
  );
  return plain === alike;
}

/** Says once a second how far it is. */
function teller(say: Words) {
  let told = Date.now();
  return (step: Step, events: number) => {
    if (Date.now() - told < TELL_EVERY_MS) return;
    told = Date.now();
    console.error(say(`migrate.${step}`, { events }));
  };
}
