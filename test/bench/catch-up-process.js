import 'reflect-metadata';
import { PostgresEventStore } from '../../dist/libs/event-store/src/postgres.js';
import { openViews, takeIn } from './views.js';

/** Started by catch-up.js, so that the memory is of this work alone: takes the log in, or follows it to its end and does nothing else. */
const [, , what, url] = process.argv;
const store = new PostgresEventStore(url);
const MB = 1_000_000;
const began = performance.now();
process.send(what === 'views' ? await views() : await follow());
void store.close();
process.disconnect();

async function views() {
  const db = await openViews(url);
  await takeIn(store, db);
  const seconds = (performance.now() - began) / 1000;
  await db.destroy();
  return { seconds, megabytes: (process.resourceUsage().maxRSS * 1024) / MB };
}

/** Memory after a tenth of the log, and at most. */
async function follow() {
  const head = BigInt((await store.head()).slice(3));
  let [seen, early] = [0n, 0];
  for await (const { events, caughtUp } of store.follow({ after: null, signal: new AbortController().signal, batch: 1_000 })) {
    seen += BigInt(events.length);
    if (early === 0 && seen * 10n >= head) early = process.resourceUsage().maxRSS;
    if (caughtUp) break;
  }
  const megabytes = (process.resourceUsage().maxRSS * 1024) / MB;
  return { events: Number(seen), megabytes, growth: process.resourceUsage().maxRSS / early };
}
