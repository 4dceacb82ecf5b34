import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { duban, emmett } from './contenders.js';
import { freshDatabase } from './databases.js';
import { follow } from './emmett-follower.js';

const WRITERS = 32;
/** After so long without anything new, what has not come is counted as skipped. */
const QUIET_MS = 3_000;
const RESTART_EVERY = 20_000;

/** `writers` append one event each to streams of their own until there are `events`. Answers the ids that were acknowledged. */
async function write(store, events) {
  let left = events;
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      for (let revision = 0, stream = randomUUID(); left-- > 0; revision++) {
        if (revision === 20) [stream, revision] = [randomUUID(), 0];
        await store.append(stream, revision);
      }
    }),
  );
}

/** Follows as a view does, and is stopped and started again from its last place every so often. */
async function followDuban(store, seen, signal) {
  let after = null;
  while (!signal.aborted) {
    const round = new AbortController();
    const stop = () => round.abort();
    signal.addEventListener('abort', stop);
    let taken = 0;
    for await (const { events } of store.follow({ after, signal: round.signal, batch: 1_000 })) {
      for (const { id } of events) seen.set(id, (seen.get(id) ?? 0) + 1);
      after = events.at(-1)?.position ?? after;
      taken += events.length;
      if (taken >= RESTART_EVERY) round.abort();
    }
    signal.removeEventListener('abort', stop);
  }
}

async function settled(seen, expected) {
  for (let size = -1; seen.size < expected && size !== seen.size;) {
    size = seen.size;
    await wait(QUIET_MS);
  }
}

const counted = (seen, events) => ({
  skipped: events - seen.size,
  twice: [...seen.values()].filter((times) => times > 1).length,
  of: events,
});

async function measureDuban(server, events) {
  const opened = await duban.open(await freshDatabase(server, 'bench_follow_duban'));
  const [seen, stopping] = [new Map(), new AbortController()];
  const following = followDuban(opened.store, seen, stopping.signal);
  await write(opened, events);
  await settled(seen, events);
  stopping.abort();
  await following;
  await opened.close();
  return counted(seen, events);
}

async function measureEmmett(server, events) {
  const url = await freshDatabase(server, 'bench_follow_emmett');
  const opened = await emmett.open(url);
  const seen = new Map();
  const stop = follow(url, ({ metadata: { messageId } }) => {
    seen.set(messageId, (seen.get(messageId) ?? 0) + 1);
  });
  await write(opened, events);
  await settled(seen, events);
  await stop();
  await opened.close();
  return counted(seen, events);
}

/** Events that a follower never sees while 32 writers append; goal 4. castore has nothing that follows the whole log. */
export async function skipped(server, { large, say }) {
  say('events skipped by a follower, 32 writers');
  const ours = await measureDuban(server, large ? 500_000 : 100_000);
  const theirs = await measureEmmett(server, 10_000);
  const row = (who, { skipped, twice, of }) => ({
    what: 'follow, 32 writers',
    who,
    note: `${skipped} of ${of} skipped (${((100 * skipped) / of).toFixed(1)} %), ${twice} seen twice`,
  });
  return {
    rows: [row(duban.name, ours), row(emmett.name, theirs)],
    goals: [
      { no: 4, what: `events skipped of ${ours.of}, with ${Math.floor(ours.of / RESTART_EVERY)} restarts`, is: ours.skipped, most: 0 },
    ],
  };
}
