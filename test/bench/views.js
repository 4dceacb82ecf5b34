import { databaseOptions, openMigrated } from '../../dist/libs/read-models/src/database.js';
import { ENTITIES } from '../../dist/libs/read-models/src/entities.js';
import { run } from '../../dist/libs/read-models/src/runner.js';
import { VIEWS } from '../../dist/libs/read-models/src/views.js';
import { until } from './measure.js';

/** As the product does, but without its patience: what is copied here at once takes minutes. */
export const openViews = (url) => {
  const options = databaseOptions(url);
  return openMigrated({ ...options, entities: ENTITIES, extra: { ...options.extra, query_timeout: 0, statement_timeout: 0 } });
};

/** Runs every view from where it is to the head of the log, as the worker does. */
export async function takeIn(store, db) {
  const stopping = new AbortController();
  const failed = [];
  const running = run(store, db, VIEWS, stopping.signal, (views, error) => failed.push(`${views.join()}: ${String(error)}`));
  const head = await store.head();
  try {
    await until(
      async () => {
        if (failed.length > 0) throw new Error(failed[0]);
        const [{ behind }] = await db.query('select count(*)::int as behind from app.checkpoint where position >= $1', [head]);
        return behind === VIEWS.length;
      },
      'all views at the head',
      600_000,
    );
  } finally {
    stopping.abort();
    await running;
  }
}

/** As if no view had ever read anything. */
export async function forget(db) {
  const tables = VIEWS.flatMap(({ entity, versioned }) => {
    const { tablePath } = db.getMetadata(entity);
    return versioned ? [tablePath, `${tablePath}_version`] : [tablePath];
  });
  await db.query(`truncate app.tally, app.checkpoint, app.parked, ${tables.join()}`);
}
