import { randomUUID } from 'node:crypto';
import { EventStoreDBStandIn } from '../../../test/support/eventstoredb-stand-in.js';
import { eventStoreContract } from './contract.js';
import { aStream, envelope, events, eventually, everything, followed, idsOf, type Subject, write } from './contract-given.js';
import { NO_STREAM } from './event-store.js';
import { EventStoreDBEventStore } from './eventstoredb.js';

const real = process.env.EVENTSTOREDB_URL;

/** A line that fails stands between an adapter and one node; of several, the first. */
function at(url: string): Subject {
  const [, host = '', port = '2113'] = /^[^:]+:\/\/(?:[^@]*@)?([^:,/?]+)(?::(\d+))?/.exec(url)!;
  return {
    open: () => new EventStoreDBEventStore(url),
    openAt: (near) => new EventStoreDBEventStore(`esdb://127.0.0.1:${near}?tls=false`, { silenceMs: 300 }),
    server: { host, port: Number(port) },
  };
}

const urlOf = ({ port }: EventStoreDBStandIn) => `esdb://127.0.0.1:${port}?tls=false`;

eventStoreContract(
  'EventStoreDB, the adapter on a stand-in,',
  async () => {
    const standIn = await EventStoreDBStandIn.start();
    return { ...at(urlOf(standIn)), end: async () => standIn.kill() };
  },
  ['shared', 'line'],
);

if (real) {
  const start = async () => {
    const store = new EventStoreDBEventStore(real);
    process.stdout.write(`The contract meets a real server: ${await store.describe()}\n`);
    await store.close();
    return at(real);
  };
  eventStoreContract('EventStoreDB, a real server,', start, real.includes('tls=false') ? ['shared', 'line'] : ['shared']);
} else {
  beforeAll(() => void process.stdout.write('No real EventStoreDB was met: EVENTSTOREDB_URL is not set.\n'));
}

describe('the adapter of EventStoreDB', () => {
  let server: EventStoreDBStandIn;
  let store: EventStoreDBEventStore;
  const times = { silenceMs: 200 };

  beforeEach(async () => {
    server = await EventStoreDBStandIn.start();
    store = new EventStoreDBEventStore(urlOf(server), times);
  });
  afterEach(async () => {
    await store.close();
    server.kill();
  });

  it('knows its positions by both of their numbers', async () => {
    expect(await store.head()).toBeNull();
    const { position } = await store.append(aStream(), events(2), NO_STREAM, envelope);
    expect(position).toBe('k1:00000000000000000200-00000000000000000200');
    expect(await store.head()).toBe(position);
  });

  it('names the version and the nodes', async () => {
    expect(await store.describe()).toBe(`EventStoreDB stand-in, leader 127.0.0.1:${server.port}`);
  });

  it.each(['ending', 'cancelling', 'silent', 'not-ready'] as const)(
    'appends once, reads and is told of news again after a time when the server was %s',
    async (mood) => {
      const stream = aStream();
      await write(store, stream, 1);
      const following = followed(store, { after: await store.head() }, (all) => all.length === 3);
      server.mood = mood;
      const list = events(2);
      const appending = store.append(stream, list, 0n, envelope);
      const reading = store.head();
      await expect(store.append(aStream(), events(1), NO_STREAM, envelope, { timeoutMs: 50 })).rejects.toMatchObject({ retryable: true });
      server.mood = 'well';
      expect(await appending).toMatchObject({ revision: 2n });
      await reading;
      await write(store, aStream(), 1);
      expect(idsOf(await following).slice(0, 2)).toEqual(idsOf(list));
      expect(await store.read(stream)).toHaveLength(3);
    },
  );

  it('takes its own earlier try for the answer when the reply to it was lost', async () => {
    const stream = aStream();
    await write(store, stream, 1);
    server.mood = 'losing-replies';
    const list = events(2);
    const appended = await store.append(stream, list, 0n, envelope);
    const kept = await store.read(stream, 1n);
    expect(idsOf(kept)).toEqual(idsOf(list));
    expect(appended).toEqual({ revision: 2n, position: kept[1]!.position });
  });

  it('does not lose what is under way elsewhere in the process when one server dies', async () => {
    const other = await EventStoreDBStandIn.start();
    const neighbour = new EventStoreDBEventStore(urlOf(other), times);
    await Promise.all([write(store, aStream(), 1), write(neighbour, aStream(), 1)]);
    const dying = Promise.allSettled(
      Array.from({ length: 20 }, () => store.append(aStream(), events(1), NO_STREAM, envelope, { timeoutMs: 300 })),
    );
    const living = Array.from({ length: 20 }, () => neighbour.append(aStream(), events(1), NO_STREAM, envelope));
    server.kill();
    await Promise.all(living);
    await dying;
    expect(other.log.all).toHaveLength(21);
    await neighbour.close();
    other.kill();
  });

  it('finds the cluster again that could not be found', async () => {
    const cluster = new EventStoreDBEventStore(`kurrentdb://127.0.0.1:${server.port},localhost:${server.port}?tls=false`, times);
    await write(cluster, aStream(), 1);
    server.kill();
    const early = () => cluster.append(aStream(), events(1), NO_STREAM, envelope, { timeoutMs: 500 });
    await expect(early()).rejects.toMatchObject({ retryable: true });
    await expect(early()).rejects.toMatchObject({ code: 'unavailable' });
    await server.revive();
    await write(cluster, aStream(), 1);
    expect(await cluster.head()).toMatch(/^k1:/);
    await cluster.close();
  });

  it('follows through the deaths of its server, each event once and in order', async () => {
    const writing = write(store, aStream(), 150);
    const deaths = new Set([20, 60, 110]);
    const got = await followed(store, { after: null, batch: 7 }, (all) => {
      for (const death of deaths)
        if (all.length >= death && deaths.delete(death)) {
          server.kill();
          void server.revive();
        }
      return all.length >= 150;
    });
    await writing;
    expect(deaths.size).toBe(0);
    expect(got).toEqual(await everything(store, null));
  });

  it('passes over what the server and other applications have written, by pages of any size', async () => {
    const text = (value: string) => new TextEncoder().encode(value);
    const strange = (type: string, contentType: string, custom: string, data: string) => ({
      id: randomUUID(),
      metadata: [['type', type] as const, ['content-type', contentType] as const],
      custom: text(custom),
      data: text(data),
    });
    const ours = JSON.stringify(envelope);
    const strangers = [
      strange('$metadata', 'application/json', ours, '{}'),
      strange('Sold', 'application/json', '', '{}'),
      strange('Sold', 'application/json', '{"by":null,"at":1}', '{}'),
      strange('Sold', 'application/octet-stream', ours, 'x'),
      strange('Sold', 'application/json', ours, 'no JSON'),
    ];
    const stream = aStream();
    for (let n = 0; n < 4; n++) {
      for (let repeated = 0; repeated < 5; repeated++) server.log.append(`shop-${randomUUID()}`, NO_STREAM, strangers);
      await store.append(stream, events(1), BigInt(n) - 1n, envelope);
    }
    server.log.append(`shop-${randomUUID()}`, NO_STREAM, strangers);
    const kept = await store.read(stream);
    expect(await store.head()).toBe(kept[3]!.position);
    for (const size of [1, 3, 4, 5]) {
      expect(await everything(store, null, size)).toEqual(kept);
      expect(await followed(store, { after: null, batch: size }, (_, { caughtUp }) => caughtUp)).toEqual(kept);
    }
  });

  it('leaves no call open behind a follower', async () => {
    await write(store, aStream(), 1);
    const before = server.calls.size;
    await followed(store, { after: null }, () => true);
    await expect(eventually(() => server.calls.size <= before)).resolves.toBeUndefined();
  });
});
