import { aStream, envelope, events, everything, type Given, idsOf, write } from './contract-given.js';
import { type EventStore, NO_STREAM, type Position, type Recorded } from './event-store.js';

export function reading(given: Given) {
  it('reads a stream from a revision on, that one included', async () => {
    const stream = aStream();
    await given.store.append(stream, events(5), NO_STREAM, envelope);
    const all = await given.store.read(stream);
    expect(await given.store.read(stream, 3n)).toEqual(all.slice(3));
    expect(await given.store.read(stream, 5n)).toEqual([]);
    await expect(given.store.read(stream, -1n)).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('reads nothing of a stream that is not there', async () => {
    expect(await given.store.read(aStream())).toEqual([]);
  });

  it('does not take one stream for another whose name begins alike or differs in case', async () => {
    const stream = aStream();
    await write(given.store, stream, 1);
    for (const other of [stream.slice(0, -1), `${stream}0`, stream.toUpperCase(), `${stream} `])
      expect(await given.store.read(other)).toEqual([]);
  });

  it('gives every reader events of their own', async () => {
    const stream = aStream();
    await given.store.append(stream, events(1), NO_STREAM, envelope);
    const [event] = await given.store.read(stream);
    (event!.data as { n: number }).n = 7;
    expect((await given.store.read(stream))[0]!.data).toEqual({ n: 0 });
  });

  it('reads all in one order, the same by pages of any size, and each stream in its own', async () => {
    const start = await given.store.head();
    const streams = [aStream(), aStream(), aStream()];
    await Promise.all(streams.map((stream) => write(given.store, stream, 7)));

    const all = await everything(given.store, start);
    expect(all).toHaveLength(21);
    const positions = all.map(({ position }) => position);
    expect(positions).toEqual([...new Set(positions)].sort());
    for (const stream of streams) expect(all.filter((event) => event.stream === stream)).toEqual(await given.store.read(stream));
    for (const size of [1, 2, 7, 20, 21, 22]) expect(await everything(given.store, start, size)).toEqual(all);
  });

  it('leaves out the event at the position it reads after', async () => {
    const start = await given.store.head();
    await write(given.store, aStream(), 3);
    const [first, ...rest] = await given.store.readAll(start, 10);
    expect(idsOf(await given.store.readAll(first!.position, 10))).toEqual(idsOf(rest));
  });

  it('shows an append to whoever reads after it was answered', async () => {
    const before = await given.store.head();
    const { position } = await given.store.append(aStream(), events(2), NO_STREAM, envelope);
    expect(await given.store.head()).toBe(position);
    expect(await given.store.readAll(before, 10)).toHaveLength(2);
    expect(await given.store.readAll(position, 10)).toEqual([]);
  });

  it('keeps the meaning of a position through JSON', async () => {
    const before = await given.store.head();
    await write(given.store, aStream(), 3);
    const [, second, third] = await given.store.readAll(before, 3);
    const { saved } = JSON.parse(JSON.stringify({ saved: second!.position })) as { saved: Position };
    expect(await given.store.readAll(saved, 3)).toEqual([third]);
  });

  it('refuses a position of another store, and what is none', async () => {
    const own = (await given.store.append(aStream(), events(1), NO_STREAM, envelope)).position;
    for (const position of [
      '',
      '0',
      'x9:00000000000000000001',
      `${own}0`,
      own.slice(0, -1),
      own.replace(/\d$/, 'x'),
      own.replace(/\d{20}/, '9'.repeat(20)),
    ]) {
      await expect(given.store.readAll(position, 1)).rejects.toMatchObject({ code: 'invalid-position' });
      const follower = given.store.follow({ after: position, signal: new AbortController().signal });
      await expect(follower[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'invalid-position' });
    }
  });

  it('says which store it is', async () => {
    expect(await given.store.describe()).toMatch(/\w{5}/);
  });
}

export function sharedReading(given: Given) {
  it('never lets a reader skip an event while two adapters write', async () => {
    const stores = [given.store, given.borrow(given.subject.open())];
    const writers = stores.flatMap((store) => Array.from({ length: 8 }, () => () => write(store, aStream(), 25)));
    const { kept, seen } = await readWhileWriting(given.borrow(given.subject.open()), writers);
    expect(kept).toHaveLength(400);
    expect(seen).toEqual(kept);
  });

  it('resumes from a saved position at the exact next event, through another adapter', async () => {
    const before = await given.store.head();
    await write(given.store, aStream(), 4);
    const [, second, ...rest] = await given.store.readAll(before, 10);
    expect(await given.borrow(given.subject.open()).readAll(second!.position, 10)).toEqual(rest);
  });
}

/** What a reader has seen who always went on from the last event it knew, beside what is kept in the end. */
async function readWhileWriting(store: EventStore, writers: readonly (() => Promise<unknown>)[]) {
  const start = await store.head();
  const seen: Recorded[] = [];
  const advance = async () => {
    const page = await store.readAll(seen.at(-1)?.position ?? start, 50);
    seen.push(...page);
    return page.length > 0;
  };

  let writing = true;
  const done = Promise.all(writers.map((writer) => writer())).finally(() => (writing = false));
  while (writing) await advance();
  await done;
  while (await advance());
  return { kept: await everything(store, start), seen };
}
