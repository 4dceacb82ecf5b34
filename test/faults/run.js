import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const FAILED = '✗ failed';

/** Runs the specs that README.md names, and prints its table with what came of each. */
const faults = named(readFileSync(new URL('README.md', import.meta.url), 'utf8'));
const results = await run(faults);
const failed = faults.map((fault) => show(fault, results)).filter((outcome) => outcome === FAILED);
console.log(failed.length === 0 ? '\nall as it should be' : `\n${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** The rows of the second table; one without an id goes with the one before. */
function named(page) {
  let id = '';
  const table = page.slice(page.indexOf('| shown by |') + 1);
  return [...table.matchAll(/^\| ((?:[FT]\d[^|]*)?) ?\| ([^|]+) \| ([^|]*?) ?\| ([^|]+) \|$/gm)].map(([, own, fault, asked, shown]) => {
    id = own.trim() || id;
    const [, spec, name] = /^`([^`]+)`: (.+)$/.exec(shown) ?? [];
    return { id, fault, asked, spec, name, reason: spec ? '' : shown };
  });
}

async function run(faults) {
  const folder = mkdtempSync(join(tmpdir(), 'duban-faults-'));
  const file = join(folder, 'jest.json');
  const specs = new Set(faults.flatMap(({ spec }) => spec ?? []));
  const names = faults.flatMap(({ name }) => name?.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&') ?? []).join('|');
  const jest = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js', '-w', '2'];
  try {
    const words = [...jest, '--json', `--outputFile=${file}`, '-t', names, ...specs];
    await new Promise((resolve) => spawn(process.execPath, words, { stdio: ['ignore', 'inherit', 'inherit'] }).on('close', resolve));
    return JSON.parse(readFileSync(file, 'utf8')).testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map((one) => ({ ...one, spec: relative(process.cwd(), name) })),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function show({ id, fault, asked, spec, name, reason }, results) {
  const shown = results.filter((one) => one.spec === spec && one.fullName.includes(name));
  const all = (status) => shown.length > 0 && shown.every((one) => one.status === status);
  const outcome = reason ? '– not run' : all('passed') ? '✓ passed' : all('pending') ? '– skipped' : FAILED;
  const ms = shown.reduce((sum, { duration }) => sum + (duration ?? 0), 0);
  const time = ms > 0 ? `${(ms / 1000).toFixed(1)} s` : '';
  console.log(
    `${outcome.padEnd(9)} ${time.padStart(7)}  ${id.padEnd(6)}  ${[fault, asked].filter(Boolean).join(': ')}${reason && ` (${reason})`}`,
  );
  return outcome;
}
