import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The oracle of the specs, and what it stands on. */
const JUDGE = ['oracle', 'ledger', 'eventually'].map((name) => `test/support/${name}.ts`);

const USE = `npm run load -- [--seconds 60] [--users 100] [--commands 200] [--reads 400] [--api 2] [--worker 1]

People at work: units sign for shares, report and record support, supervisors comment, and everybody looks at lists, tasks and histories,
at a fixed rate whether or not the product keeps up. api and worker run as processes of their own on an embedded PostgreSQL; EVENT_STORE_URL
and QUEUE_URL move events and jobs elsewhere. At the end every acknowledged command must be stored once, and every view must equal a fresh
fold. Exit code 1 when anything was refused, lost, doubled, left out or wrong.`;

const options = read();
if (options.help) console.log(USE);
else {
  prepare();
  const { load } = await import('./load.js');
  try {
    process.exitCode = (await load(options)) ? 0 : 1;
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

function read() {
  const number = (most) => (text, name) => {
    if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > most) throw new Error(`--${name} is a number from 1 to ${most}`);
    return Number(text);
  };
  const numbers = {
    seconds: number(86_400),
    users: number(2_000),
    commands: number(10_000),
    reads: number(10_000),
    api: number(8),
    worker: number(8),
  };
  const defaults = { seconds: '60', users: '100', commands: '200', reads: '400', api: '2', worker: '1' };
  const wanted = Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, { type: 'string', default: value }]));
  try {
    const { values } = parseArgs({ options: { ...wanted, help: { type: 'boolean', short: 'h', default: false } } });
    return { help: values.help, ...Object.fromEntries(Object.entries(numbers).map(([name, check]) => [name, check(values[name], name)])) };
  } catch (error) {
    console.error(`${error.message}\n\n${USE}`);
    process.exit(2);
  }
}

/** The build that is put under load, and what judges it at the end. */
function prepare() {
  must('./duban', ['build']);
  must('node_modules/.bin/swc', [...JUDGE, '-d', 'dist', '--quiet']);
}

function must(program, words) {
  const { status, error } = spawnSync(program, words, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  console.error(`${program} ${words.join(' ')}: ${error?.message ?? `ended with ${status}`}`);
  process.exit(1);
}
