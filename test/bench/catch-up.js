import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { VIEWS } from '../../dist/libs/read-models/src/views.js';
import { copyClosed, tidy } from './closed.js';
import { duban, emmett } from './contenders.js';
import { freshDatabase, query } from './databases.js';
import { keepTable } from './emmett-follower.js';
import { alternate, overRounds, ratio, until } from './measure.js';
import { forget, openViews, takeIn } from './views.js';
import { openWork } from './work.js';

const THEIR_EVENTS = 3_000;

/** A log of real work to fold again and again: a third open, the rest closed. */
async function ours(server, events) {
  const url = await freshDatabase(server, 'bench_catch_up_duban');
  const db = await openViews(url);
  const { store, close } = await duban.open(url);
  const { closed } = await openWork(store, { units: 50, perUnit: 80, templates: 50 });
  await takeIn(store, db);
  const [{ n, per }] = await db.query(
    `select (select position from events.head)::int as n, (select count(*)::int from app.history where "taskId" = any($1)) as per`,
    [closed],
  );
  await copyClosed(db, closed, Math.ceil((events - n) / per));
  await tidy(db);
  const [{ position }] = await db.query('select position from events.head');
  return {
    name: duban.name,
    events: Number(position),
    async measure() {
      await forget(db);
      const began = performance.now();
      await takeIn(store, db);
      return timed(Number(position), began);
    },
    async close() {
      await close();
      await db.destroy();
    },
  };
}

/** The same reports for everybody: one row per stream, folded by a projection in SQL, its fastest kind. */
async function theirs(server) {
  const url = await freshDatabase(server, 'bench_catch_up_emmett');
  const opened = await emmett.open(url);
  for (let n = 0; n < THEIR_EVENTS; n += 10) await opened.fill(randomUUID(), 10);
  return {
    name: emmett.name,
    events: THEIR_EVENTS,
    async measure() {
      await query(url, 'drop table if exists bench_row; delete from emt_processors; delete from emt_projections');
      const listener = new pg.Client({ connectionString: url });
      let seen = 0;
      await listener.connect();
      listener.on('notification', () => seen++);
      await listener.query('listen bench_seen');
      const began = performance.now();
      const stop = keepTable(url);
      await until(() => seen >= THEIR_EVENTS, `${THEIR_EVENTS} events taken in by emmett`);
      const result = timed(THEIR_EVENTS, began);
      await stop();
      await listener.end();
      return result;
    },
    close: opened.close,
  };
}

const timed = (events, began) => ({
  perSecond: (events * 1000) / (performance.now() - began),
  seconds: (performance.now() - began) / 1000,
});

/** From an empty database to every view at the head of the log; goal 5. */
export async function catchUp(server, { rounds, large, say }) {
  say('catch-up of all views');
  const contenders = [await ours(server, large ? 1_000_000 : 100_000), await theirs(server)];
  try {
    const results = await alternate(rounds, contenders, (contender) => contender.measure());
    const rows = contenders.map(({ name, events }) => {
      const figures = overRounds(results.get(name));
      const views = name === duban.name ? `${VIEWS.length} views` : '1 projection';
      return { what: `catch-up, ${events} events`, who: name, ...figures, note: `${views}, ${figures.seconds.toFixed(1)} s` };
    });
    const { perSecond } = overRounds(results.get(duban.name));
    return {
      rows,
      goals: [
        { no: 5, what: 'catch-up of all views', is: perSecond, least: 35_000, unit: '/s' },
        { no: 5, what: 'all views from 1,000,000 events', is: 1_000_000 / perSecond, most: 60, unit: ' s' },
        { no: 5, what: 'catch-up, over emmett-postgresql', is: ratio(results.get(duban.name), results.get(emmett.name)), unit: '×' },
      ],
    };
  } finally {
    for (const contender of contenders) await contender.close();
  }
}
