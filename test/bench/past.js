import { Passwords } from '../../dist/apps/api/src/identity/passwords.js';
import { SystemClock } from '../../dist/libs/runtime/src/clock.js';
import { startApi } from './api.js';
import { Browser } from './browser.js';
import { tidy } from './closed.js';
import { duban } from './contenders.js';
import { freshDatabase } from './databases.js';
import { alternate, closedLoop, overRounds, ratio } from './measure.js';
import { openViews, takeIn } from './views.js';
import { clerkOf, openWork, supervisor } from './work.js';

const UNITS = 200;
const PER_UNIT = 100;
const PASSWORD = 'a-password-of-the-bench';
/** All tasks were there from the first days on, so that only the age of the moment differs. */
const BEGAN = 730;
const AGES = [null, 1, 30, 365, 700];

const nameOf = (age) => (age === null ? 'live' : `as of ${age} days ago`);
const momentOf = (age) => new Date(Date.now() - age * 86_400_000).toISOString();

/** What every page costs now, and as of moments of different ages. */
export async function past(server, { rounds, say }) {
  const tasks = UNITS * PER_UNIT;
  say(`${tasks} tasks over ${BEGAN} days`);
  const url = await freshDatabase(server, 'bench_past');
  const db = await openViews(url);
  const { store, close } = await duban.open(url);
  const { open, long } = await openWork(store, { units: UNITS, perUnit: PER_UNIT, histories: 10, days: BEGAN });
  await takeIn(store, db);
  await tidy(db);
  await new Passwords(db, new SystemClock()).set(supervisor.accountId, PASSWORD);
  await close();
  await db.destroy();

  const api = await startApi(url);
  const browser = new Browser(api.port);
  try {
    await browser.signIn('bench-ducha', PASSWORD);
    const pages = {
      'to-do list': `/units/${clerkOf(0).unitId}/todos?limit=25`,
      'ledger, a page': '/tasks?limit=25',
      task: `/tasks/${open[0].taskId}?`,
      'history of a task': `/tasks/${long[0]}/history?limit=50`,
      dashboard: '/dashboard?',
    };
    const [rows, goals] = [[], []];
    for (const [what, path] of Object.entries(pages)) {
      say(what);
      const ages = AGES.map((age) => ({ name: nameOf(age), path: age === null ? path : `${path}&asOf=${momentOf(age)}` }));
      const calm = await alternate(rounds, ages, ({ path }) =>
        closedLoop(() => () => browser.send('GET', path), { callers: 1, ms: 1_500 }),
      );
      for (const { name } of ages) rows.push({ what: `${what}, ${name}, ${tasks} tasks`, who: duban.name, ...overRounds(calm.get(name)) });
      const of = (age) => calm.get(nameOf(age));
      goals.push({
        no: 12,
        what: `${what}, p50, as of 700 days ago over as of yesterday`,
        is: ratio(of(700), of(1), 'p50'),
        most: 1.2,
        unit: '×',
      });
      goals.push({
        no: 12,
        what: `${what}, p50, as of a year ago over as of yesterday`,
        is: ratio(of(365), of(1), 'p50'),
        most: 1.2,
        unit: '×',
      });
      goals.push({ no: 12, what: `${what}, p50, as of yesterday over live`, is: ratio(of(1), of(null), 'p50'), unit: '×' });
    }
    return { rows, goals };
  } finally {
    browser.close();
    await api.close();
  }
}
