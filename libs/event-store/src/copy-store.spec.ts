import { randomUUID } from 'node:crypto';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { EventStoreDBStandIn } from '../../../test/support/eventstoredb-stand-in.js';
import { anEvent, aStream, envelope, events, everything, write } from './contract-given.js';
import { copyStore, NotACopy, type Step } from './copy-store.js';
import { type EventStore, NO_STREAM, type Recorded } from './event-store.js';
import { MemoryEventStore } from './memory.js';
import { openEventStore } from './open-event-store.js';

const withoutPosition = ({ position: _position, ...event }: Recorded) => event;
const contentOf = async (store: EventStore) => (await everything(store, null)).map(withoutPosition);

/** Streams that grow in turns, by appends of one and of many events, of several people and commands. */
async function fill(store: EventStore, rounds: number): Promise<void> {
  const streams = Array.from({ length: 5 }, aStream);
  const lengths = new Map<string, bigint>();
  for (let n = 0; n < rounds; n++) {
    const stream = streams[n % streams.length]!;
    const expected = lengths.get(stream) ?? NO_STREAM;
    const who = {
      ...envelope,
      by: { ...envelope.by, name: `经办人 ${n % 3}` },
      at: new Date(Date.UTC(2026, 0, 1, 0, 0, n)),
      commandId: `c ${n}`,
    };
    const list = n % 7 === 0 ? events(1 + (n % 4)) : [anEvent({ 文: `第 ${n} 件`, odd: [null, 0.1, '\0', { deep: {} }] })];
    lengths.set(stream, (await store.append(stream, list, expected, who)).revision);
  }
  // Neighbours that do not fit into one append.
  const heavy = aStream();
  for (let revision = NO_STREAM; revision < 3n; revision++)
    await store.append(heavy, [anEvent('x'.repeat(400_000))], revision, { ...envelope, commandId: 'the same' });
}

describe('a copy of a store', () => {
  let standIn: EventStoreDBStandIn;
  let databases: TestDatabase[];
  let postgres: EventStore;
  let eventStoreDB: EventStore;
  let back: EventStore;

  beforeEach(async () => {
    standIn = await EventStoreDBStandIn.start();
    databases = [await createDatabase(), await createDatabase()];
    [postgres, back] = (await Promise.all(databases.map(({ url }) => openEventStore(url)))) as [EventStore, EventStore];
    eventStoreDB = await openEventStore(`esdb://127.0.0.1:${standIn.port}?tls=false&namespace=anhui`);
  });
  afterEach(async () => {
    await Promise.all([postgres, eventStoreDB, back].map((store) => store.close()));
    await Promise.all(databases.map(({ drop }) => drop()));
    standIn.kill();
  });

  it('is the same from PostgreSQL to EventStoreDB and back, to the last byte and in the same order', async () => {
    await fill(postgres, 250);
    const there = await copyStore(postgres, eventStoreDB);
    const again = await copyStore(eventStoreDB, back);
    expect(there).toEqual({ events: (await everything(postgres, null)).length, before: 0, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(again).toEqual(there);
    expect(await contentOf(eventStoreDB)).toEqual(await contentOf(postgres));
    // What has positions of PostgreSQL finds its events where they were.
    expect(await everything(back, null)).toEqual(await everything(postgres, null));
  });

  it('copies nothing twice when it is asked for again, and then only what is new', async () => {
    await fill(postgres, 30);
    const first = await copyStore(postgres, eventStoreDB);
    expect(await copyStore(postgres, eventStoreDB)).toEqual({ ...first, before: first.events });
    await write(postgres, aStream(), 3);
    expect(await copyStore(postgres, eventStoreDB)).toMatchObject({ events: first.events + 3, before: first.events });
  });

  it('goes on wherever it stopped', async () => {
    await fill(postgres, 60);
    for (const most of [1, 2, 17, 40]) {
      const stop = (step: Step, count: number) => {
        if (step === 'copied' && count >= most) throw new Error('the power went');
      };
      await expect(copyStore(postgres, eventStoreDB, stop)).rejects.toThrow('the power went');
    }
    await copyStore(postgres, eventStoreDB);
    expect(await contentOf(eventStoreDB)).toEqual(await contentOf(postgres));
  });

  it('survives a target that dies on the way', async () => {
    await fill(postgres, 60);
    const deaths = new Set([10, 30]);
    await copyStore(postgres, eventStoreDB, (_, count) => {
      for (const death of deaths)
        if (count >= death && deaths.delete(death)) {
          standIn.kill();
          void standIn.revive();
        }
    });
    expect(deaths.size).toBe(0);
    expect(await contentOf(eventStoreDB)).toEqual(await contentOf(postgres));
  });

  const refused = async (copying: Promise<unknown>) => {
    const error = await copying.catch((error: unknown) => error);
    expect(error).toBeInstanceOf(NotACopy);
    const { why, details } = error as NotACopy;
    return { why, details };
  };

  it('is refused where other events are, and changes nothing there', async () => {
    await fill(postgres, 10);
    const stream = aStream();
    await write(eventStoreDB, stream, 2);
    expect(await refused(copyStore(postgres, eventStoreDB))).toEqual({ why: 'target-differs', details: { event: 1, stream } });
    expect(await contentOf(eventStoreDB)).toHaveLength(2);
  });

  it('is refused where somebody has written on after an earlier copy', async () => {
    await fill(postgres, 10);
    const { events: count } = await copyStore(postgres, eventStoreDB);
    await write(eventStoreDB, aStream(), 1);
    expect(await refused(copyStore(postgres, eventStoreDB))).toEqual({ why: 'target-longer', details: { events: count } });
  });

  it('is refused while the source is being written, and the next one brings the rest', async () => {
    await fill(postgres, 10);
    let grown = false;
    const grow = async () => {
      if (!grown) await write(postgres, aStream(), 1);
      grown = true;
    };
    const growing = new Proxy(postgres, {
      get: (store, name) =>
        name === 'readAll'
          ? async (...asked: Parameters<EventStore['readAll']>) => {
              const page = await store.readAll(...asked);
              // After the copy has come to its end.
              if (page.length === 0) await grow();
              return page;
            }
          : Reflect.get(store, name),
    });
    expect(await refused(copyStore(growing, eventStoreDB))).toMatchObject({ why: 'source-grew' });
    await copyStore(postgres, eventStoreDB);
    expect(await contentOf(eventStoreDB)).toEqual(await contentOf(postgres));
  });

  it('is refused of a source that has lost events of a stream', async () => {
    const memory = new MemoryEventStore();
    const stream = aStream();
    await write(memory, stream, 3);
    const lossy = new Proxy(memory, {
      get: (store, name) =>
        name === 'readAll'
          ? async (...asked: Parameters<EventStore['readAll']>) => (await store.readAll(...asked)).filter(({ revision }) => revision > 0n)
          : Reflect.get(store, name),
    });
    expect(await refused(copyStore(lossy, eventStoreDB))).toEqual({ why: 'source-gap', details: { stream, revision: '1' } });
    expect(await contentOf(eventStoreDB)).toEqual([]);
  });

  it('is not believed when the two sides differ at the end', async () => {
    await fill(postgres, 5);
    const forged = new Proxy(eventStoreDB, {
      get: (store, name) =>
        name === 'append'
          ? async (stream: string, list: Parameters<EventStore['append']>[1], ...others: [bigint, typeof envelope]) =>
              store.append(
                stream,
                list.map((event) => ({ ...event, data: { forged: randomUUID() } })),
                ...others,
              )
          : Reflect.get(store, name),
    });
    expect(await refused(copyStore(postgres, forged))).toMatchObject({ why: 'hash-differs' });
  });
});
