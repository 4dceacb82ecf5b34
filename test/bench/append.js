import { randomUUID } from 'node:crypto';
import { castore, CONTENDERS, duban, emmett, insert } from './contenders.js';
import { freshDatabase } from './databases.js';
import { alternate, closedLoop, overRounds, ratio, summary } from './measure.js';

const EVENTS_PER_STREAM = 20;

/** Every writer has streams of its own and always knows their revision. */
function writer(store) {
  let stream = randomUUID();
  let revision = 0;
  return async () => {
    if (revision === EVENTS_PER_STREAM) [stream, revision] = [randomUUID(), 0];
    await store.append(stream, revision);
    revision++;
  };
}

async function opened(server, use) {
  const contenders = [];
  for (const contender of CONTENDERS) {
    const url = await freshDatabase(server, `bench_${contender.name.replace(/\W/g, '_')}`.toLowerCase());
    contenders.push({ name: contender.name, ...(await contender.open(url)) });
  }
  try {
    return await use(contenders);
  } finally {
    for (const contender of contenders) await contender.close();
  }
}

/** One event per append, onto a stream whose revision is expected; goals 1 and 2. */
export const append = (server, { rounds, say }) =>
  opened(server, async (contenders) => {
    const [rows, goals] = [[], []];
    for (const callers of [1, 8, 32]) {
      const what = `append, ${callers} ${callers === 1 ? 'writer' : 'writers'}`;
      say(what);
      const results = await alternate(rounds, contenders, (store) => closedLoop(() => writer(store), { callers, ms: 1_200 }));
      for (const [who, figures] of results) rows.push({ what, who, ...overRounds(figures) });
      const over = (peer) => ratio(results.get(duban.name), results.get(peer.name));
      const goal = (no, peer, least) => goals.push({ no, what: `${what}, over ${peer.name}`, is: over(peer), least, unit: '×' });
      if (callers === 1) {
        goal(2, emmett, 2);
        goal(2, castore, 1);
      }
      if (callers === 32) {
        goal(1, emmett, 4);
        goal(1, castore, 3);
        goal(1, insert, 1);
        goals.push({
          no: 1,
          what: `${what}, p99`,
          is: overRounds(results.get(duban.name)).p99,
          most: 10,
          unit: ' ms',
        });
      }
    }
    return { rows, goals };
  });

/** Reading and folding a stream of 1,000 events; goal 3. */
export const load = (server, { rounds, say }) =>
  opened(server, async (contenders) => {
    say('load an aggregate of 1,000 events');
    const stream = randomUUID();
    for (const store of contenders) await store.fill(stream, 1_000);
    const results = await alternate(rounds, contenders, async (store) => {
      const durations = [];
      for (let n = -5; n < 50; n++) {
        const began = performance.now();
        await store.load(stream);
        if (n >= 0) durations.push(performance.now() - began);
      }
      return summary(durations, durations.reduce((sum, ms) => sum + ms, 0) / 1000);
    });
    const rows = [...results].map(([who, figures]) => ({ what: 'load 1,000 events', who, ...overRounds(figures) }));
    const is = overRounds(results.get(duban.name)).p50;
    return { rows, goals: [{ no: 3, what: 'load an aggregate of 1,000 events, p50', is, most: 3.5, unit: ' ms' }] };
  });
