import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
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
      const { seconds, megabytes } = await apart('views', url);
      return { perSecond: Number(position) / seconds, seconds, megabytes };
    },
    follow: () => apart('follow', url),
    sizes: () => sizesOf(db),
    async close() {
      await close();
      await db.destroy();
    },
  };
}

/** What an event, a task and a share weigh on disk, with everything that is kept because of them. */
async function sizesOf(db) {
  await tidy(db);
  const tables = await db.query(
    `select n.nspname || '.' || c.relname as name, pg_table_size(c.oid)::float8 as rows, pg_indexes_size(c.oid)::float8 as indexes
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('events', 'app') and c.relkind = 'r'`,
  );
  const [{ events, tasks, shares }] = await db.query(
    `select (select count(*)::int from events.event) as events, (select count(*)::int from app.task) as tasks,
       (select count(*)::int from app.assignment) as shares`,
  );
  const weight = (what, n, names) => {
    const of = tables.filter(({ name }) => names.test(name));
    const per = (key) => Math.round(of.reduce((sum, table) => sum + table[key], 0) / n);
    return { what: `bytes on disk, ${what}`, who: duban.name, note: `${per('rows')} in rows, ${per('indexes')} in indexes (of ${n})` };
  };
  return [
    weight('event in the store', events, /^events\.event$/),
    weight('event in the history', events, /^app\.history$/),
    weight('task, with its versions', tasks, /^app\.task/),
    weight('share, with versions and counters', shares, /^app\.(assignment|tally)/),
  ];
}

/** What a process of its own measured. */
function apart(what, url) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('catch-up-process.js', import.meta.url)), [what, url]);
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`catch-up-process.js ${what} ended with ${code}`)));
  });
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
      const views = name === duban.name ? `${VIEWS.length} views, ${Math.round(figures.megabytes)} MB` : '1 projection';
      return { what: `catch-up, ${events} events`, who: name, ...figures, note: `${views}, ${figures.seconds.toFixed(1)} s` };
    });
    rows.push(...(await contenders[0].sizes()));
    const { perSecond, megabytes } = overRounds(results.get(duban.name));
    const followed = await contenders[0].follow();
    rows.push({
      what: `follow ${followed.events} events`,
      who: duban.name,
      note: `${Math.round(followed.megabytes)} MB at most, ${followed.growth.toFixed(2)}× what the first tenth took`,
    });
    return {
      rows,
      goals: [
        { no: 5, what: 'catch-up of all views', is: perSecond, least: 35_000, unit: '/s' },
        { no: 5, what: 'all views from 1,000,000 events', is: 1_000_000 / perSecond, most: 60, unit: ' s' },
        { no: 5, what: 'memory of the process that builds the views', is: megabytes, most: 512, unit: ' MB' },
        { no: 5, what: 'catch-up, over emmett-postgresql', is: ratio(results.get(duban.name), results.get(emmett.name)), unit: '×' },
      ],
    };
  } finally {
    for (const contender of contenders) await contender.close();
  }
}
