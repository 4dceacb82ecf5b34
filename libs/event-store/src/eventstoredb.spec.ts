import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { eventually } from '../../../test/support/eventually.js';
import { EventStoreDBStandIn } from '../../../test/support/eventstoredb-stand-in.js';
import { eventStoreContract } from './contract.js';
import { anEvent, aStream, envelope, events, everything, followed, idsOf, type Subject, write } from './contract-given.js';
import { NO_STREAM } from './event-store.js';
import { EventStoreDBEventStore } from './eventstoredb.js';

const real = process.env.EVENTSTOREDB_URL;
/** The contract reads everything there is, several times. */
const MANY = 20_000;

/** A line that fails stands between an adapter and one node; of several, the first. */
function at(url: string): Subject {
  const [, host = '', port = '2113'] = /^[^:]+:\/\/(?:[^@]*@)?([^:,/?]+)(?::(\d+))?/.exec(url)!;
  return {
    open: () => new EventStoreDBEventStore(url),
    openAt: (near) => new EventStoreDBEventStore(url.replace(/\/\/[^?]*/, `//127.0.0.1:${near}`), { silenceMs: 300 }),
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

eventStoreContract(
  'EventStoreDB, the adapter in a namespace of a stand-in that others use,',
  async () => {
    const standIn = await EventStoreDBStandIn.start();
    const others = ['', '&namespace=hefei'].map((namespace) => new EventStoreDBEventStore(`${urlOf(standIn)}${namespace}`));
    const writing = setInterval(() => {
      for (const other of others) other.append(aStream(), events(3), NO_STREAM, envelope).catch(() => undefined);
    }, 20);
    const end = async () => {
      clearInterval(writing);
      for (const other of others) await other.close();
      standIn.kill();
    };
    return { ...at(`${urlOf(standIn)}&namespace=anhui`), end };
  },
  ['shared', 'line'],
);

if (real) {
  const store = new EventStoreDBEventStore(real, { patienceMs: 60_000 });
  const [server, events] = [await store.describe(), await store.readAll(null, MANY)];
  await store.close();
  const faculties = real.includes('tls=false') ? (['shared', 'line'] as const) : (['shared'] as const);
  const own = `${real}${real.includes('?') ? '&' : '?'}namespace=contract_${randomUUID().slice(0, 8)}`;
  eventStoreContract(`EventStoreDB, a namespace of a real server,`, async () => at(own), faculties);
  if (events.length < MANY) eventStoreContract('EventStoreDB, a real server,', async () => at(real), faculties);
  const whole = events.length < MANY ? 'as a whole and in a namespace' : `in a namespace only: it holds ${MANY} events or more`;
  const faults = faculties.length === 2 ? '' : '; without lines that fail, which TLS cannot be put through';
  beforeAll(() => void process.stdout.write(`The contract meets a real server ${whole}${faults}: ${server}\n`));
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
      const following = followed(store, { after: await store.head() }, (all) => all.length >= 3);
      server.mood = mood;
      const list = events(2);
      const appending = store.append(stream, list, 0n, envelope);
      const reading = store.head();
      await expect(store.append(aStream(), events(1), NO_STREAM, envelope, { timeoutMs: 50 })).rejects.toMatchObject({ retryable: true });
      server.mood = 'well';
      expect(await appending).toMatchObject({ revision: 2n });
      await reading;
      await write(store, aStream(), 1);
      // The one that was given up may have been on its way, and come after all.
      const wanted = new Set(idsOf(list));
      expect(idsOf(await following).filter((id) => wanted.has(id))).toEqual(idsOf(list));
      expect(await store.read(stream)).toHaveLength(3);
    },
  );

  it('asks for events and sends appends without leave to compress', async () => {
    const asked: IncomingHttpHeaders[] = [];
    const knowsNothing = createServer().on('stream', (call, headers) => {
      asked.push(headers);
      call.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' }, { endStream: true });
    });
    await once(knowsNothing.listen(0, '127.0.0.1'), 'listening');
    const { port } = knowsNothing.address() as AddressInfo;
    const other = new EventStoreDBEventStore(`esdb://127.0.0.1:${port}?tls=false`, times);
    await expect(other.read(aStream())).rejects.toThrow('UNIMPLEMENTED');
    await expect(other.append(aStream(), events(1), NO_STREAM, envelope, { timeoutMs: 300 })).rejects.toMatchObject({ retryable: true });
    await other.close();
    knowsNothing.close();
    const encodings = (call: string) =>
      new Set(asked.filter(({ ':path': path }) => path?.endsWith(call)).map((headers) => headers['grpc-accept-encoding']));
    expect(encodings('/Read')).toEqual(new Set(['identity']));
    expect(encodings('/BatchAppend')).toEqual(new Set(['identity']));
  });

  it('says at once that it is not let in, and goes on when it is', async () => {
    await write(store, aStream(), 1);
    server.mood = 'denying';
    const denied = { code: 'denied', retryable: true, message: expect.stringContaining('Unauthenticated') };
    await expect(store.head()).rejects.toMatchObject(denied);
    await expect(store.read(aStream())).rejects.toMatchObject(denied);
    await expect(store.append(aStream(), events(1), NO_STREAM, envelope, { timeoutMs: 300 })).rejects.toMatchObject({ retryable: true });
    server.mood = 'well';
    expect(await store.head()).toMatch(/^k1:/);
  });

  it('says of an address that names a certificate which is not there that it is no good', async () => {
    const lost = new EventStoreDBEventStore(`esdb://127.0.0.1:${server.port}?tls=true&tlsCAFile=/none/ca.crt`, times);
    const wrong = { code: 'bad-address', retryable: false };
    await expect(lost.head()).rejects.toMatchObject(wrong);
    await expect(lost.append(aStream(), events(1), NO_STREAM, envelope)).rejects.toMatchObject(wrong);
    await lost.close();
  });

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

  it('keeps provinces apart that share a server, and one without a namespace from both', async () => {
    const provinces = ['', '&namespace=anhui', '&namespace=hefei'].map((own) => new EventStoreDBEventStore(`${urlOf(server)}${own}`));
    const stream = aStream();
    for (let n = -1n; n < 3n; n++)
      for (const province of provinces) await province.append(stream, [anEvent({ n: Number(n) })], n, envelope);
    for (const province of provinces) {
      const kept = await province.read(stream);
      expect(kept.map(({ revision }) => revision)).toEqual([0n, 1n, 2n, 3n]);
      expect(await everything(province, null, 3)).toEqual(kept);
      expect(await followed(province, { after: kept[1]!.position, batch: 1 }, (_, { caughtUp }) => caughtUp)).toEqual(kept.slice(2));
      expect(await province.head()).toBe(kept[3]!.position);
      await province.close();
    }
    await expect(store.append('hefei.letter-1', events(1), NO_STREAM, envelope)).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(() => new EventStoreDBEventStore(`${urlOf(server)}&namespace=Hé.fei`)).toThrow('no namespace: Hé.fei');
  });

  it('looks once through what others wrote, however long it waits for its own', async () => {
    const own = new EventStoreDBEventStore(`${urlOf(server)}&namespace=anhui`, times);
    await own.append(aStream(), events(1), NO_STREAM, envelope);
    for (let n = 0; n < 50; n++) await store.append(aStream(), events(20), NO_STREAM, envelope);
    const stop = new AbortController();
    for await (const { caughtUp } of own.follow({ after: null, signal: stop.signal })) {
      expect(caughtUp).toBe(true);
      const before = server.passedOver;
      expect(before).toBeGreaterThanOrEqual(1_000);
      setTimeout(() => stop.abort(), 2_500);
      stop.signal.addEventListener('abort', () => expect(server.passedOver - before).toBeLessThan(10));
    }
    await own.close();
  });

  it('waits for the events of its own while a server looks through those of others', async () => {
    const own = new EventStoreDBEventStore(`${urlOf(server)}&namespace=anhui`, times);
    const appended = await own.append(aStream(), events(1), NO_STREAM, envelope);
    server.searchMs = 1_000;
    expect(await own.head()).toBe(appended.position);
    expect(await own.readAll(null, 10)).toHaveLength(1);
    await own.close();
  });

  it('searches through the events of others for as long as the server is at it, and no longer', async () => {
    const own = new EventStoreDBEventStore(`${urlOf(server)}&namespace=anhui`, { silenceMs: 200, patienceMs: 600 });
    const { position } = await own.append(aStream(), events(1), NO_STREAM, envelope);
    server.searchMs = 2_000;
    expect(await own.head()).toBe(position);
    expect(await own.readAll(null, 10)).toHaveLength(1);
    const asked = [own.head(), own.readAll(null, 10)].map((call) => call.catch((error: unknown) => error));
    setTimeout(() => (server.mood = 'silent'), 300);
    for (const answer of asked) expect(await answer).toMatchObject({ code: 'unavailable' });
    server.mood = 'well';
    await own.close();
  });

  it('leaves no call open behind a follower', async () => {
    await write(store, aStream(), 1);
    const before = server.calls.size;
    await followed(store, { after: null }, () => true);
    expect(await eventually(() => server.calls.size <= before)).toBe(true);
  });
});
