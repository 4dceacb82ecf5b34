import { openEventStore } from '@app/event-store/open-event-store.js';
import { databaseOptions, openMigrated } from '@app/read-models/database.js';
import { ENTITIES } from '@app/read-models/entities.js';
import { rebuild } from '@app/read-models/runner.js';
import { VIEWS } from '@app/read-models/views.js';
import { readConfiguration } from '@app/runtime/configuration.js';
import { openDatabase } from './database.js';
import type { ExitCode } from './exit-code.js';
import type { Words } from './words.js';

/** Folds one view again from the first event. The product may go on running meanwhile: its readers see the old rows until the end. */
export const rebuildView =
  (say: Words) =>
  async (name: string): Promise<ExitCode> => {
    const view = VIEWS.find((candidate) => candidate.name === name);
    if (!view) {
      console.error(say('rebuild.unknown', { view: name, views: VIEWS.map((known) => known.name).join(', ') }));
      return 2;
    }
    const configuration = readConfiguration();
    const database = await openDatabase(configuration);
    const db = await openMigrated({ ...databaseOptions(database.url), entities: ENTITIES });
    const store = await openEventStore(configuration.eventStoreUrl ?? database.url);
    const began = Date.now();
    let told = began;
    try {
      const events = await rebuild(store, db, view, (read) => {
        if (Date.now() - told > 1_000) console.error(say('rebuild.progress', { events: read }));
        if (Date.now() - told > 1_000) told = Date.now();
      });
      console.log(say('rebuild.done', { view: name, events, seconds: ((Date.now() - began) / 1000).toFixed(1) }));
      return 0;
    } catch (error) {
      console.error(say('rebuild.failed', { reason: (error as Error).message }));
      return 1;
    } finally {
      await store.close();
      await db.destroy();
      await database.leave();
    }
  };
