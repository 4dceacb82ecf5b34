import { setImmediate as turn } from 'node:timers/promises';
import { AppendQueue } from './append-queue.js';
import { anEvent, envelope } from './contract-given.js';
import { NO_STREAM, StreamMoved } from './event-store.js';
import { CallFailed } from './postgres-call.js';
import { validateAppend } from './validate-append.js';

const append = (stream: string, size = 1) => validateAppend(stream, [anEvent('x'.repeat(size))], NO_STREAM, envelope);
const streams = (count: number) => Array.from({ length: count }, (_, n) => `s-${n}`);
const written = { revision: 0n, position: 'p1:1' };

/** A queue over a store that keeps what it was asked to commit and answers when told. */
function held() {
  const batches: string[][] = [];
  const answers: ((fail?: CallFailed) => void)[] = [];
  const queue = new AppendQueue(
    (take) =>
      new Promise((resolve, reject) => {
        const { appends } = take();
        batches.push(appends.map(({ stream }) => stream));
        answers.push((fail) => (fail ? reject(fail) : resolve(appends.map(() => written))));
      }),
  );
  return { queue, batches, answer: async (fail?: CallFailed) => (answers.shift()!(fail), await turn()) };
}

const patience = 5_000;

it('sends an append that finds nobody before it at once', async () => {
  const { queue, batches, answer } = held();
  const result = queue.add(append('s-0'), patience);
  await turn();
  expect(batches).toEqual([['s-0']]);
  await answer();
  expect(await result).toEqual(written);
});

it('sends those that wait together, at most 64', async () => {
  const { queue, batches, answer } = held();
  const first = queue.add(append('first'), patience);
  await turn();
  const rest = streams(100).map((stream) => queue.add(append(stream), patience));
  for (let n = 0; n < 3; n++) await answer();
  await Promise.all([first, ...rest]);
  expect(batches).toEqual([['first'], streams(64), streams(100).slice(64)]);
});

it('sends at most 4 MiB together', async () => {
  const { queue, batches, answer } = held();
  const all = streams(5).map((stream) => queue.add(append(stream, 1_000_000), patience));
  for (let n = 0; n < 2; n++) {
    await turn();
    await answer();
  }
  await Promise.all(all);
  expect(batches).toEqual([streams(4), ['s-4']]);
});

it('never sends two of one stream together, and keeps their order', async () => {
  const { queue, batches, answer } = held();
  const all = ['a', 'a', 'b', 'a', 'b', 'c'].map((stream) => queue.add(append(stream), patience));
  for (let n = 0; n < 3; n++) {
    await turn();
    await answer();
  }
  await Promise.all(all);
  expect(batches).toEqual([['a', 'b', 'c'], ['a', 'b'], ['a']]);
});

it('gives each its own verdict', async () => {
  const moved = new StreamMoved('b', NO_STREAM, 4n);
  const queue = new AppendQueue(async (take) => take().appends.map(({ stream }) => (stream === 'b' ? moved : written)));
  const results = await Promise.allSettled(['a', 'b', 'c'].map((stream) => queue.add(append(stream), patience)));
  expect(results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason))).toEqual([written, moved, written]);
});

it('sends the same again, in front of all others, after a reply was lost', async () => {
  const { queue, batches, answer } = held();
  const one = queue.add(append('a'), patience);
  await turn();
  const two = queue.add(append('b'), patience);
  await answer(new CallFailed('lost', new Error('reset')));
  while (batches.length < 2) await turn();
  await answer();
  await Promise.all([one, two]);
  expect(batches).toEqual([['a'], ['a', 'b']]);
});

it.each([
  ['outcome-unknown', 'lost'],
  ['unavailable', 'undone'],
  ['unavailable', 'unsent'],
  ['unavailable', 'full'],
] as const)('says %s when time is up after a call was %s', async (code, aftermath) => {
  const queue = new AppendQueue(async (take) => {
    if (aftermath !== 'unsent') take();
    throw new CallFailed(aftermath, new Error('again'));
  });
  await expect(queue.add(append('a'), 60)).rejects.toMatchObject({ code });
});

it('says unavailable of an append whose turn never came, and does not send it later', async () => {
  const { queue, batches, answer } = held();
  const first = queue.add(append('first'), patience);
  await turn();
  await expect(queue.add(append('late'), 20)).rejects.toMatchObject({ code: 'unavailable' });
  await answer();
  await first;
  expect(batches).toEqual([['first']]);
});

it('passes on at once why the server turns every connection away', async () => {
  const reason = new Error('password authentication failed');
  const queue = new AppendQueue(() => Promise.reject(new CallFailed('wrong', reason)));
  const results = await Promise.allSettled(['a', 'b'].map((stream) => queue.add(append(stream), patience)));
  expect(results).toEqual([1, 2].map(() => ({ status: 'rejected', reason })));
});

it('says unavailable of an append that waited for a connection, and leaves it out when there is one', async () => {
  let connected = () => {};
  const sent: string[] = [];
  const connection = new Promise<void>((resolve) => (connected = resolve));
  const queue = new AppendQueue(async (take) => {
    await connection;
    const { appends } = take();
    sent.push(...appends.map(({ stream }) => stream));
    return appends.map(() => written);
  });
  const [late, early] = [queue.add(append('late'), 20), queue.add(append('early'), patience)];
  await expect(late).rejects.toMatchObject({ code: 'unavailable' });
  connected();
  await early;
  expect(sent).toEqual(['early']);
});

it('closes when the last reply is there, and refuses what was not sent', async () => {
  const { queue, answer } = held();
  const first = queue.add(append('first'), patience);
  await turn();
  const second = queue.add(append('second'), patience);
  const closing = queue.close();
  await expect(second).rejects.toMatchObject({ code: 'closed' });
  await answer();
  await closing;
  expect(await first).toEqual(written);
});
