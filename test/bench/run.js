import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HERE = fileURLToPath(new URL('.', import.meta.url));
/** Beside the build, where neither git nor the formatter looks. */
const RESULTS = join(HERE, '../../dist/bench.json');

/** In the order they run; each name is a file's export. */
const SECTIONS = {
  append: ['./append.js', 'append', 'append one event at an expected revision: 1, 8, 32 writers'],
  load: ['./append.js', 'load', 'load an aggregate of 1,000 events'],
  follow: ['./follow.js', 'skipped', 'events that a follower misses under 32 writers'],
  'catch-up': ['./catch-up.js', 'catchUp', 'all views from the first event'],
  lag: ['./lag.js', 'lag', 'command → visible in the view, at 200/s and 1,000/s'],
  eventstoredb: ['./eventstoredb.js', 'eventStoreDB', 'our adapter over its raw client, on the server of EVENTSTOREDB_URL'],
  reminders: ['./reminders.js', 'reminders', '100,000 jobs waiting, 100,000 shares planned, a morning of digests'],
  http: ['./http.js', 'http', 'to-do list, status change and history over HTTP, on few and many tasks'],
  past: ['./past.js', 'past', 'to-do list, ledger, task, dashboard and history as of moments of different ages'],
};

const USE = `npm run bench -- [--only append,http] [--rounds 3]

Measures Duban beside emmett-postgresql, castore and plain INSERTs on one PostgreSQL with fsync on, in rounds that alternate, and
compares with the goals. Prints tables and writes dist/bench.json. About eight minutes on two cores.

${Object.entries(SECTIONS)
  .map(([name, [, , what]]) => `  ${name.padEnd(12)} ${what}`)
  .join('\n')}

  --only    the sections to run, separated by commas
  --rounds  how often each contender is measured, 3 or more for ratios to mean something
  BENCH_LARGE=1 in the environment: 1,000,000 tasks and events instead of 100,000; needs 25 GB of disk and half an hour`;

const { only, rounds, help } = options();
if (help) console.log(USE);
else {
  prepare();
  process.exitCode = await measure();
}

function options() {
  try {
    const { values } = parseArgs({
      options: { only: { type: 'string' }, rounds: { type: 'string', default: '3' }, help: { type: 'boolean', short: 'h' } },
    });
    const only = values.only?.split(',') ?? Object.keys(SECTIONS);
    const unknown = only.filter((name) => !(name in SECTIONS));
    if (unknown.length > 0) throw new Error(`no section ${unknown.join(', ')}`);
    if (!/^[1-9]\d?$/.test(values.rounds)) throw new Error('--rounds is a number from 1 to 99');
    return { ...values, only, rounds: Number(values.rounds) };
  } catch (error) {
    console.error(`${error.message}\n\n${USE}`);
    process.exit(2);
  }
}

/** The build that is measured, and the peers. */
function prepare() {
  must(join(HERE, '../../duban'), ['build'], HERE);
  must('node_modules/.bin/swc', ['test/support/redis.ts', 'test/support/free-port.ts', '-d', 'dist', '--quiet'], join(HERE, '../..'));
  if (existsSync(join(HERE, 'node_modules/.package-lock.json'))) return;
  console.error('Installing what Duban is compared with…');
  must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], HERE);
}

function must(program, words, cwd) {
  const { status, error } = spawnSync(program, words, { cwd, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  console.error(`${program} ${words.join(' ')}: ${error?.message ?? `ended with ${status}`}`);
  process.exit(1);
}

async function measure() {
  const { startPostgres } = await import('../../dist/libs/runtime/src/embedded-postgres.js');
  const { CONTENDERS } = await import('./contenders.js');
  const { report, surroundings } = await import('./report.js');

  const folder = await mkdtemp(join(tmpdir(), 'duban-bench-'));
  // As root the server runs as user postgres, who could not enter it otherwise.
  await chmod(folder, 0o755);
  const server = await startPostgres({ dir: join(folder, 'postgres') });
  let left;
  const leave = () => (left ??= server.remove().then(() => rm(folder, { recursive: true, force: true })));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, () => {
      // Everybody who talks to the server loses it; nobody needs to hear how they complain.
      process.on('uncaughtException', () => {});
      void leave().then(() => process.exit(130));
    });

  try {
    const facts = { ...(await surroundings(server, CONTENDERS)), rounds, loadBefore: loadavg()[0] };
    const results = { facts, rows: [], goals: [] };
    for (const name of Object.keys(SECTIONS).filter((name) => only.includes(name))) {
      const [file, section] = SECTIONS[name];
      const module = await import(file);
      const say = (line) => console.error(`… ${line}`);
      const { rows, goals } = await module[section](server, { rounds, large: process.env.BENCH_LARGE === '1', say });
      results.rows.push(...rows);
      results.goals.push(...goals);
    }
    facts.loadAfter = loadavg()[0];

    console.log(report(results));
    await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
    console.log(`\nEvery figure: ${RESULTS}`);
    return 0;
  } finally {
    await leave();
  }
}
