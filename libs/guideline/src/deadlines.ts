import { dueDatesIn } from '@app/calendar/due-dates.js';
import type { DueWords } from '@app/calendar/due-words.js';
import type { FoundList } from './found-list.js';
import type { Passage } from './passages.js';
import { lineOf, spanOf, type Span, type View, wordsIn } from './text-view.js';
import { labelIn } from './vocabulary.js';

/** Words about time. `dueOn` is the day they give; `recurrence` the rhythm; `flag` a key of `sentences` that says why there is no day, or what to check. */
export type ReadDeadline = { text: string; span: Span; dueOn: string | null; recurrence: string | null; flag: string | null };

/** When a list's work is due: what the list says, then what its passage says. The same words count once. */
export function deadlinesOf(view: View, list: FoundList, passage: Passage, issuedOn: string | null): ReadDeadline[] {
  const said = list.reading.due.flatMap(({ start, end, field }) => inPart(list.line, start, end, field, issuedOn));
  const ownField = list.form === 'row' && list.reading.due.length > 0;
  const inText = ownField ? [] : inPassage(view, passage, issuedOn);
  const words = new Set<string>();
  return [...said, ...inText].filter(({ text }) => !words.has(text.toLowerCase()) && words.add(text.toLowerCase()));
}

/** A field or part of the list that says when: all of it counts, even where no date can be read in it. */
function inPart(line: View, start: number, end: number, field: boolean, issuedOn: string | null): ReadDeadline[] {
  const words = line.text.slice(start, end);
  const found = dueDatesIn(words, { field: true, issuedOn });
  if (found.length > 0)
    return found.map((due) => deadline(line, start, field ? due : { ...due, flag: due.flag === 'due.open' ? null : due.flag }));
  if (!field || /^[\s—\-/无;,.。]*$/.test(words)) return [];
  return [{ text: wordsIn(line, start, end), span: spanOf(line, start, end), dueOn: null, recurrence: null, flag: 'due.unread' }];
}

function inPassage(view: View, { start, end }: Passage, issuedOn: string | null): ReadDeadline[] {
  const line = lineOf(view, start, end);
  const found = dueDatesIn(line.text, { issuedOn }).map((due) => deadline(line, 0, due));
  return [...found, ...dueFields(view, start, end, issuedOn)];
}

/** 完成时限:2025年12月 on a line of its own before the list. */
function dueFields(view: View, start: number, end: number, issuedOn: string | null): ReadDeadline[] {
  const found: ReadDeadline[] = [];
  const words = view.text.slice(start, end);
  for (let at = words.indexOf(':'); at >= 0; at = words.indexOf(':', at + 1)) {
    if (labelIn(words.slice(Math.max(0, at - 12), at))?.role !== 'due') continue;
    const stop = words.slice(at + 1, at + 200).search(/[\n。;]/);
    const line = lineOf(view, start + at + 1, stop < 0 ? Math.min(end, start + at + 200) : start + at + 1 + stop);
    found.push(...inPart(line, 0, line.text.length, true, issuedOn));
  }
  return found;
}

const deadline = (line: View, shift: number, { start, end, dueOn, recurrence, flag }: DueWords): ReadDeadline => ({
  text: wordsIn(line, shift + start, shift + end),
  span: spanOf(line, shift + start, shift + end),
  dueOn,
  recurrence,
  flag,
});
