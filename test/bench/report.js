import { cpus, totalmem } from 'node:os';

const HEADER = ['what', 'who', 'per second', 'p50 ms', 'p99 ms', 'spread', ''];

export const short = (number) => (number >= 100 ? Math.round(number).toLocaleString('en') : String(Number(number.toPrecision(3))));

/** Columns as wide as their longest cell; numbers to the right. */
export function table(header, lines) {
  const widths = header.map((_, n) => Math.max(...[header, ...lines].map((line) => line[n].length)));
  const text = (line) => line.map((cell, n) => (/^[\d<≥≤-]/.test(cell) ? cell.padStart(widths[n]) : cell.padEnd(widths[n]))).join('  ');
  return [header, ...lines].map((line) => text(line).trimEnd()).join('\n');
}

/** Medians over the rounds; `spread` is how far the rounds lay apart. */
const figures = (rows) =>
  table(
    HEADER,
    rows.map(({ what, who, perSecond, p50, p99, spread, note = '' }) => [
      what,
      who,
      ...[perSecond, p50, p99].map((number) => (number === undefined ? '' : short(number))),
      spread === undefined ? '' : `${Math.round(spread * 100)} %`,
      note,
    ]),
  );

const wanted = ({ least, most, unit = '' }) =>
  least !== undefined ? `≥ ${short(least)}${unit}` : most !== undefined ? `≤ ${short(most)}${unit}` : '';
const isMet = ({ is, least, most }) => (least === undefined || is >= least) && (most === undefined || is <= most);
const verdict = (goal) => (goal.least === undefined && goal.most === undefined ? '' : isMet(goal) ? 'met' : 'MISSED');

const goalsTable = (goals) =>
  table(
    ['goal', 'what', 'measured', 'wanted', ''],
    goals.map((goal) => [String(goal.no), goal.what, `${short(goal.is)}${goal.unit ?? ''}`, wanted(goal), verdict(goal)]),
  );

/** Everything as text: on what it was measured, the figures, and how they stand to the goals. */
export function report({ facts, rows, goals }) {
  const { cores, processor, memoryGiB, node, postgres, versions, rounds, loadBefore, loadAfter } = facts;
  return [
    `${cores} cores (${processor}), ${memoryGiB} GiB, Node ${node}, PostgreSQL ${postgres}, fsync on`,
    Object.entries(versions)
      .map(([who, version]) => `${who} ${version}`)
      .join(' · '),
    `${rounds} rounds, medians; load of the machine ${loadBefore.toFixed(1)} before and ${loadAfter.toFixed(1)} after`,
    '',
    figures(rows),
    '',
    goalsTable(goals),
  ].join('\n');
}

/** Where and with what it was measured. */
export async function surroundings(server, contenders) {
  const versions = await Promise.all(contenders.map(async ({ name, version }) => [name, await version()]));
  return {
    at: new Date().toISOString(),
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    postgres: server.version,
    fsync: true,
    versions: Object.fromEntries(versions),
  };
}
