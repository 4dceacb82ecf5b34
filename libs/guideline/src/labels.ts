import type { FoundList } from './found-list.js';
import { type EnglishLabel, englishLabelIn } from './english.js';
import type { Section } from './outline.js';
import { isLatin, readLine } from './read-line.js';
import { endOfLine, joinLines, lineOf, type View } from './text-view.js';
import { namesIn } from './names.js';
import { type Label, labelIn, WEB_FOOT } from './vocabulary.js';

/** A label and its words in running text: [start, end) with the label itself. */
export type Field = { start: number; labelEnd: number; from: number; end: number; role: Label['role']; lineStart: boolean };

const BOUNDARY = /[\n。;,、.!?)\]|\t —]|^$/;
/** What is longer was not broken by a layout. */
const LONGEST_LINE = 200;
/** Fields of other kinds that may stand between those of one list. */
const MOST_OTHERS = 8;

/** Every label with a colon (牵头单位: …), or at the start of a line with a gap behind it (牵头单位 省科技厅). */
export function fieldsIn(view: View, free: (start: number, end: number) => boolean): Field[] {
  const { text } = view;
  const fields: Field[] = [];
  let lineStart = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\n' || at === 0) {
      lineStart = char === '\n' ? at + 1 : 0;
      const gap = gapLabel(view, lineStart);
      if (gap && free(lineStart, lineStart + gap.length))
        fields.push(
          fieldAt(
            view,
            { start: lineStart, labelEnd: lineStart + gap.length, from: lineStart + gap.length + gap.skip },
            gap.role,
            lineStart,
          ),
        );
    }
    const boxed = char === '[' ? boxedLabel(text, at) : null;
    if (boxed && free(at, boxed.from)) {
      fields.push(fieldAt(view, { start: at, labelEnd: boxed.from, from: boxed.from }, boxed.role, lineStart));
      at = boxed.from - 1;
      continue;
    }
    if (char !== ':') continue;
    const label = anyLabel(text, Math.max(lineStart, fields.at(-1)?.from ?? 0), at);
    if (!label) continue;
    const start = at - label.length;
    if (
      !free(start, at) ||
      !(BOUNDARY.test(text.charAt(start - 1)) || text.charAt(start - 1) === '(' || view.at[start]! - view.at[start - 1]! > 1)
    )
      continue;
    if (label.role === 'other' && start !== lineStart) continue;
    if (WEB_FOOT.test(text.slice(lineStart, endOfLine(text, start, 200)).slice(-400))) continue;
    fields.push(fieldAt(view, { start, labelEnd: at, from: at + 1 }, label.role, lineStart));
  }
  for (const [i, field] of fields.entries()) {
    const next = fields[i + 1];
    if (next && next.start < field.end) field.end = withoutNumber(view.text, field.from, next.start);
  }
  return fields;
}

function anyLabel(text: string, from: number, at: number): Label | EnglishLabel | null {
  const before = text.slice(Math.max(from, at - 24), at);
  const chinese = labelIn(before);
  return chinese && chinese.role !== 'other' ? chinese : (englishLabelIn(text.slice(Math.max(from, at - 48), at)) ?? chinese);
}

/** Lead – Ministry of Health · 责任单位——市教育局 */
const DASHED = /^([A-Za-z][A-Za-z ()/]{2,40}?|[\u4e00-\u9fff]{2,8})(?: ?[–—]{1,2} ?| - )(?=[A-Za-z0-9\u4e00-\u9fff])/;

/** 牵头单位, then spaces or a tab, then a name. */
function gapLabel(view: View, lineStart: number): { role: Label['role']; length: number; skip: number } | null {
  const dashed = DASHED.exec(view.text.slice(lineStart, lineStart + 56));
  const said = dashed ? (labelIn(dashed[1]!) ?? englishLabelIn(dashed[1]!)) : null;
  const known = dashed && said?.role === 'other' ? englishLabelIn(dashed[1]!) : said;
  if (dashed && known && known.length === dashed[1]!.length && known.role !== 'other')
    return { role: known.role, length: known.length, skip: dashed[0].length - known.length };
  const head = /^[\u4e00-\u9fff]{0,8}?(?:单位|部门|时限|时间)/.exec(view.text.slice(lineStart, lineStart + 12))?.[0];
  if (!head) return null;
  const behind = lineStart + head.length;
  const gap = view.text.charAt(behind) === '\t' || (view.at[behind]! - view.at[behind - 1]! > 1 && view.text.charAt(behind) !== '\n');
  const label = gap ? labelIn(head) : null;
  return label && label.length === head.length && label.role !== 'other' ? { role: label.role, length: head.length, skip: 0 } : null;
}

/** [责任单位] as a label, its words behind it. */
function boxedLabel(text: string, at: number): { role: Label['role']; from: number } | null {
  const found = /^\[([\u4e00-\u9fff()]{2,14})\]:?/.exec(text.slice(at, at + 18));
  const label = found ? labelIn(found[1]!) : null;
  return found && label && label.length === found[1]!.length && label.role !== 'other'
    ? { role: label.role, from: at + found[0].length }
    : null;
}

export const isBoxedLabel = ({ text }: View, at: number): boolean => text.charAt(at) === '[' && boxedLabel(text, at) !== null;

/** The words of a field end with its line, or with the sentence; a line that breaks off in a name goes on. */
function fieldAt(view: View, place: Pick<Field, 'start' | 'labelEnd' | 'from'>, role: Label['role'], lineStart: number): Field {
  const { text } = view;
  const { start, from } = place;
  let end = endOfLine(text, from);
  const latin = isLatin(text.slice(start, end));
  const stop = latin ? -1 : text.slice(from, end).indexOf('。');
  if (stop >= 0) return { ...place, end: from + stop, role, lineStart: start === lineStart };
  for (let lines = 0; lines < 6 && end < text.length && breaksOff(text, from, end, latin); lines++) end = endOfLine(text, end + 1);
  return { ...place, end, role, lineStart: start === lineStart };
}

function breaksOff(text: string, from: number, end: number, latin: boolean): boolean {
  const next = text.slice(end + 1, Math.min(endOfLine(text, end + 1), end + 200));
  if (next.trim() === '' || /^[\s]*(?:\d{1,3}[.、)]|[(（]?[一二三四五六七八九十]{1,3}[、)]|第.{1,4}[章节条]|•|-|\|)/.test(next))
    return false;
  const colon = next.indexOf(':');
  if (colon >= 0 && colon < 50 && anyLabel(next, 0, colon)?.length === colon) return false;
  const field = text.slice(from, end);
  const line = field.slice(field.lastIndexOf('\n') + 1);
  if (latin) return /[,;]$| and$| of$| the$/.test(line) || line.length >= 60;
  if (/[、,]$/.test(line)) return true;
  if (line.length > LONGEST_LINE) return false;
  const joined = line.slice(-30) + next.slice(0, 60).replace(/[。].*$/s, '');
  const { names } = namesIn(line, 0, line.length);
  const last = names.at(-1);
  if (!last || last.kind === 'firm' || last.kind === 'many') return false;
  const whole = namesIn(joined, 0, joined.length).names;
  return whole.length > 0 && whole.every(({ kind }) => kind === 'firm' || kind === 'many');
}

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
    while (group.length > 0 && group.at(-1)!.role === 'other') group.pop();
    if (group.length > 0) lists.push(listOf(view, group));
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

const isRole = ({ role }: Field) => role === 'lead' || role === 'support' || role === 'guide' || role === 'responsible';

/** The number of the next label is none of this one's words: …;(2)配合单位 */
const withoutNumber = (text: string, from: number, end: number) =>
  end - (/[;,。、]\(?[一二三四五六七八九十\d]{1,2}[、.)]$/.exec(text.slice(Math.max(from, end - 6), end))?.[0].length ?? 0);

/** A second lead begins the next list; a second label for support may carry this one on: 技术支撑单位, 参与单位. */
const comesAgain = (text: string, one: Field, other: Field) =>
  one.role === 'lead' || one.role === 'responsible' || text.slice(one.start, one.labelEnd) === text.slice(other.start, other.labelEnd);

/** Nothing but marks and empty lines between two fields; behind a field of another kind, also the lines it goes on over. */
function isNext(text: string, from: number, to: number, heads: ReadonlySet<number>): boolean {
  if (to - from > 1_500) return false;
  const between = text.slice(from, to);
  for (let at = from; at < to; at++) if (heads.has(at)) return false;
  return (
    /^[\s。;,、.!)\]]*(?:\(?[一二三四五六七八九十\d]{1,2}[、.)]\s*)?$/.test(between) ||
    (between.length <= 600 && isLatin(between) && between.split('\n').length <= 8)
  );
}

function labelOf(view: View, start: number, end: number) {
  const boxed = isBoxedLabel(view, start) ? view.text.indexOf(']', start) : 0;
  return { line: boxed ? lineOf(view, start + 1, boxed) : lineOf(view, start, end), mark: ':' };
}

function listOf(view: View, group: readonly Field[]): FoundList {
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
  const notices = unclosed ? [{ code: 'bracket.unclosed', details: {} }] : [];
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
