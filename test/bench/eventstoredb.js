import { randomUUID } from 'node:crypto';
import { ANY, EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { openEventStore } from '../../dist/libs/event-store/src/open-event-store.js';
import { body, by, TYPE } from './body.js';
import { alternate, closedLoop, overRounds, ratio } from './measure.js';

const WRITERS = 32;
const EVENTS = 40_000;
const PER_STREAM = 20;
const envelope = () => ({ by, at: new Date(), commandId: randomUUID() });

/** `append` puts one event onto a stream that has `revision` events; `catchUp` reads so many events after a place of its own kind. */
const adapter = {
  name: 'duban',
  async open(url) {
    const store = await openEventStore(url);
    return {
      append: (stream, revision) => store.append(stream, [{ id: randomUUID(), type: TYPE, data: body }], BigInt(revision) - 1n, envelope()),
      head: () => store.head(),
      async catchUp(after, count) {
        let seen = 0;
        for await (const { events } of store.follow({ after, signal: new AbortController().signal, batch: 1_000 }))
          if ((seen += events.length) >= count) return;
      },
      close: () => store.close(),
    };
  },
};

const client = {
  name: 'client 6.2.1',
  async open(url) {
    const [address, query] = url.split('?');
    const settings = new URLSearchParams(query);
    settings.delete('namespace');
    const raw = EventStoreDBClient.connectionString(`${address}?${settings}`);
    return {
      append: (stream, revision) =>
        raw.appendToStream(stream, jsonEvent({ type: TYPE, data: body, metadata: envelope() }), {
          expectedRevision: revision === 0 ? NO_STREAM : BigInt(revision) - 1n,
        }),
      async head() {
        const { position } = await raw.appendToStream(`mark-${randomUUID()}`, jsonEvent({ type: 'Mark', data: {} }), {
          expectedRevision: ANY,
        });
        return position;
      },
      async catchUp(after, count) {
        const subscription = raw.subscribeToAll({ fromPosition: after });
        let seen = 0;
        for await (const { event } of subscription) if (event?.type === TYPE && ++seen >= count) break;
        await subscription.unsubscribe();
      },
      close: () => raw.dispose(),
    };
  },
};
function writer(store) {
  let [stream, revision] = [`bench-${randomUUID()}`, 0];
  return async () => {
    if (revision === PER_STREAM) [stream, revision] = [`bench-${randomUUID()}`, 0];
    await store.append(stream, revision++);
  };
}

/** Our adapter beside the client that it stands on, on the server of EVENTSTOREDB_URL; goal 11. */
export async function eventStoreDB(_, { rounds, say }) {
  const url = process.env.EVENTSTOREDB_URL;
  if (!url) {
    say('EventStoreDB: left out, because EVENTSTOREDB_URL names no server');
    return { rows: [], goals: [] };
  }
  const contenders = [];
  for (const contender of [adapter, client]) contenders.push({ name: contender.name, ...(await contender.open(url)) });
  try {
    const rows = [];
    const goals = [];
    const compare = async (what, measure) => {
      say(what);
      const results = await alternate(rounds, contenders, measure);
      for (const [who, figures] of results) rows.push({ what, who, ...overRounds(figures) });
      goals.push({ no: 11, what, is: ratio(results.get(adapter.name), results.get(client.name)), least: 0.9, unit: '×' });
    };
    await compare('EventStoreDB: append, 32 writers', (store) => closedLoop(() => writer(store), { callers: WRITERS, ms: 3_000 }));

    const places = new Map();
    for (const contender of contenders) places.set(contender.name, await contender.head());
    let left = EVENTS;
    await Promise.all(
      Array.from({ length: 128 }, async () => {
        for (const write = writer(contenders[0]); left-- > 0;) await write();
      }),
    );
    await compare('EventStoreDB: catch up', async ({ name, catchUp }) => {
      const began = performance.now();
      await catchUp(places.get(name), EVENTS);
      return { perSecond: EVENTS / ((performance.now() - began) / 1000) };
    });
    return { rows, goals };
  } finally {
    for (const contender of contenders) await contender.close();
  }
}
