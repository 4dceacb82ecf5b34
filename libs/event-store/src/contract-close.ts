import { aStream, anEvent, envelope, events, type Given } from './contract-given.js';
import { NO_STREAM } from './event-store.js';

export function closing(given: Given) {
  const closed = expect.objectContaining({ code: 'closed' });

  it('refuses everything afterwards, and closing twice changes nothing', async () => {
    const store = given.subject.open();
    await store.append(aStream(), events(1), NO_STREAM, envelope);
    await Promise.all([store.close(), store.close()]);
    await store.close();
    await expect(store.append(aStream(), events(1), NO_STREAM, envelope)).rejects.toEqual(closed);
    await expect(store.read(aStream())).rejects.toEqual(closed);
    await expect(store.readAll(null, 1)).rejects.toEqual(closed);
    await expect(store.head()).rejects.toEqual(closed);
    const follower = store.follow({ after: null, signal: new AbortController().signal });
    await expect(follower[Symbol.asyncIterator]().next()).rejects.toEqual(closed);
  });

  it('settles appends under way: each is recorded or refused as closed', async () => {
    const store = given.subject.open();
    const streams = Array.from({ length: 200 }, aStream);
    const appends = Promise.allSettled(streams.map((stream) => store.append(stream, [anEvent()], NO_STREAM, envelope)));
    await store.close();
    for (const result of await appends) if (result.status === 'rejected') expect(result.reason).toEqual(closed);
  });

  it('ends a follower that waits, with the reason', async () => {
    const store = given.subject.open();
    const { position } = await store.append(aStream(), events(1), NO_STREAM, envelope);
    const follower = store.follow({ after: position, signal: new AbortController().signal })[Symbol.asyncIterator]();
    await follower.next();
    const next = follower.next().catch((error: unknown) => error);
    await store.close();
    expect(await next).toEqual(closed);
  });
}
