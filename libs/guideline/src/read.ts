import type { UnitRole } from '@app/domain/task.js';
import { withUnitsAbove } from './as-above.js';
import { bracketsIn, listsInBrackets } from './brackets.js';
import { deadlinesOf, type ReadDeadline } from './deadlines.js';
import type { FoundList } from './found-list.js';
import { fieldsIn, isBoxedLabel, listsInLabels } from './labels.js';
import { letterheadOf } from './letterhead.js';
import { type Heading, outlineOf, pathsFor, type Section } from './outline.js';
import { passagesOf } from './passages.js';
import { rulesInProse, standingRules } from './rules.js';
import { listsInSentences } from './sentence-lists.js';
import { listsInTables } from './tables.js';
import { Taken } from './taken.js';
import { spanOf, type Span, type View, viewOf, wordsIn } from './text-view.js';
import { type ReadUnit, unitsOf } from './units.js';

export type { Heading, ReadDeadline, ReadUnit, Span, UnitRole };
/** What was not read with certainty: a key of `sentences`, and the words that fill it in. */
export type Unsure = { code: string; details: Record<string, string> };

/**
 * One responsibility list. `path` are the headings it stands under, `title` is what it is about in few words, `passage` the text it governs,
 * `span` where the list itself stands (in a table: its row), `raw` that text. `rule` is a sentence elsewhere that decided a role or added a unit.
 */
export type ReadList = {
  path: string[];
  title: string;
  passage: Span;
  span: Span;
  raw: string;
  units: ReadUnit[];
  openEnded: boolean;
  deadlines: ReadDeadline[];
  rule: { text: string; span: Span } | null;
  unsure: Unsure[];
};
export type ReadGuideline = {
  title: string | null;
  number: string | null;
  issuer: string | null;
  issuedOn: string | null;
  outline: Heading[];
  lists: ReadList[];
};

/**
 * Finds every responsibility list of a guideline, with who does what by when, in the order of the text. Pure, linear in the length of the text,
 * never throws; every span lies inside the text. What is not certain is read as the words most likely mean and marked `unsure`.
 */
export function readGuideline(text: string): ReadGuideline {
  const view = viewOf(text);
  const letterhead = letterheadOf(view);
  const sections = outlineOf(view);
  const found = listsIn(view, sections);
  withUnitsAbove(found);
  const passages = passagesOf(view, found, sections);
  const paths = pathsFor(
    sections,
    passages.map(({ start }) => start),
  );
  const rules = standingRules(view, found, rulesInProse(view, new Taken(found.filter(({ form }) => form !== 'row'))));
  const lists = found.map((list, i): ReadList => {
    const passage = passages[i]!;
    const { rule, later } = rules[i]!;
    const { units, unsure } = unitsOf(view, list, rule, later);
    const span = spanOf(view, list.start, list.end);
    const headings = paths[i]!.map(({ numeral, title }) => numeral + title);
    return {
      path: list.path ? [...headings, ...list.path] : headings,
      title: list.title ?? titleOf(view, passage, paths[i]!),
      passage: spanOf(view, passage.start, passage.end),
      span,
      raw: text.slice(...span),
      units,
      openEnded: list.reading.openEnded,
      deadlines: deadlinesOf(view, list, passage, letterhead.issuedOn),
      rule: rule.length > 0 ? { text: rule.map((one) => one.text).join('；'), span: rule[0]!.span } : null,
      unsure: passage.wide ? [...unsure, { code: 'passage.wide', details: {} }] : unsure,
    };
  });
  return { ...letterhead, outline: sections.map(({ level, numeral, title, span }) => ({ level, numeral, title, span })), lists };
}

/** Tables first, then brackets, labels, sentences: what one form has taken, the next does not read again. */
function listsIn(view: View, sections: readonly Section[]): FoundList[] {
  const { lists: rows, tables } = listsInTables(view);
  const brackets = bracketsIn(view).filter(({ start }) => !isBoxedLabel(view, start));
  const inBrackets = listsInBrackets(view, brackets, new Taken(tables).free);
  const fields = fieldsIn(view, new Taken([...tables, ...brackets.filter(({ start, end }) => end - start > 6)]).free);
  const inLabels = listsInLabels(view, fields, sections);
  const inSentences = listsInSentences(view, new Taken([...tables, ...inBrackets, ...inLabels]).free);
  return [...rows, ...inBrackets, ...inLabels, ...inSentences].toSorted((a, b) => a.start - b.start);
}

const LONGEST_TITLE = 40;

/** The heading that the passage begins with, else its first words. */
function titleOf(view: View, { start, end }: { start: number; end: number }, path: readonly Section[]): string {
  const heading = path.at(-1);
  if (heading && heading.start === start) return heading.title;
  const words = wordsIn(view, start, Math.min(end, start + 200)).replace(/^[\s。；;，,、]+/u, '');
  const sentence = words.split(/[。；;！？\n]/u, 1)[0]!;
  const short = sentence.length > LONGEST_TITLE ? sentence.split(/[，,]/u, 1)[0]! : sentence;
  return short.slice(0, 80) || (heading?.title ?? '');
}
