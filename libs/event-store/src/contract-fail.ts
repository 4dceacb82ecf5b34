import { randomBytes } from 'node:crypto';
import { eventually } from '../../../test/support/eventually.js';
import { anEvent, aStream, envelope, events, everything, followed, type Given, idsOf, write, writeAnyhow } from './contract-given.js';
import { type EventStore, NO_STREAM } from './event-store.js';
import { FaultyLine } from './faulty-line.js';

/** How long an append waits that was not told how long. */
const UNASKED_MS = 5_000;

export function failing(given: Given) {
  const lines: FaultyLine[] = [];
  const stores: EventStore[] = [];
  const overLine = async () => {
    const line = await FaultyLine.to(given.subject.server!);
    const store = given.subject.openAt!(line.port);
    lines.push(line);
    stores.push(store);
    return { line, store };
  };
  afterEach(async () => {
    for (const line of lines) {
      line.heal();
      line.cut();
    }
    await Promise.all(stores.splice(0).map((store) => store.close()));
    await Promise.all(lines.splice(0).map((line) => line.close()));
  });

  it('writes once when the reply to an append is lost, and answers as if nothing had happened', async () => {
    const { line, store } = await overLine();
    for (let round = 0; round < 3; round++) {
      const stream = aStream();
      await write(store, stream, 1);
      line.loseNextReply();
      const list = events(2);
      expect(await store.append(stream, list, 0n, envelope)).toMatchObject({ revision: 2n });
      expect(idsOf(await store.read(stream, 1n))).toEqual(idsOf(list));
    }
  });

  it('says that the outcome is unknown when no reply comes in time, and settles in time', async () => {
    const { line, store } = await overLine();
    const stream = aStream();
    await write(store, stream, 1);
    line.silence();
    const began = Date.now();
    const late = store.append(stream, events(1), 0n, envelope, { timeoutMs: 200 });
    await expect(late).rejects.toMatchObject({ code: 'outcome-unknown', retryable: true });
    expect(Date.now() - began).toBeLessThan(UNASKED_MS);
  });

  it('gives up at once when the caller does', async () => {
    const { line, store } = await overLine();
    const stream = aStream();
    await write(store, stream, 1);
    line.silence();
    const caller = new AbortController();
    const waiting = store.append(stream, events(1), 0n, envelope, { signal: caller.signal });
    caller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
  });

  it('says unavailable, in time, of an append that never found the server, and has not written it', async () => {
    const { line, store } = await overLine();
    line.down();
    const stream = aStream();
    const began = Date.now();
    const late = store.append(stream, events(1), NO_STREAM, envelope, { timeoutMs: 200 });
    await expect(late).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    expect(Date.now() - began).toBeLessThan(UNASKED_MS);
    expect(await given.store.read(stream)).toEqual([]);
  });

  it('starts before its server: append, read and follow are answered when that is there', async () => {
    const { line, store } = await overLine();
    line.down();
    const after = await given.store.head();
    const stream = aStream();
    const [following, heading] = [followed(store, { after }, (all) => all.length === 1), store.head()];
    const early = store.append(stream, events(1), NO_STREAM, envelope, { timeoutMs: 100 });
    await expect(early).rejects.toMatchObject({ code: 'unavailable' });
    const appending = store.append(stream, events(1), NO_STREAM, envelope);
    line.heal();
    const [got, , { position }] = await Promise.all([following, heading, appending]);
    expect(got).toMatchObject([{ stream, position }]);
  });

  it('appends again after a silence in which connections died unseen', async () => {
    const { line, store } = await overLine();
    const stream = aStream();
    await write(store, stream, 1);
    line.silence();
    await expect(store.append(aStream(), events(1), NO_STREAM, envelope, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'outcome-unknown',
    });
    line.heal();
    expect(await store.append(stream, events(1), 0n, envelope)).toMatchObject({ revision: 1n });
  });

  it('follows through cut lines without losing, doubling or reordering anything', async () => {
    const { line, store } = await overLine();
    const start = await given.store.head();
    const streams = Array.from({ length: 8 }, aStream);
    const writing = Promise.all(streams.map((stream) => writeAnyhow(store, stream, 60)));
    const cuts = new Set([50, 200, 350]);
    const got = await followed(store, { after: start, batch: 20 }, (all) => {
      for (const cut of cuts) if (all.length >= cut && cuts.delete(cut)) line.cut();
      return all.length >= 480;
    });
    await writing;
    expect(cuts.size).toBe(0);
    expect(got).toEqual(await everything(given.store, start));
  });

  it('notices that a line it follows over has died without a word', async () => {
    const { line, store } = await overLine();
    const after = await given.store.head();
    const got = await followed(store, { after }, (all, { caughtUp }) => {
      if (all.length === 0 && caughtUp) {
        line.silence();
        void write(given.store, aStream(), 1).then(() => line.heal());
      }
      return all.length === 1;
    });
    expect(got).toHaveLength(1);
  });

  it('reads at most one batch ahead of a slow follower', async () => {
    const { line, store } = await overLine();
    const after = await given.store.head();
    const [size, weight] = [100, 6_000];
    // Random, since some servers compress what they send.
    const text = () => randomBytes((weight * 3) / 4).toString('base64');
    for (let n = 0; n < 10; n++)
      await given.store.append(
        aStream(),
        Array.from({ length: size }, () => anEvent(text())),
        NO_STREAM,
        envelope,
      );

    // Of what is on its way when the batch is full, a line holds a fixed amount; news of what others append comes on it, too. All would be ten.
    const [before, one] = [line.received, size * weight];
    const stop = new AbortController();
    for await (const batch of store.follow({ after, batch: size, signal: stop.signal })) {
      expect(batch.events).toHaveLength(size);
      await eventually(() => line.received - before > 2 * one);
      for (let n = 0; n < 20; n++) await given.store.head();
      expect(line.received - before).toBeLessThan(5 * one);
      stop.abort();
    }
  });

  it.each<[string, (follower: AsyncIterator<unknown>, stop: AbortController) => unknown]>([
    ['leaves', (follower) => follower.return?.()],
    ['aborts and asks once more', (follower, stop) => (stop.abort(), follower.next())],
    ['aborts and never asks again', (_, stop) => stop.abort()],
  ])('keeps no connection for a follower who %s', async (_, part) => {
    const { line, store } = await overLine();
    const after = await store.head();
    const before = line.connections;
    for (let n = 0; n < 5; n++) {
      const stop = new AbortController();
      const follower = store.follow({ after, signal: stop.signal })[Symbol.asyncIterator]();
      await follower.next();
      await part(follower, stop);
    }
    await eventually(() => line.connections <= before);
  });

  it('keeps no connection when it is closed', async () => {
    const { line, store } = await overLine();
    await store.head();
    void followed(store, { after: null }, () => false).catch(() => undefined);
    await store.head();
    await store.close();
    await eventually(() => line.connections === 0);
  });
}
