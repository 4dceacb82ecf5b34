import { Passwords } from '../../dist/apps/api/src/identity/passwords.js';
import { SystemClock } from '../../dist/libs/runtime/src/clock.js';
import { startApi } from './api.js';
import { Browser } from './browser.js';
import { copyClosed, tidy } from './closed.js';
import { duban } from './contenders.js';
import { freshDatabase } from './databases.js';
import { alternate, closedLoop, median, overRounds } from './measure.js';
import { openViews, takeIn } from './views.js';
import { clerkOf, loginOf, openWork } from './work.js';

const UNITS = 60;
const PER_UNIT = 60;
const HISTORIES = 60;
const CALLERS = 8;
const PASSWORD = 'a-password-of-the-bench';
const ACTS = ['to-do list', 'change a status', 'history of a task'];
/** Requests per second of Redmine 5 on the machine of the goals: it cannot be installed from npm, so it is not part of this run. */
const REDMINE = { 'to-do list': [19, 20], 'change a status': [49, 15], 'history of a task': [33, 15] };

/** A database with so many tasks, of which each unit has the same number open however many are closed, and the server on it. */
async function started(server, tasks, say) {
  say(`${tasks} tasks`);
  const url = await freshDatabase(server, `bench_http_${tasks}`);
  const db = await openViews(url);
  const { store, close } = await duban.open(url);
  const { open, long, closed } = await openWork(store, { units: UNITS, perUnit: PER_UNIT, histories: HISTORIES, templates: 60 });
  await takeIn(store, db);
  await copyClosed(db, closed, Math.round((tasks - open.length - long.length) / closed.length) - 1);
  await tidy(db);
  const passwords = new Passwords(db, new SystemClock());
  for (let n = 0; n < CALLERS; n++) await passwords.set(clerkOf(n).accountId, PASSWORD);
  await close();
  await db.destroy();

  const api = await startApi(url);
  const browsers = await Promise.all(
    Array.from({ length: CALLERS }, async (_, n) => {
      const browser = new Browser(api.port);
      await browser.signIn(loginOf(n), PASSWORD);
      return browser;
    }),
  );
  return {
    name: String(tasks),
    acts: actsOn(browsers, open, long),
    async close() {
      for (const browser of browsers) browser.close();
      await api.close();
    },
  };
}

/** What caller `n` asks for, over and over: each on the work of its own unit. */
function actsOn(browsers, open, long) {
  const own = browsers.map((_, n) => open.filter(({ lead }) => lead === n).map(({ assignmentId }) => assignmentId));
  const sent = browsers.map(() => 0);
  const histories = browsers.map((_, n) => long.filter((__, k) => k % UNITS === n));
  return {
    'to-do list': (n) => browsers[n].send('GET', `/units/${clerkOf(n).unitId}/todos`),
    'change a status': (n) => {
      const k = sent[n]++;
      const to = Math.floor(k / own[n].length) % 2 === 0 ? 'blocked' : 'in-progress';
      return browsers[n].send('PUT', `/assignments/${own[n][k % own[n].length]}/status`, { to, reason: '等待批复' });
    },
    'history of a task': (n) => browsers[n].send('GET', `/tasks/${histories[n][0]}/history`),
  };
}

async function mustBeWhole({ acts }) {
  const [list, line] = [JSON.parse((await acts['to-do list'](0)).text), JSON.parse((await acts['history of a task'](0)).text)];
  if (list.rows.length !== 25 || list.counts.total < 2 * PER_UNIT || line.rows.length !== 50)
    throw new Error(`not the work that was meant: ${list.rows.length} rows of ${list.counts.total}, ${line.rows.length} entries`);
}

/** To-do list, status change and history over HTTP, signed in, on few and on many tasks; goals 7, 8 and 9. */
export async function http(server, { rounds, large, say }) {
  const sizes = [];
  try {
    for (const tasks of [10_000, large ? 1_000_000 : 100_000]) sizes.push(await started(server, tasks, say));
    const [rows, goals] = [[], []];
    for (const size of sizes) await mustBeWhole(size);
    for (const what of ACTS) {
      say(what);
      const busy = await alternate(rounds, sizes, ({ acts }) => closedLoop((n) => () => acts[what](n), { callers: CALLERS, ms: 1_500 }));
      const calm = await alternate(rounds, sizes, ({ acts }) => closedLoop((n) => () => acts[what](n), { callers: 1, ms: 1_500 }));
      for (const { name } of sizes) {
        rows.push({ what: `${what}, ${name} tasks, ${CALLERS} callers`, who: duban.name, ...overRounds(busy.get(name)) });
        rows.push({ what: `${what}, ${name} tasks, 1 caller`, who: duban.name, ...overRounds(calm.get(name)) });
      }
      const [few, many] = sizes.map(({ name }) => name);
      const [theirs, times] = REDMINE[what];
      goals.push({
        no: what === 'to-do list' ? 7 : 8,
        what: `${what}, ${many} tasks, over Redmine 5 (${theirs}/s, not of this run)`,
        is: overRounds(busy.get(many)).perSecond / theirs,
        least: times,
        unit: '×',
      });
      for (const figure of ['p50', 'p99']) {
        const grown = median(calm.get(many).map((round, n) => round[figure] / calm.get(few)[n][figure]));
        goals.push({ no: 9, what: `${what}, ${figure}, ${many} tasks over ${few}`, is: grown, most: 1.2, unit: '×' });
      }
    }
    return { rows, goals };
  } finally {
    for (const size of sizes) await size.close();
  }
}
