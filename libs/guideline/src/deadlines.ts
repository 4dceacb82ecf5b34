import { dueDatesIn } from '@app/calendar/due-dates.js';
import type { DueWords } from '@app/calendar/due-words.js';
import type { Quotation } from '@app/domain/due.js';
import { englishLabelIn } from './english-labels.js';
import type { FoundList } from './found-list.js';
import type { Passage } from './passages.js';
import { lineOf, spanOf, type View, wordsIn } from './text-view.js';
import { labelIn } from './vocabulary.js';

/**
 * Words about time. `dueOn` is the day they give; `recurrence` the rhythm; `flag` a key of `sentences` that says why there is no day, or what
 * to check; `base` what a term counts from; `own` when the list itself says so, or a field for dates, not the text around it.
 */
export type ReadDeadline = Quotation & Pick<DueWords, 'dueOn' | 'recurrence'> & { flag: string | null; base: string | null; own: boolean };

/** When a list's work is due: what the list says, then what its passage says. The same words count once. */
export function deadlinesOf(view: View, list: FoundList, passage: Passage, issuedOn: string | null): ReadDeadline[] {
  const said = list.reading.due.flatMap(({ start, end, field }) => inPart(list.line, start, end, field, issuedOn));
  const inText = inPassage(view, passage, issuedOn);
  const isSaid = ({ span: [start, end] }: ReadDeadline) => said.some((own) => own.span[0] < end && start < own.span[1]);
  const words = new Set<string>();
  return [...said, ...inText.filter((due) => !isSaid(due))].filter(
    ({ text }) => !words.has(text.toLowerCase()) && words.add(text.toLowerCase()),
  );
}

/** What stands in such a field and says no time. */
const STATUS =
  /^[\s—\-/无;,.。]*$|^\s*(?:completed?|done|open|closed|in progress|achieved|delivered|同上|待定|待(?:上级)?明确|见(?:上述|前述|上文|正文|附件|备注).*|已完成|未完成|进行中|完成|正在推进)[\s.;。]*$/i;

/** A field or part of the list that says when: all of it counts, even where no date can be read in it. */
function inPart(line: View, start: number, end: number, field: boolean, issuedOn: string | null): ReadDeadline[] {
  const words = line.text.slice(start, end);
  const found = dueDatesIn(words, { field: true, issuedOn });
  if (found.length > 0)
    return found.map((due) => deadline(line, start, field ? due : { ...due, flag: due.flag === 'due.open' ? null : due.flag }, true));
  if (!field || STATUS.test(words)) return [];
  return [deadline(line, 0, { start, end, dueOn: null, recurrence: null, flag: 'due.unread' }, true)];
}

function inPassage(view: View, { start, end }: Passage, issuedOn: string | null): ReadDeadline[] {
  const line = lineOf(view, start, end);
  const found = dueDatesIn(line.text, { issuedOn }).map((due) => deadline(line, 0, due, false));
  return [...found, ...dueFields(view, start, end, issuedOn)];
}

/** 完成时限:2025年12月 on a line of its own before the list. */
function dueFields(view: View, start: number, end: number, issuedOn: string | null): ReadDeadline[] {
  const found: ReadDeadline[] = [];
  const words = view.text.slice(start, end);
  for (let at = words.indexOf(':'); at >= 0; at = words.indexOf(':', at + 1)) {
    const label = labelIn(words.slice(Math.max(0, at - 12), at));
    if (label?.role !== 'due' && englishLabelIn(words.slice(Math.max(0, at - 48), at))?.role !== 'due') continue;
    const stop = words.slice(at + 1, at + 200).search(/[\n。;]/);
    const line = lineOf(view, start + at + 1, stop < 0 ? Math.min(end, start + at + 200) : start + at + 1 + stop);
    found.push(...inPart(line, 0, line.text.length, true, issuedOn));
  }
  return found;
}

const deadline = (line: View, shift: number, { start, end, dueOn, recurrence, flag, base }: DueWords, own: boolean): ReadDeadline => ({
  text: wordsIn(line, shift + start, shift + end),
  span: [...spanOf(line, shift + start, shift + end)],
  dueOn,
  recurrence,
  flag,
  base: base ?? null,
  own,
});
