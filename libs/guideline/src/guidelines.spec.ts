import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractText } from '@app/documents/extract.js';
import { extensionOf, formatNamed } from '@app/documents/kind.js';
import { readGuideline } from './read.js';
import { type ScoreList, toScoreJson } from './to-score.js';

/**
 * Scores the reader on a folder of documents read by hand, which the project does not carry: NAME.txt, NAME.docx, NAME.pdf … beside
 * NAME.expected.json. Prints a line for each document and one for all of them; `MISSES=1` also prints what was read otherwise.
 * GUIDELINES=/path/to/folder npm run jest -- libs/guideline/src/guidelines.spec.ts
 */
const folder = process.env['GUIDELINES'];
const ROLES = ['lead', 'support', 'guide', 'responsible'] as const;
type Named = Partial<Record<(typeof ROLES)[number], string[]>>;
type Truth = Named & { span?: [number, number]; item?: string; deadlines?: string[]; ambiguous?: unknown; normalized?: Named };

const squeeze = (text: string) => text.replace(/\s+/g, '');
const unitsOf = (list: Named) => new Set(ROLES.flatMap((role) => (list[role] ?? []).map((unit) => `${role}:${squeeze(unit)}`)));
const namesOf = (list: Named) => new Set([...unitsOf(list)].map((unit) => unit.slice(unit.indexOf(':') + 1)));
const common = (a: ReadonlySet<string>, b: ReadonlySet<string>) => [...a].filter((one) => b.has(one)).length;

/** How well a list answers a true one: by where both stand, when that is known, else by the units they share. */
function likeness(truth: Truth, found: ScoreList, spansHold: boolean): number {
  if (spansHold && truth.span) return Math.min(truth.span[1], found.span[1]) > Math.max(truth.span[0], found.span[0]) ? 1 : 0;
  const [a, b] = [namesOf({ ...truth, ...truth.normalized }), namesOf(found)];
  return common(a, b) / (a.size + b.size - common(a, b) || 1);
}

/** The best pairing that keeps both orders. */
function pairs(truths: readonly Truth[], founds: readonly ScoreList[], spansHold: boolean): Map<Truth, ScoreList> {
  const best = Array.from({ length: truths.length + 1 }, () => new Float64Array(founds.length + 1));
  for (let i = truths.length - 1; i >= 0; i--)
    for (let j = founds.length - 1; j >= 0; j--) {
      const alike = likeness(truths[i]!, founds[j]!, spansHold);
      best[i]![j] = Math.max(best[i + 1]![j]!, best[i]![j + 1]!, alike && alike + best[i + 1]![j + 1]!);
    }
  const paired = new Map<Truth, ScoreList>();
  for (let [i, j] = [0, 0]; i < truths.length && j < founds.length;)
    if (best[i]![j] === best[i + 1]![j]) i++;
    else if (best[i]![j] === best[i]![j + 1]) j++;
    else paired.set(truths[i++]!, founds[j++]!);
  return paired;
}

/** Hits, what was read, what there is. `wrong`: lists read otherwise without a doubt being said, of all that were read. */
type Score = Record<'lists' | 'units' | 'deadlines' | 'whole' | 'wrong', [number, number, number]>;
const nothing = (): Score => ({ lists: [0, 0, 0], units: [0, 0, 0], deadlines: [0, 0, 0], whole: [0, 0, 0], wrong: [0, 0, 0] });
const add = (to: [number, number, number], ...figures: [number, number, number]) => figures.forEach((n, i) => (to[i]! += n));

function score(truths: readonly Truth[], founds: readonly ScoreList[], spansHold: boolean, miss: (line: string) => void): Score {
  const paired = pairs(truths, founds, spansHold);
  const own = nothing();
  add(own.lists, paired.size, founds.length, truths.length);
  const answers = new Set(paired.values());
  for (const found of founds) if (!answers.has(found)) add(own.units, 0, unitsOf(found).size, 0);
  for (const truth of truths) {
    const found = paired.get(truth);
    const says = unitsOf(found ?? {});
    const [is = says] = [truth, { ...truth, ...truth.normalized }].map(unitsOf).toSorted((a, b) => common(b, says) - common(a, says));
    const due = (truth.deadlines ?? []).map(squeeze);
    const dated = (found?.deadlines ?? []).map(({ text }) => squeeze(text));
    add(own.deadlines, due.filter((a) => dated.some((b) => a.includes(b) || b.includes(a))).length, dated.length, due.length);
    if (truth.ambiguous) continue;
    const right = is.size === says.size && common(is, says) === is.size ? 1 : 0;
    add(own.units, common(is, says), says.size, is.size);
    add(own.whole, right, 1, 1);
    add(own.wrong, !right && found && !found.unsure ? 1 : 0, 1, 1);
    if (!right) miss(`   ${truth.item}: ${[...is].join(' ')} was read as ${found ? [...says].join(' ') : 'nothing'}`);
  }
  return own;
}

const f1 = ([hit, found, all]: readonly [number, number, number]) => (found + all === 0 ? 100 : (200 * hit) / (found + all));
const shown = (own: Score) =>
  (Object.keys(own) as (keyof Score)[])
    .map((key) => (key === 'wrong' ? `sure and wrong ${own[key][0]}` : `${key} ${f1(own[key]).toFixed(1)} (${own[key].join('/')})`))
    .join(' · ');

const files = folder ? readdirSync(folder) : [];
const truthOf = (name: string) => name.replace(/\.[^.]+$/, '.expected.json');
const names = files.filter((name) => formatNamed(extensionOf(name)) !== null && files.includes(truthOf(name))).sort();

(folder ? describe : describe.skip)('documents read by hand', () => {
  const total = nothing();

  it.each(names.length > 0 ? names : ['no document beside its expected results'])('%s', async (name) => {
    const truths = JSON.parse(readFileSync(join(folder!, truthOf(name)), 'utf8')) as Truth[];
    const { text, format } = await extractText({ name, bytes: readFileSync(join(folder!, name)) });
    // The spans of a truth are those of the text; another format of the document has other line ends.
    const founds = toScoreJson(readGuideline(text));
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      readGuideline(text);
      return performance.now() - start;
    });
    const pace = (Math.min(...times) * 10_000) / text.length;
    const own = score(truths, founds, format === 'text', (line) => {
      if (process.env['MISSES']) process.stdout.write(`${line}\n`);
    });
    for (const key of Object.keys(total) as (keyof Score)[]) add(total[key], ...own[key]);
    process.stdout.write(`${name}: ${shown(own)} · ${pace.toFixed(0)} ms for 10,000 characters\n`);
    expect(founds.filter(({ span: [start, end] }) => start >= end || end > text.length)).toEqual([]);
  });

  it('come out as they were read, nearly all of them', () => {
    process.stdout.write(`TOTAL: ${shown(total)}\n`);
    expect(f1(total.lists)).toBeGreaterThanOrEqual(97);
    expect(f1(total.units)).toBeGreaterThanOrEqual(95);
    expect(f1(total.deadlines)).toBeGreaterThanOrEqual(92);
  });
});
