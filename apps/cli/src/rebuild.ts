import { openEventStore } from '@app/event-store/open-event-store.js';
import { databaseOptions, openMigrated } from '@app/read-models/database.js';
import { ENTITIES } from '@app/read-models/entities.js';
import { BuildTaken, rebuild } from '@app/read-models/build.js';
import { BuildStopped } from '@app/read-models/bulk-fold.js';
import { percentOf } from '@app/read-models/health.js';
import { VIEWS } from '@app/read-models/views.js';
import { readConfiguration } from '@app/runtime/configuration.js';
import { openDatabase } from './database.js';
import type { ExitCode } from './exit-code.js';
import type { Words } from './words.js';

/** Builds one view again from the first event. The product may go on running meanwhile: it feeds and reads the old rows until the end. */
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
      const events = await rebuild(store, db, view, {
        onProgress: ({ events: read, position, head }) => {
          const now = Date.now();
          if (now - told < 1_000) return;
          told = now;
          const rate = Math.round((read * 1000) / (now - began));
          console.error(say('rebuild.progress', { percent: percentOf(position, head), events: read, rate }));
        },
      });
      console.log(say('rebuild.done', { view: name, events, seconds: ((Date.now() - began) / 1000).toFixed(1) }));
      return 0;
    } catch (error) {
      console.error(reasonOf(error, name, say));
      return 1;
    } finally {
      await store.close();
      await db.destroy();
      await database.leave();
    }
  };

function reasonOf(error: unknown, view: string, say: Words): string {
  if (error instanceof BuildTaken) return say('rebuild.taken', { view });
  if (!(error instanceof BuildStopped)) return say('rebuild.failed', { reason: (error as Error).message });
  const { type, stream, position } = error.event;
  return say('rebuild.stopped', { type, stream, position, reason: String(error.cause) });
}
