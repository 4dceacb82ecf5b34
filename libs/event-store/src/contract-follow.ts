import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../../test/support/eventually.js';
import { aStream, envelope, events, everything, followed, type Given, idsOf, write } from './contract-given.js';
import { type Batch, type EventStore, NO_STREAM, type Position, type Recorded } from './event-store.js';

export function following(given: Given) {
  it('delivers what is there, then what comes, without a gap while a writer runs', async () => {
    const start = await given.store.head();
    await given.store.append(aStream(), events(100), NO_STREAM, envelope);
    const writing = write(given.store, aStream(), 100);
    const got = await followed(given.store, { after: start, batch: 16 }, (all) => all.length >= 200);
    await writing;
    expect(got).toEqual(await everything(given.store, start));
  });

  it('starts at the beginning for a follower without a position', async () => {
    const { position } = await given.store.append(aStream(), events(1), NO_STREAM, envelope);
    const got = await followed(given.store, { after: null }, (all) => all.at(-1)?.position === position);
    expect(got).toEqual(await everything(given.store, null));
  });

  it('says at once, and once, that a follower who starts at the head has caught up', async () => {
    const batches: Batch[] = [];
    const stop = new AbortController();
    for await (const batch of given.store.follow({ after: await given.store.head(), signal: stop.signal })) {
      batches.push(batch);
      if (batches.length === 1) void write(given.store, aStream(), 1);
      else stop.abort();
    }
    expect(batches.map((batch) => [batch.events.length, batch.caughtUp])).toEqual([
      [0, true],
      [1, true],
    ]);
  });

  it.each([
    [10, 3],
    [9, 3],
    [2, 3],
  ])('says so of %i events by batches of %i only when the last has been delivered', async (count, batch) => {
    const start = await given.store.head();
    await given.store.append(aStream(), events(count), NO_STREAM, envelope);
    const flags: boolean[] = [];
    const got = await followed(given.store, { after: start, batch }, (_, { caughtUp }) => {
      flags.push(caughtUp);
      return caughtUp;
    });
    expect(got).toHaveLength(count);
    expect(flags.filter((caughtUp) => caughtUp)).toHaveLength(1);
  });

  it('never says so of a head that it has not delivered yet, to a slow follower least of all', async () => {
    const start = await given.store.head();
    const writing = write(given.store, aStream(), 60);
    const stop = new AbortController();
    const follower = given.store.follow({ after: start, signal: stop.signal, batch: 7 })[Symbol.asyncIterator]();
    const got: Recorded[] = [];
    // A batch may have been read while the one before it was handled, so it answers for the head of that time.
    for (let [before, now] = [start, start]; got.length < 60; [before, now] = [now, await given.store.head()]) {
      const { value: batch } = (await follower.next()) as { value: Batch };
      got.push(...batch.events);
      if (batch.caughtUp) expect((got.at(-1)?.position ?? start ?? '') >= (before ?? '')).toBe(true);
      await sleep(2);
    }
    stop.abort();
    expect(await follower.next()).toMatchObject({ done: true });
    await writing;
    expect(got).toEqual(await everything(given.store, start));
  });

  it('resumes from every position with exactly the rest', async () => {
    const start = await given.store.head();
    await given.store.append(aStream(), events(12), NO_STREAM, envelope);
    const all = await everything(given.store, start);
    for (const [n, { position }] of all.entries()) {
      const rest = await followed(given.store, { after: position, batch: 5 }, (_, { caughtUp }) => caughtUp);
      expect(idsOf(rest)).toEqual(idsOf(all.slice(n + 1)));
    }
  });

  it('wakes several followers with one append', async () => {
    const after = await given.store.head();
    const followers = Array.from({ length: 5 }, () => followed(given.store, { after }, (all) => all.length === 1));
    const { position } = await given.store.append(aStream(), events(1), NO_STREAM, envelope);
    for (const got of await Promise.all(followers)) expect(got.map((event) => event.position)).toEqual([position]);
  });

  it('ends without an error when its signal aborts: before, while it waits, and while a batch is handled', async () => {
    const end = (await given.store.append(aStream(), events(3), NO_STREAM, envelope)).position;
    expect(await drained(given.store, end, AbortSignal.abort())).toBe(0);

    const waiting = new AbortController();
    const idle = drained(given.store, end, waiting.signal);
    await given.store.head();
    waiting.abort();
    expect(await idle).toBeLessThanOrEqual(1);

    const handling = new AbortController();
    let batches = 0;
    for await (const _ of given.store.follow({ after: null, signal: handling.signal, batch: 1 })) {
      batches++;
      handling.abort();
    }
    expect(batches).toBe(1);
  });

  it('lets the error of a follower through, and sockets and timers do not grow with followers that fail, break or abort', async () => {
    const start = await given.store.head();
    const after = (await given.store.append(aStream(), events(3), NO_STREAM, envelope)).position;
    const round = async () => {
      await expect(
        (async () => {
          for await (const _ of given.store.follow({ after, signal: new AbortController().signal })) throw new Error('of the follower');
        })(),
      ).rejects.toThrow('of the follower');
      await followed(given.store, { after: start, batch: 1 }, () => true);
      const stop = new AbortController();
      const idle = drained(given.store, after, stop.signal);
      stop.abort();
      await idle;
    };
    await Promise.all(Array.from({ length: 5 }, round));
    const before = resources();
    for (let n = 0; n < 40; n++) await round();
    // Connections that are kept for the next call may be more or less by now; one of each round would be forty.
    await eventually(() => resources() <= before + 25);
  });
}

export function sharedFollowing(given: Given) {
  it('delivers what another adapter writes within a second, as a rule', async () => {
    const other = given.borrow(given.subject.open());
    const after = await given.store.head();
    let asked = 0;
    const late: number[] = [];
    await followed(given.store, { after }, (all, { events: fresh }) => {
      if (fresh.length > 0) late.push(Date.now() - asked);
      if (all.length === 10) return true;
      asked = Date.now();
      void write(other, aStream(), 1);
      return false;
    });
    expect(late).toHaveLength(10);
    expect(late.sort((a, b) => a - b)[5]).toBeLessThan(1000);
  });
}

async function drained(store: EventStore, after: Position, signal: AbortSignal): Promise<number> {
  let batches = 0;
  for await (const _ of store.follow({ after, signal })) batches++;
  return batches;
}

/** Sockets and timers of this process. */
const resources = () => process.getActiveResourcesInfo().length;
