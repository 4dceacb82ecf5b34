import type { Quotation } from '@app/domain/due.js';
import type { UnitRole } from '@app/domain/task.js';
import { withUnitsAbove, withUnitsOfItems } from './as-above.js';
import { bracketsIn, listsInBrackets } from './brackets.js';
import { deadlinesOf, type ReadDeadline } from './deadlines.js';
import { listsInDutyLines } from './duty-lines.js';
import type { FoundList } from './found-list.js';
import { listsInLabels } from './label-lists.js';
import { fieldsIn, isBoxedLabel } from './labels.js';
import { letterheadOf } from './letterhead.js';
import { type Heading, outlineOf, pathsFor, type Section } from './outline.js';
import { passagesOf } from './passages.js';
import { rulesInProse, standingRules } from './rules.js';
import { withLostLineEnds } from './run-on-lines.js';
import { listsInEnglishSentences } from './english-sentences.js';
import { listsInSentences } from './sentence-lists.js';
import { listsInTables } from './tables.js';
import { Taken } from './taken.js';
import { spanOf, type Span, type View, viewOf, wordsIn } from './text-view.js';
import { type ReadUnit, unitsOf, unplacedEndings } from './units.js';

export type { Heading, ReadDeadline, ReadUnit, Span, UnitRole };
/** What was not read with certainty: a key of `sentences`, and the words that fill it in. */
export type Unsure = { code: string; details: Record<string, string> };

/**
 * One responsibility list. `path` are the headings it stands under, `title` is what it is about in few words, `passage` the text it governs,
 * `span` where the list itself stands (in a table: its row), `raw` that text. `rules` are sentences that hold for more lists than the one they
 * stand in, and decided a role or added a unit here.
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
  rules: Quotation[];
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
  const view = withLostLineEnds(viewOf(text));
  const letterhead = letterheadOf(view);
  const sections = outlineOf(view);
  const found = listsIn(view, sections);
  withUnitsAbove(found);
  withUnitsOfItems(found, sections);
  const passages = passagesOf(view, found, sections);
  const paths = pathsFor(
    sections,
    passages.map(({ start }) => start),
  );
  const rules = standingRules(view, found, rulesInProse(view, new Taken(found.filter(({ form }) => form !== 'row'))));
  const unplaced = unplacedEndings(found);
  const lists = found.map((list, i): ReadList => {
    const passage = passages[i]!;
    const { rule, later } = rules[i]!;
    const { units, caused, unsure } = unitsOf(view, list, rule, later, unplaced);
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
      rules: caused.map(({ text, span }) => ({ text, span: [...span] })),
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
  // 任务分工:(一)编制方案(市发改委牵头);… is no list itself but holds several.
  const { free: holdsNone } = new Taken(inBrackets);
  const isClear = ({ reading }: FoundList) => reading.unread.length === 0 && reading.named.every(({ kind }) => kind !== null);
  const inLabels = listsInLabels(view, fields, sections).filter((list) => holdsNone(list.start, list.end) || isClear(list));
  const { free } = new Taken([...tables, ...inBrackets, ...inLabels]);
  const inDuties = listsInDutyLines(view, sections, free);
  const { free: left } = new Taken([...tables, ...inBrackets, ...inLabels, ...inDuties]);
  const inSentences = [...listsInSentences(view, left), ...listsInEnglishSentences(view, left)];
  return withoutProse(
    [...rows, ...inBrackets, ...inLabels, ...inDuties, ...inSentences].toSorted((a, b) => a.start - b.start),
    sections,
  );
}

/** Under a heading that has a list of its own, a sentence that only might be one is a part of the text. */
function withoutProse(lists: readonly FoundList[], sections: readonly Section[]): FoundList[] {
  const isProse = ({ reading }: FoundList) => reading.notices.some(({ code }) => code === 'sentence.prose');
  let next = 0;
  const section = lists.map(({ start }) => {
    while (next < sections.length && sections[next]!.start <= start) next += 1;
    return next;
  });
  const listed = new Set(lists.flatMap((list, i) => (isProse(list) ? [] : [section[i]!])));
  return lists.filter((list, i) => section[i] === 0 || !isProse(list) || !listed.has(section[i]!));
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
