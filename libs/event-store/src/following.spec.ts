import { StoreError, type Recorded } from './event-store.js';
import { following, type Log } from './following.js';

const page = [{ position: 'p1:1' }] as Recorded[];
const never = new Promise<never>(() => undefined);

/** A log of one page, after which every call stays open; remembers the signals of its calls. */
function stalled() {
  const signals: AbortSignal[] = [];
  const log: Log = {
    news: 0,
    page: (after, _, signal) => {
      signals.push(signal);
      return after === null ? Promise.resolve(page) : never;
    },
    longerThan: () => never,
  };
  return { log, signals };
}

it.each<[string, (follower: AsyncGenerator) => Promise<unknown>]>([
  ['leaves', (follower) => follower.return(undefined)],
  ['fails', (follower) => follower.throw(new Error('of the follower')).catch(() => undefined)],
])('gives up the page it reads ahead when the follower %s', async (_, part) => {
  const { log, signals } = stalled();
  const follower = following(log, { after: null, signal: new AbortController().signal, batch: 1 }, new AbortController().signal);
  await follower.next();
  expect(signals.map((signal) => signal.aborted)).toEqual([false, false]);
  await part(follower);
  expect(signals.map((signal) => signal.aborted)).toEqual([true, true]);
});

it('is not disturbed by a page ahead that fails when nobody asks for it any more', async () => {
  const { log } = stalled();
  const failing = {
    ...log,
    page: (after: string | null) => (after === null ? Promise.resolve(page) : Promise.reject(new StoreError('unavailable', 'gone'))),
  };
  const follower = following(failing, { after: null, signal: new AbortController().signal, batch: 1 }, new AbortController().signal);
  await follower.next();
  expect(await follower.return()).toEqual({ done: true, value: undefined });
});
