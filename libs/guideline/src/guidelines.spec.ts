import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractText } from '@app/documents/extract.js';
import { readGuideline } from './read.js';
import { toScoreJson, type ScoreList } from './to-score.js';

/**
 * Scores the reader on a folder of documents read by hand (NAME.txt beside NAME.expected.json), which the project does not carry:
 * GUIDELINES=/path/to/folder npm run jest -- libs/guideline/src/guidelines.spec.ts
 */
const folder = process.env['GUIDELINES'];
const ROLES = ['lead', 'support', 'guide', 'responsible'] as const;
type Truth = Partial<Record<(typeof ROLES)[number], string[]>> & {
  span?: [number, number];
  deadlines: string[];
  ambiguous?: string;
  normalized?: Partial<Truth>;
};

const squeeze = (text: string) => text.replace(/\s+/g, '');
const unitsOf = (list: Pick<Truth, (typeof ROLES)[number]>) =>
  new Set(ROLES.flatMap((role) => (list[role] ?? []).map((unit) => `${role}:${squeeze(unit)}`)));
const f1 = ([hit, found, all]: readonly number[]) => (200 * hit!) / (found! + all! || 1);

/** Lists answer each other when their spans overlap; where a truth has no span, in order. */
function pairs(truths: readonly Truth[], founds: readonly ScoreList[]): [Truth, ScoreList | undefined][] {
  const overlap = (a: [number, number], b: [number, number]) => Math.min(a[1], b[1]) > Math.max(a[0], b[0]);
  return truths.map((truth, i) => [truth, truth.span ? founds.find(({ span }) => overlap(truth.span!, span)) : founds[i]]);
}

function score(truths: readonly Truth[], founds: readonly ScoreList[]) {
  const paired = pairs(truths, founds);
  const lists = [paired.filter(([, found]) => found).length, founds.length, truths.length];
  const units = [0, 0, 0];
  const deadlines = [0, 0, 0];
  for (const [truth, found] of paired) {
    const says = unitsOf(found ?? {});
    const readings = [truth, { ...truth, ...truth.normalized }].map(unitsOf);
    const [is = new Set()] = readings.toSorted(
      (a, b) => [...b].filter((x) => says.has(x)).length - [...a].filter((x) => says.has(x)).length,
    );
    if (!truth.ambiguous) [[...is].filter((x) => says.has(x)).length, says.size, is.size].forEach((n, i) => (units[i]! += n));
    const due = truth.deadlines.map(squeeze);
    const said = (found?.deadlines ?? []).map(({ text }) => squeeze(text));
    [due.filter((a) => said.some((b) => a.includes(b) || b.includes(a))).length, said.length, due.length].forEach(
      (n, i) => (deadlines[i]! += n),
    );
  }
  return { lists, units, deadlines };
}

const names = folder ? readdirSync(folder).filter((file) => file.endsWith('.txt')) : [];

(folder ? describe : describe.skip)('documents read by hand', () => {
  it.each(names.length > 0 ? names : ['no folder'])('%s', async (name) => {
    const truths = JSON.parse(readFileSync(join(folder!, name.replace('.txt', '.expected.json')), 'utf8')) as Truth[];
    const founds = toScoreJson(readGuideline((await extractText({ name, bytes: readFileSync(join(folder!, name)) })).text));
    const { lists, units, deadlines } = score(truths, founds);
    const show = (label: string, figures: number[]) => `${label} ${f1(figures).toFixed(1)} (${figures.join('/')})`;
    process.stdout.write(`${name}: ${show('lists', lists)} · ${show('units', units)} · ${show('deadlines', deadlines)}\n`);
    expect(f1(lists)).toBeGreaterThanOrEqual(97);
    expect(f1(units)).toBeGreaterThanOrEqual(95);
  });
});
