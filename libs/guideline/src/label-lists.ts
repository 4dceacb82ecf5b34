import type { FoundList } from './found-list.js';
import { type Field, isBoxedLabel } from './labels.js';
import { namesIn } from './names.js';
import type { Section } from './outline.js';
import { isLatin, readLine } from './read-line.js';
import type { Notice } from './reading.js';
import { joinLines, lineOf, type View, wordsIn } from './text-view.js';
import type { Label } from './vocabulary.js';

/** Fields of other kinds that may stand between those of one list. */
const MOST_OTHERS = 8;

/** Lists that stand as labels: one to a line, or several in a line. Fields that follow each other make one list until a role comes again. */
export function listsInLabels(view: View, fields: readonly Field[], sections: readonly Section[]): FoundList[] {
  const lists: FoundList[] = [];
  let group: Field[] = [];
  let others = 0;
  // 二、配合单位: the number counts the labels of one list, not the points of the document.
  const numbered = new Set(fields.filter(isRole).map(({ start }) => start));
  const heads = new Set(sections.map(({ start }) => start).filter((start) => ![2, 3, 4].some((length) => numbered.has(start + length))));
  const close = () => {
    while (group.length > 0 && !isRole(group[0]!)) group.shift();
    const unread = group.filter(({ role, from, end }) => role === 'other' && namesUnits(view.text.slice(from, end)));
    while (group.length > 0 && group.at(-1)!.role === 'other') group.pop();
    if (group.some(({ role }) => role !== 'guide' && isRoleName(role)) && !isEvent(view.text, group))
      lists.push(listOf(view, group, unread));
    group = [];
    others = 0;
  };
  for (const field of fields) {
    const last = group.at(-1);
    const parted = last && !isNext(view.text, last.end, field.start, heads);
    const again = isRole(field) && group.some((other) => other.role === field.role && comesAgain(view.text, other, field));
    if (parted || again || others > MOST_OTHERS) close();
    if (field.role === 'other' && group.length === 0) continue;
    others += field.role === 'other' ? 1 : 0;
    group.push(field);
  }
  close();
  return lists;
}

/** 主办单位 beside 承办单位: who holds an event, or keeps a web page. */
const isEvent = (text: string, group: readonly Field[]) => {
  const labels = group.map(({ start, labelEnd }) => text.slice(start, labelEnd));
  return labels.some((label) => label.includes('主办')) && labels.some((label) => label.includes('承办'));
};

const isRoleName = (role: Label['role']) => role === 'lead' || role === 'support' || role === 'guide' || role === 'responsible';
const isRole = ({ role }: Field) => isRoleName(role);

/** A second lead begins the next list; another label of the same role may carry this one on: 属地责任单位, 监管责任单位. */
const comesAgain = (text: string, one: Field, other: Field) =>
  one.role === 'lead' || text.slice(one.start, one.labelEnd) === text.slice(other.start, other.labelEnd);

/** Nothing but marks and empty lines between two fields; behind a field of another kind, also the lines it goes on over. */
function isNext(text: string, from: number, to: number, heads: ReadonlySet<number>): boolean {
  if (to - from > 1_500) return false;
  const between = text.slice(from, to);
  for (let at = from; at <= to; at++) if (heads.has(at)) return false;
  return (
    /^[\s。;,、.!)\]]*(?:\(?[一二三四五六七八九十\d]{1,2}[、.)]\s*)?$/.test(between) ||
    (between.length <= 600 && isLatin(between) && between.split('\n').length <= 8)
  );
}

function labelOf(view: View, start: number, end: number) {
  const boxed = isBoxedLabel(view, start) ? view.text.indexOf(']', start) : 0;
  return { line: boxed ? lineOf(view, start + 1, boxed) : lineOf(view, start, end), mark: ':' };
}

function listOf(view: View, group: readonly Field[], unread: readonly Field[]): FoundList {
  const parts = group
    .filter(({ role }) => role !== 'other')
    .flatMap(({ start, labelEnd, from, end }) => [
      labelOf(view, start, labelEnd),
      { line: lineOf(view, from, end), mark: isLatin(view.text.slice(start, end)) ? '; ' : ';' },
    ]);
  const { line } = joinLines(view.source, parts);
  const end = group.at(-1)!.end;
  const start = group[0]!.start;
  const unclosed = view.text.charAt(start - 1) === '(';
  const notices: Notice[] = unread.map(({ start: from, end: to }) => ({
    code: 'words.unread',
    details: { words: wordsIn(view, from, to) },
  }));
  if (unclosed) notices.push({ code: 'bracket.unclosed', details: {} });
  return {
    start: unclosed ? start - 1 : start,
    end,
    line,
    reading: readLine(line),
    form: 'labels',
    passage: null,
    path: null,
    title: null,
    notices,
    inherited: [],
  };
}

/** Whether a field whose label nobody knows names units: it may say who does what, in other words. */
function namesUnits(words: string): boolean {
  const { names, unread } = namesIn(words, 0, words.replace(/[。;,、\s]+$/, '').length);
  return names.length > 0 && unread.length === 0 && names.every(({ kind }) => kind === 'firm');
}
