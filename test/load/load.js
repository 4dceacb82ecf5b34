import { cpus } from 'node:os';
import { DataSource } from 'typeorm';
import { Ledger } from '../../dist/test/support/ledger.js';
import { broken } from '../../dist/test/support/oracle.js';
import { openLoop, until } from '../bench/measure.js';
import { short, table } from '../bench/report.js';
import { accountsFor, signedIn } from './people.js';
import { setStage } from './stage.js';
import { cpuSeconds, machine, peakMb } from './usage.js';
import { Watch } from './watch.js';

/** What a screen may take while a province works: the 95th percentile of answers, the 99th of views; milliseconds. */
const WANTED = { commands: ['p95', 150], reads: ['p95', 100], views: ['p99', 2_000] };
const GRACE_MS = 30_000;
/** A process that was just started is slow until its code is compiled: it is warmed up at a part of the rate, and judged for that time too. */
const WARM = { seconds: 10, share: 1 / 4 };
const SHOWN = 5;

/** Puts the product under load, judges what came of it, and says so. Answers whether everything was as promised. */
export async function load({ seconds, users, commands, reads, api, worker }) {
  const say = (line) => console.error(`… ${line}`);
  const accounts = await accountsFor(users);
  const stage = await setStage({ api, worker, accounts, say });
  try {
    const ledger = new Ledger();
    const people = await signedIn(accounts, stage.ports, await handedOut(stage), ledger);
    const watch = new Watch(stage.app);
    const failures = [];
    let heard = 0;
    for (const { browser } of people)
      await browser.listen(
        () => heard++,
        () => failures.push('live updates ended'),
      );
    const oneByOne = (ask) => {
      let n = 0;
      return async () => {
        const due = performance.now();
        await ask(people[n++ % people.length], due).catch((error) => failures.push(error.message));
      };
    };
    const act = oneByOne(async (person, due) => watch.expect((await person.act()).position, due));
    const look = oneByOne((person) => person.read());

    say(`${users} people, ${commands} commands/s and ${reads} reads/s for ${seconds} s`);
    const work = (share, ms) => {
      const rest = { ms, graceMs: GRACE_MS };
      return Promise.all([openLoop(act, { rate: commands * share, ...rest }), openLoop(look, { rate: reads * share, ...rest })]);
    };
    await work(WARM.share, WARM.seconds * 1_000);
    await watch.begin(GRACE_MS);
    const used = await useOf(stage);
    const [acted, looked] = await work(1, seconds * 1_000);
    const seen = await watch.end(seconds, GRACE_MS);
    for (const { browser } of people) browser.close();
    // What was still under way is answered or refused now: after that nothing moves any more.
    const processes = await used();
    await stage.endApis();

    const measured = { commands: acted, reads: looked, views: seen };
    console.log(figures(measured));
    console.log(
      `\n${table(
        ['', 'processors', 'memory MB'],
        processes.map(([who, share, mb]) => [who, `${Math.round(share * 100)} %`, mb]),
      )}`,
    );
    console.log(`\n${short(heard)} live updates heard by ${users} people · ${surroundings(stage)}`);
    const unanswered = Object.entries(measured).flatMap(([what, { missing }]) =>
      missing > 0 ? [`${missing} ${what} without an end`] : [],
    );
    say('is every acknowledged command stored once, and is every view what the events say?');
    const wrong = [...unanswered, ...alike(failures), ...alike(await broken(stage.place, ledger))];
    for (const line of wrong) console.log(line);
    console.log(
      wrong.length === 0
        ? `${ledger.acknowledged.size} commands acknowledged and stored once; views equal to a fresh fold; 0 errors`
        : 'NOT as promised',
    );
    return wrong.length === 0;
  } finally {
    await stage.leave();
  }
}

/** Every share of the guideline, once the worker has handed them out. */
async function handedOut({ app }) {
  const db = app.get(DataSource);
  const done = async () => {
    const [{ left }] = await db.query(
      `select (select sum(assignments) from app.guideline where standing = 'issued') - (select count(*) from app.assignment) as left`,
    );
    return left !== null && Number(left) <= 0;
  };
  await until(done, 'every share handed out');
  return db.query(`select id, "taskId", "unitId", role, "acknowledgedAt" is not null as signed from app.assignment order by id`);
}

const figures = (measured) =>
  table(
    ['', 'per second', 'p50 ms', 'p95 ms', 'p99 ms', 'wanted', ''],
    Object.entries(measured).map(([what, is]) => {
      const [figure, most] = WANTED[what];
      const name = what === 'views' ? 'command → every view' : what;
      const numbers = [is.perSecond, is.p50, is.p95, is.p99].map(short);
      return [name, ...numbers, `${figure} ≤ ${short(most)} ms`, is[figure] <= most ? 'met' : 'MISSED'];
    }),
  );

/** Who uses how much of one processor, from now until it is asked; and what the whole machine has left for others. */
async function useOf({ processes, postgres }) {
  const parts = [...processes, postgres, { name: 'those who ask', pid: process.pid }];
  const [began, all] = [performance.now(), machine()];
  const before = await Promise.all(parts.map(({ pid, forks }) => cpuSeconds(pid, forks)));
  return async () => {
    const seconds = (performance.now() - began) / 1000;
    const lines = parts.map(async ({ name, pid, forks }, n) => [
      name,
      ((await cpuSeconds(pid, forks)) - before[n]) / seconds,
      String(await peakMb(pid)),
    ]);
    return [...(await Promise.all(lines)), [`the machine, of ${cpus().length}`, all() * cpus().length, '']];
  };
}

function surroundings({ postgres, place }) {
  const elsewhere = ['eventStoreUrl', 'queueUrl'].map((part) => place[part] && new URL(place[part]).protocol).filter(Boolean);
  return [`Node ${process.versions.node}`, postgres.name, ...elsewhere].join(' · ');
}

/** Each kind of failure once, with how often it came. */
function alike(failures) {
  const kinds = new Map();
  for (const message of failures) {
    const kind = message.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}/g, '…');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const lines = [...kinds].sort(([, a], [, b]) => b - a).map(([kind, n]) => `${n} × ${kind.slice(0, 300)}`);
  return lines.length > SHOWN ? [...lines.slice(0, SHOWN), `and ${lines.length - SHOWN} other kinds of failure`] : lines;
}
