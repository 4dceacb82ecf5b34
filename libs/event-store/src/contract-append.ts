import { randomUUID } from 'node:crypto';
import { anEvent, aStream, envelope, events, type Given, idsOf, write } from './contract-given.js';
import { type NewEvent, NO_STREAM, StreamMoved } from './event-store.js';
import { FRAME_BYTES, MAX_APPEND_BYTES } from './validate-append.js';

export function appending(given: Given) {
  it('starts a stream at revision 0 and gives back what was recorded, to the letter and the millisecond', async () => {
    const data = {
      text: '责任清单 «ümläut» 😀 "quoted" \\ \n',
      odd: 'NUL \0, half a character \ud83d',
      nested: { list: [1, -0.5, 1e21, true, null, { deep: [[]] }], empty: {} },
    };
    const stream = aStream();
    const list: NewEvent[] = [anEvent(data), { ...anEvent({}), type: 'LetterSealed' }, anEvent('only text'), anEvent(null)];

    const appended = await given.store.append(stream, list, NO_STREAM, envelope);

    const kept = await given.store.read(stream);
    const { position } = appended;
    expect(kept.map((event) => ({ ...event, position }))).toEqual(
      list.map((event, n) => ({ ...event, ...envelope, stream, revision: BigInt(n), position })),
    );
    expect(kept[0]!.at.getTime()).toBe(envelope.at.getTime());
    expect(appended).toEqual({ revision: 3n, position: kept[3]!.position });
  });

  it('keeps members that are undefined as absent', async () => {
    const stream = aStream();
    await given.store.append(stream, [anEvent({ kept: 1, absent: undefined })], NO_STREAM, envelope);
    expect((await given.store.read(stream))[0]!.data).toStrictEqual({ kept: 1 });
  });

  it('records nothing of an append of which one event is refused', async () => {
    const stream = aStream();
    const list = [...events(2), anEvent('x'.repeat(MAX_APPEND_BYTES))];
    await expect(given.store.append(stream, list, NO_STREAM, envelope)).rejects.toMatchObject({ code: 'append-too-large' });
    expect(await given.store.read(stream)).toEqual([]);
  });

  it.each([
    ['none, where there are two', 2, NO_STREAM, 1n],
    ['a revision that was overtaken', 2, 0n, 1n],
    ['a revision that is not there yet', 2, 2n, 1n],
    ['a revision of a stream that is not there', 0, 0n, NO_STREAM],
  ])('refuses an append that expects %s, and names the revision there is', async (_, count, expected, actual) => {
    const stream = aStream();
    await write(given.store, stream, count);
    const refused = await given.store.append(stream, events(1), expected, envelope).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StreamMoved);
    expect(refused).toMatchObject({ stream, expected, actual });
    expect(await given.store.read(stream)).toHaveLength(count);
  });

  it('lets one of fifty writers win who expect the same revision', async () => {
    const stream = aStream();
    await write(given.store, stream, 1);
    const tries = Array.from({ length: 50 }, () => events(2));
    const results = await Promise.allSettled(tries.map((list) => given.store.append(stream, list, 0n, envelope)));

    const winners = tries.filter((_, n) => results[n]!.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(StreamMoved);
    const kept = await given.store.read(stream);
    expect(kept.map((event) => event.revision)).toEqual([0n, 1n, 2n]);
    expect(idsOf(kept.slice(1))).toEqual(idsOf(winners[0]!));
  });

  it('lets a hundred writers to streams of their own all win, whatever happens to their neighbours', async () => {
    const taken = aStream();
    await write(given.store, taken, 1);
    const streams = Array.from({ length: 100 }, (_, n) => (n % 10 === 0 ? taken : aStream()));
    const results = await Promise.allSettled(streams.map((stream) => given.store.append(stream, events(3), NO_STREAM, envelope)));
    expect(results.map(({ status }) => status)).toEqual(streams.map((stream) => (stream === taken ? 'rejected' : 'fulfilled')));
  });

  it.each([
    ['a new stream', 0],
    ['an old stream', 3],
  ])('answers a repetition on %s as the first time and writes nothing, also after later events', async (_, before) => {
    const stream = aStream();
    const expected = await write(given.store, stream, before);
    const list = events(3);
    const first = await given.store.append(stream, list, expected, envelope);
    expect(await given.store.append(stream, list, expected, envelope)).toEqual(first);

    await write(given.store, stream, 2, first.revision);
    expect(await given.store.append(stream, list, expected, envelope)).toEqual(first);
    expect(await given.store.read(stream)).toHaveLength(before + 5);
  });

  it('writes once when the same append is made twice at the same time', async () => {
    const stream = aStream();
    const list = events(2);
    const [one, two] = await Promise.all([1, 2].map(() => given.store.append(stream, list, NO_STREAM, envelope)));
    expect(one).toEqual(two);
    expect(idsOf(await given.store.read(stream))).toEqual(idsOf(list));
  });

  it('refuses a repetition that is not quite the same', async () => {
    const stream = aStream();
    const [a, b, c] = events(3) as [NewEvent, NewEvent, NewEvent];
    await given.store.append(stream, [a, b], NO_STREAM, envelope);
    for (const other of [
      [a, c],
      [c, b],
      [b, a],
      [a, b, c],
    ])
      await expect(given.store.append(stream, other, NO_STREAM, envelope)).rejects.toThrow(StreamMoved);
    expect(idsOf(await given.store.read(stream))).toEqual(idsOf([a, b]));
  });

  it('takes the same event id in two streams', async () => {
    const [event] = events(1) as [NewEvent];
    const streams = [aStream(), aStream()];
    await Promise.all(streams.map((stream) => given.store.append(stream, [event], NO_STREAM, envelope)));
    for (const stream of streams) expect(idsOf(await given.store.read(stream))).toEqual([event.id]);
  });

  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const twice = anEvent();
  it.each<[string, readonly NewEvent[], bigint?]>([
    ['without events', []],
    ['with one id twice', [twice, twice]],
    ['with an id that is no UUID', [anEvent({}, 'first')]],
    ['with an id in upper case', [anEvent({}, randomUUID().toUpperCase())]],
    ['with a type of the store', [{ ...anEvent(), type: '$metadata' }]],
    ['with an empty type', [{ ...anEvent(), type: '' }]],
    ['with NUL in the type', [{ ...anEvent(), type: 'Letter\0Written' }]],
    ['with a bigint', [anEvent({ n: 1n })]],
    ['with a circle', [anEvent(circle)]],
    ['with nothing as data', [{ id: randomUUID(), type: 'LetterWritten', data: undefined as never }]],
    ['with nothing in a list', [anEvent([undefined])]],
    ['with a number that JSON does not have', [anEvent({ n: Number.NaN })]],
    ['with an object that would come back as another', [anEvent({ at: new Date() })]],
    ['below the first revision', [anEvent()], -2n],
  ])('refuses an append %s', async (_, list, expected = NO_STREAM) => {
    const stream = aStream();
    await expect(given.store.append(stream, list, expected, envelope)).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(await given.store.read(stream)).toEqual([]);
  });

  it('refuses a stream whose name cannot be stored', async () => {
    for (const stream of ['', 'letter-\0', 'letter-\ud83d', 'x'.repeat(256)])
      await expect(given.store.append(stream, events(1), NO_STREAM, envelope)).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('takes an append of exactly the greatest size, and names the limit to one that is a byte longer', async () => {
    const beside = [envelope.by, envelope.commandId].map((part) => Buffer.byteLength(JSON.stringify(part)));
    const frame = beside[0]! + beside[1]! + FRAME_BYTES + 2 * anEvent().type.length + '""'.length;
    const stream = aStream();
    const longest = anEvent('x'.repeat(MAX_APPEND_BYTES - frame));
    await given.store.append(stream, [longest], NO_STREAM, envelope);
    const refused = given.store.append(stream, [anEvent(`${longest.data as string}x`)], 0n, envelope);
    await expect(refused).rejects.toMatchObject({ code: 'append-too-large', message: expect.stringContaining(String(MAX_APPEND_BYTES)) });
    await given.store.append(stream, events(1), 0n, envelope);
    expect((await given.store.read(stream))[0]!.data).toBe(longest.data);
  });

  it('writes nothing for a caller who has given up before', async () => {
    const stream = aStream();
    const refused = given.store.append(stream, events(1), NO_STREAM, envelope, { signal: AbortSignal.abort() });
    await expect(refused).rejects.toMatchObject({ code: 'aborted' });
    expect(await given.store.read(stream)).toEqual([]);
  });
}

export function sharedAppending(given: Given) {
  it('answers a repetition through another adapter as the first time', async () => {
    const stream = aStream();
    const list = events(2);
    const first = await given.store.append(stream, list, NO_STREAM, envelope);
    expect(await given.borrow(given.subject.open()).append(stream, list, NO_STREAM, envelope)).toEqual(first);
    expect(await given.store.read(stream)).toHaveLength(2);
  });

  it('lets one of two adapters win who expect the same revision', async () => {
    const other = given.borrow(given.subject.open());
    for (let round = 0; round < 20; round++) {
      const stream = aStream();
      const results = await Promise.allSettled([given.store, other].map((store) => store.append(stream, events(1), NO_STREAM, envelope)));
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    }
  });
}
