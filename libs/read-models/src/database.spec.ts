import { readFile } from 'node:fs/promises';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { MemoryEventStore } from '@app/event-store/memory.js';
import { createDatabase } from '../../../test/support/database.js';
import { eventually } from '../../../test/support/eventually.js';
import { apply } from './apply.js';
import { Checkpoint } from './checkpoint.js';
import { databaseOptions, openMigrated } from './database.js';
import { ENTITIES } from './entities.js';
import { run } from './runner.js';
import { LIVE, Tables } from './tables.js';
import { contents, fill, openViews, work } from './testing.js';
import { VIEWS } from './views.js';

const { events } = work(40);
const half = events.slice(0, 250);

/** What version 0.1 left: its tables, filled up to the middle of the log, somebody's password, and one counter that fell to nothing. */
async function before(url: string, filled: DataSource, position: string): Promise<void> {
  const old = new pg.Client({ connectionString: url });
  await old.connect();
  await old.query('create schema app');
  await old.query(await readFile('libs/read-models/src/fixtures/schema-1.sql', 'utf8'));
  await old.query(`create table app.migration (id serial primary key, timestamp bigint not null, name varchar not null)`);
  await old.query(`insert into app.migration (timestamp, name) values (1764000000000, 'Initial1764000000000')`);
  for (const view of VIEWS) {
    const { rows, name } = new Tables(filled, LIVE, view);
    const known = await old.query<{ name: string }>(
      `select quote_ident(column_name) as name from information_schema.columns where table_schema = 'app' and table_name = $1`,
      [name],
    );
    // Views that came later had no tables then, and some rows had fewer columns.
    if (known.rows.length === 0) continue;
    const columns = known.rows.map((column) => column.name);
    const [{ all }] = await filled.query<[{ all: string }]>(`select coalesce(json_agg(row), '[]')::text as all from ${rows} row`);
    await old.query(`insert into ${rows} (${columns.join()}) select ${columns.join()} from json_populate_recordset(null::${rows}, $1)`, [
      all,
    ]);
    await old.query('insert into app.checkpoint (view, position) values ($1, $2)', [view.name, position]);
  }
  for (const { key, n } of await filled.query<{ key: string; n: number }[]>('select key, n from app.tally'))
    await old.query('insert into app.tally (key, n) values ($1, $2)', [key, n]);
  await old.query(`insert into app.credential values (gen_random_uuid(), 'secret', now())`);
  await old.end();
}

it('takes over the tables of a database that was made before views were built, and goes on from where they are', async () => {
  const store = new MemoryEventStore();
  await fill(store, half);
  const [model, { url, drop }] = [await openViews(), await createDatabase()];
  let db: DataSource | undefined;
  try {
    await apply(model.db.manager, VIEWS, await store.readAll(null, 1_000), '');
    await before(url, model.db, (await store.head())!);
    const counted = await model.db.query(`select * from app.tally order by key`);

    db = await openMigrated({ ...databaseOptions(url), entities: ENTITIES });
    expect(await db.query(`select * from app.tally order by key`)).toEqual(counted);
    const places = await db.manager.find(Checkpoint);
    const old = places.filter(({ position }) => position !== '');
    expect(old.length).toBe(7);
    expect(new Set(old.map(({ version, position }) => `${version} ${position}`))).toEqual(new Set([`1 ${await store.head()}`]));
    const accountsBefore = await db.query(`select 'app.account'::regclass::oid`);

    await fill(store, events.slice(250));
    const head = (await store.head())!;
    const stopping = new AbortController();
    const told: unknown[] = [];
    const running = run(store, db, VIEWS, stopping.signal, (_, error) => told.push(error));
    const arrived = () => db!.manager.find(Checkpoint, { where: { position: head } });
    await eventually(async () => (await arrived()).length === VIEWS.length, 'all at the head');
    stopping.abort();
    await running;
    expect(told).toEqual([]);

    await apply(model.db.manager, VIEWS, (await store.readAll(null, 1_000)).slice(250), half.at(-1)!.position);
    expect(await contents(db)).toEqual(await contents(model.db));
    const versions = (await arrived()).map(({ view, version }) => `${view} ${version}`);
    expect(new Set(versions)).toEqual(new Set(VIEWS.map(({ name, version }) => `${name} ${version}`)));
    expect(await db.query(`select 'app.account'::regclass::oid`)).toEqual(accountsBefore);
    expect(await db.query('select hash from app.credential')).toEqual([{ hash: 'secret' }]);
  } finally {
    await db?.destroy();
    await drop();
    await model.close();
  }
});
