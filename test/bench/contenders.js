import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PostgresEventStorageAdapter } from '@castore/event-storage-adapter-postgres';
import { STREAM_DOES_NOT_EXIST } from '@event-driven-io/emmett';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import { PostgresEventStore } from '../../dist/libs/event-store/src/postgres.js';
import { eventStoreSchema } from '../../dist/libs/event-store/src/postgres-schema.js';
import { body, by, TYPE } from './body.js';
import { query } from './databases.js';

const CONNECTIONS = 32;

const about = () => ({ by, at: new Date().toISOString(), commandId: randomUUID() });
const folded = (events, dataOf) => events.reduce((sum, event) => sum + dataOf(event).done.length, 0);
const versionOf = async (name) =>
  JSON.parse(await readFile(new URL(`./node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;

/**
 * Each opens a store on an empty database and answers: `append` puts one event onto a stream that must have exactly `revision` events,
 * `load` reads and folds a stream, `fill` makes a stream of many events, `close`. All store body, type, actor, instant and command.
 */
export const duban = {
  name: 'duban',
  version: async () => JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')).version,
  async open(url) {
    await query(url, eventStoreSchema);
    const store = new PostgresEventStore(url);
    const event = () => ({ id: randomUUID(), type: TYPE, data: body });
    const envelope = () => ({ by, at: new Date(), commandId: randomUUID() });
    return {
      store,
      append: (stream, revision) => store.append(`bench-${stream}`, [event()], BigInt(revision) - 1n, envelope()),
      fill: (stream, n) => store.append(`bench-${stream}`, Array.from({ length: n }, event), -1n, envelope()),
      load: async (stream) => folded(await store.read(`bench-${stream}`), ({ data }) => data),
      close: async () => store.close(),
    };
  },
};

export const emmett = {
  name: 'emmett-postgresql',
  version: () => versionOf('@event-driven-io/emmett-postgresql'),
  async open(url) {
    const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
    const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
    await store.schema.migrate();
    const event = (commandId) => ({ type: TYPE, data: body, metadata: { ...about(), ...(commandId ? { commandId } : {}) } });
    const expected = (revision) => ({ expectedStreamVersion: revision === 0 ? STREAM_DOES_NOT_EXIST : BigInt(revision) });
    return {
      append: (stream, revision, commandId) => store.appendToStream(`bench-${stream}`, [event(commandId)], expected(revision)),
      fill: (stream, n) =>
        store.appendToStream(
          `bench-${stream}`,
          Array.from({ length: n }, () => event()),
          expected(0),
        ),
      load: async (stream) => {
        const evolve = (sum, { data }) => sum + data.done.length;
        return (await store.aggregateStream(`bench-${stream}`, { evolve, initialState: () => 0 })).state;
      },
      close: async () => {
        await store.close();
        if (!pool.ended) await pool.end();
      },
    };
  },
};

export const castore = {
  name: 'castore',
  version: () => versionOf('@castore/event-storage-adapter-postgres'),
  async open(url) {
    await PostgresEventStorageAdapter.createEventTable({ connectionString: url });
    // Its ten connections cannot be made more: it passes on nothing but the address.
    const adapter = new PostgresEventStorageAdapter({ connectionString: url });
    const where = { eventStoreId: 'bench' };
    const event = (aggregateId, version) => {
      const { at, ...metadata } = about();
      return { aggregateId, version, type: TYPE, payload: body, metadata, timestamp: at };
    };
    return {
      append: (stream, revision) => adapter.pushEvent(event(stream, revision + 1), where),
      fill: async (stream, n) => {
        for (let revision = 1; revision <= n; revision++) await adapter.pushEvent(event(stream, revision), where);
      },
      load: async (stream) => folded((await adapter.getEvents(stream, where)).events, ({ payload }) => payload),
      close: () => adapter._sql.end(),
    };
  },
};

/** What PostgreSQL itself allows: one durable INSERT per event, prepared, without any library. */
export const insert = {
  name: 'plain INSERT',
  version: async () => `(pg ${await versionOf('pg')})`,
  async open(url) {
    await query(
      url,
      `create table event (position bigint generated always as identity primary key, stream text collate "C" not null,
         revision bigint not null, id uuid not null, type text not null, data text not null, by text not null, at timestamptz not null,
         command text not null, unique (stream, revision))`,
    );
    const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
    const put = 'insert into event (stream, revision, id, type, data, by, at, command) values ($1, $2, $3, $4, $5, $6, $7, $8)';
    const append = (stream, revision) => {
      const { at, commandId } = about();
      const values = [`bench-${stream}`, revision, randomUUID(), TYPE, JSON.stringify(body), JSON.stringify(by), at, commandId];
      return pool.query({ name: 'put', text: put, values });
    };
    const read = 'select * from event where stream = $1 order by revision';
    return {
      append,
      fill: async (stream, n) => {
        for (let revision = 0; revision < n; revision++) await append(stream, revision);
      },
      load: async (stream) => {
        const { rows } = await pool.query({ name: 'read', text: read, values: [`bench-${stream}`] });
        return folded(rows, ({ data }) => JSON.parse(data));
      },
      close: () => pool.end(),
    };
  },
};

export const CONTENDERS = [duban, emmett, castore, insert];
