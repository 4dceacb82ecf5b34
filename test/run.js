import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const USE = `./duban test [file or folder ...] [Jest options]

Checks format, lint, types and build, then runs every spec, or those in the files and folders named.
  ./duban test libs/domain          the specs of one folder
  ./duban test -t "records nothing" the specs whose name matches`;

const STATIC = [
  ['format', 'node_modules/.bin/prettier', ['--check', '.']],
  ['lint', 'node_modules/.bin/oxlint', ['--type-aware', 'apps', 'libs', 'test']],
  ['types', process.execPath, ['node_modules/typescript-native/bin/tsc', '--noEmit', '-p', 'tsconfig.json']],
  ['build', './duban', ['build']],
];
const JEST = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js', '-w', '2'];
const LINGER_SECONDS = 20;

const args = process.argv.slice(2);
if (args.some((arg) => arg === '--help' || arg === '-h')) console.log(USE);
else await all();

async function all() {
  const began = Date.now();
  // The children get Ctrl-C from the terminal too; we stay to count and to say so.
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (interrupted = true));

  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, program, words] of STATIC) {
    if (interrupted) break;
    counts[(await check(name, program, words)) ? 'passed' : 'failed']++;
  }
  if (!interrupted) for (const [outcome, number] of Object.entries(await specs())) counts[outcome] += number;
  if (interrupted) counts.failed++;

  console.log(`\n${seconds(began)} s in all`);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
}

/** A step says nothing but its name unless it fails. */
async function check(name, program, words) {
  const began = Date.now();
  let output = '';
  const code = await run(program, words, { stdio: ['ignore', 'pipe', 'pipe'] }, (child) => {
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  });
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds(began)} s)`);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}

async function specs() {
  console.log('\nspecs');
  const folder = mkdtempSync(join(tmpdir(), 'duban-run-'));
  const file = join(folder, 'jest.json');
  let lingered = false;
  let watch;
  try {
    const words = [...JEST, '--json', `--outputFile=${file}`, ...args];
    const code = await run(process.execPath, words, { stdio: ['ignore', 'ignore', 1] }, (child) => {
      watch = setInterval(() => {
        if (!existsSync(file)) return;
        clearInterval(watch);
        watch = setTimeout(() => {
          lingered = true;
          child.kill();
        }, LINGER_SECONDS * 1000);
      }, 500);
    });
    if (lingered) console.log(`Jest was still running ${LINGER_SECONDS} s after the last spec: a spec leaves something open.`);
    return countsIn(file, code !== 0);
  } finally {
    clearTimeout(watch);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that breaks before its first spec counts as one failure, and so does a Jest that fails without saying where. */
function countsIn(file, unwell) {
  if (!existsSync(file)) return { failed: 1 };
  const told = JSON.parse(readFileSync(file, 'utf8'));
  const broken = told.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((spec) => spec.status === 'failed'),
  ).length;
  const failed = told.numFailedTests + broken;
  return { passed: told.numPassedTests, failed: failed || (unwell ? 1 : 0), skipped: told.numPendingTests + told.numTodoTests };
}

function run(program, words, options, started) {
  return new Promise((resolve) => {
    const child = spawn(program, words, options);
    child.on('error', (error) => {
      console.log(error.message);
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
    started(child);
  });
}

function seconds(since) {
  return ((Date.now() - since) / 1000).toFixed(1);
}
