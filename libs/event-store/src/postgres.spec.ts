import { Client, Pool } from 'pg';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { eventually } from '../../../test/support/eventually.js';
import { eventStoreContract } from './contract.js';
import { anEvent, aStream, envelope, events, everything, followed } from './contract-given.js';
import { NO_STREAM } from './event-store.js';
import { PostgresEventStore } from './postgres.js';
import { eventStoreSchema } from './postgres-schema.js';

/** A database with the schema, and a client beside the adapter. */
async function prepared(): Promise<{ database: TestDatabase; sql: Client }> {
  const database = await createDatabase();
  const sql = new Client({ connectionString: database.url });
  sql.on('error', () => undefined);
  await sql.connect();
  await sql.query(eventStoreSchema);
  return { database, sql };
}

eventStoreContract(
  'PostgreSQL',
  async () => {
    const { database, sql } = await prepared();
    const at = (port: string) => Object.assign(new URL(database.url), { port }).href;
    const { hostname: host, port } = new URL(database.url);
    return {
      open: () => new PostgresEventStore(database.url),
      openAt: (port) => new PostgresEventStore(at(String(port)), { silenceMs: 300 }),
      server: { host, port: Number(port) },
      end: async () => {
        await sql.end();
        await database.drop();
      },
    };
  },
  ['shared', 'line'],
);

describe('the log in PostgreSQL', () => {
  let database: TestDatabase;
  let sql: Client;
  let store: PostgresEventStore;

  beforeEach(async () => {
    ({ database, sql } = await prepared());
    store = new PostgresEventStore(database.url);
  });
  afterEach(async () => {
    await store.close();
    await sql.end();
    await database.drop();
  });

  it('has no head while it is empty', async () => {
    expect(await store.head()).toBeNull();
    expect(await store.describe()).toMatch(/^PostgreSQL \d+\.\d+, schema events$/);
  });

  it('keeps its events when the schema is made again', async () => {
    const { position } = await store.append(aStream(), events(2), NO_STREAM, envelope);
    await sql.query(eventStoreSchema);
    expect(await store.head()).toBe(position);
    expect(await store.append(aStream(), events(1), NO_STREAM, envelope)).toMatchObject({ position: 'p1:00000000000000000003' });
  });

  it('numbers events without a gap, whatever was refused or repeated between them', async () => {
    const taken = aStream();
    const first = events(2);
    await store.append(taken, first, NO_STREAM, envelope);
    const appends = Array.from({ length: 200 }, (_, n) => {
      if (n % 3 === 0) return store.append(taken, n % 2 === 0 ? first : events(2), NO_STREAM, envelope);
      return store.append(aStream(), events(1 + (n % 4)), NO_STREAM, envelope);
    });
    await Promise.allSettled(appends);

    const positions = (await everything(store, null)).map(({ position }) => position);
    expect(positions.length).toBeGreaterThan(300);
    expect(positions).toEqual(positions.map((_, n) => `p1:${String(n + 1).padStart(20, '0')}`));
    expect(await store.head()).toBe(positions.at(-1));
  });

  it.each([
    `update events.event set data = '{}'`,
    'delete from events.event',
    'truncate events.event',
    `insert into events.event select * from events.event on conflict (position) do update set data = '{}'`,
  ])('refuses to the owner: %s', async (statement) => {
    await store.append(aStream(), events(1), NO_STREAM, envelope);
    await expect(sql.query(statement)).rejects.toThrow('facts are only appended');
    expect(await everything(store, null)).toMatchObject([{ data: { n: 0 } }]);
  });

  it('commits the neighbours of an append that the server refuses', async () => {
    await sql.query(`
      create function poison() returns trigger language plpgsql as $$ begin raise exception 'poison'; end $$;
      create trigger poison before insert on events.event for each row when (new.type = 'Poison') execute function poison()`);
    const appends = Array.from({ length: 20 }, (_, n) =>
      store.append(aStream(), [{ ...anEvent(), type: n === 7 ? 'Poison' : 'LetterWritten' }], NO_STREAM, envelope),
    );
    const results = await Promise.allSettled(appends);
    expect(results.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([7]);
    await expect(appends[7]).rejects.toThrow('poison');
    expect(await everything(store, null)).toHaveLength(19);
  });

  it('is unavailable while the disk is full, goes on reading, and recovers by itself', async () => {
    const { position } = await store.append(aStream(), events(1), NO_STREAM, envelope);
    await sql.query(`
      create function full_disk() returns trigger language plpgsql as $$ begin raise exception 'no space left' using errcode = 'disk_full'; end $$;
      create trigger full_disk before insert on events.event execute function full_disk()`);
    const refused = Array.from({ length: 5 }, () => store.append(aStream(), events(1), NO_STREAM, envelope));
    for (const append of refused) await expect(append).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    expect(await store.head()).toBe(position);

    await sql.query('drop trigger full_disk on events.event');
    await store.append(aStream(), events(1), NO_STREAM, envelope);
    expect(await everything(store, null)).toHaveLength(2);
  });

  it('gives each event its own actor, where neighbours have the same and where they have not', async () => {
    const names = ['经办人', '经办人', '督查员', '经办人', '督查员', '督查员'];
    const stream = aStream();
    for (const [n, name] of names.entries())
      await store.append(stream, events(1), BigInt(n) - 1n, { ...envelope, by: { ...envelope.by, name } });
    expect((await store.read(stream)).map(({ by }) => by.name)).toEqual(names);
    expect((await store.read(stream, 1n)).map(({ by }) => by.name)).toEqual(names.slice(1));
    expect((await everything(store, null, 4)).map(({ by }) => by.name)).toEqual(names);
  });

  it('leaves a pool that was given to it open', async () => {
    const pool = new Pool({ connectionString: database.url });
    const guest = new PostgresEventStore(pool);
    await guest.append(aStream(), events(1), NO_STREAM, envelope);
    await guest.close();
    expect((await pool.query('select position from events.head')).rows).toEqual([{ position: '1' }]);
    await pool.end();
  });

  it('shows events at once while a transaction stays open in another database', async () => {
    const elsewhere = await createDatabase();
    const idle = new Client({ connectionString: elsewhere.url });
    await idle.connect();
    await idle.query('begin; create table forgotten (name text)');
    const appending = store.append(aStream(), events(10), NO_STREAM, envelope);
    expect(await followed(store, { after: null }, (all) => all.length === 10)).toHaveLength(10);
    await appending;
    await idle.end();
    await elsewhere.drop();
  });

  describe('when a writer pauses before it commits', () => {
    const append = `select events.append(array[$1], array[-1], array['{}'], array[now()], array['c'], array[1], array[gen_random_uuid()], array['T'], array['{}'])`;
    const bySequence = `insert into events.event select nextval('positions'), $1, 0, gen_random_uuid(), 'T', '{}', '{}', now(), 'c'`;

    it('shows a reader every event, in the order of commits', async () => {
      const { seen, kept } = await readAroundPause(append);
      expect(kept).toHaveLength(2);
      expect(seen).toEqual(kept);
    });

    it('would not, if positions came from a sequence: the case above can fail', async () => {
      await sql.query('create sequence positions');
      const { seen, kept } = await readAroundPause(bySequence);
      expect(kept).toHaveLength(2);
      expect(seen).toHaveLength(1);
    });

    async function readAroundPause(write: string) {
      const quick = new Client({ connectionString: database.url });
      await quick.connect();
      await sql.query('begin');
      await sql.query(write, [aStream()]);
      let written = false;
      const other = quick.query(write, [aStream()]).then(() => (written = true));
      const waits = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await eventually(async () => written || (await sql.query(waits)).rowCount === 1);

      const seen = await everything(store, null);
      await sql.query('commit');
      await other;
      seen.push(...(await everything(store, seen.at(-1)?.position ?? null)));
      await quick.end();
      return { seen, kept: await everything(store, null) };
    }
  });
});
