import { type EnglishLabel, englishLabelIn } from './english-labels.js';
import { isLatin } from './read-line.js';
import { endsInHalfName } from './english-names.js';
import { endOfLine, type View } from './text-view.js';
import { partsLines } from './wrapped-lines.js';
import { beginsWithName, type NamePiece, namesIn } from './names.js';
import { type Label, labelIn, WEB_FOOT } from './vocabulary.js';

/** A label and its words in running text: [start, end) with the label itself. */
export type Field = { start: number; labelEnd: number; from: number; end: number; role: Label['role']; lineStart: boolean };
type FoundLabel = Omit<Field, 'end'>;

const BOUNDARY = /[\n。;,、.!?)\]|\t —]|^$/;
/** What is longer was not broken by a layout. */
const LONGEST_LINE = 200;
/** A label that stands so far into its line did not begin it. */
const FULL_LINE = 16;

/** A line of English that was broken because it was full. */
const LONGEST_LATIN = 60;

/** Every label with a colon (牵头单位: …), or at the start of a line with a gap behind it (牵头单位 省科技厅). */
export function fieldsIn(view: View, free: (start: number, end: number) => boolean): Field[] {
  const { text } = view;
  const found: FoundLabel[] = [];
  let lineStart = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\n' || at === 0) {
      lineStart = char === '\n' ? at + 1 : 0;
      const gap = gapLabel(view, lineStart);
      if (gap && free(lineStart, lineStart + gap.length))
        found.push({
          start: lineStart,
          labelEnd: lineStart + gap.length,
          from: lineStart + gap.length + gap.skip,
          role: gap.role,
          lineStart: true,
        });
    }
    const boxed = char === '[' ? boxedLabel(text, at) : null;
    if (boxed && free(at, boxed.from)) {
      found.push({ start: at, labelEnd: boxed.from, from: boxed.from, role: boxed.role, lineStart: at === lineStart });
      at = boxed.from - 1;
      continue;
    }
    if (char !== ':') continue;
    const label = anyLabel(text, Math.max(lineStart, found.at(-1)?.from ?? 0), at);
    if (!label) continue;
    const start = label.role === 'person' ? afterGap(view, at - label.length, at) : at - label.length;
    if (
      !free(start, at) ||
      !(
        BOUNDARY.test(text.charAt(start - 1)) ||
        text.charAt(start - 1) === '(' ||
        view.at[start]! - view.at[start - 1]! > (view.spaced ? 2 : 1)
      )
    )
      continue;
    if (label.role === 'other' && start !== lineStart) continue;
    if (WEB_FOOT.test(text.slice(lineStart, endOfLine(text, start, 200)).slice(-400))) continue;
    found.push({ start, labelEnd: at, from: at + 1, role: label.role, lineStart: start === lineStart });
  }
  return found.map((label, i) => ({ ...label, end: endOfField(text, label, found[i + 1]?.start ?? text.length) }));
}

/** 市教育局 联系人: the label begins behind the last gap. */
function afterGap(view: View, start: number, end: number): number {
  for (let at = end - 1; at > start && !view.spaced; at--) if (view.at[at]! - view.at[at - 1]! > 1) return at;
  return start;
}

function anyLabel(text: string, from: number, at: number): Label | EnglishLabel | null {
  const before = text.slice(Math.max(from, at - 24), at);
  const chinese = labelIn(before, text.slice(at + 1, at + 40));
  return chinese && chinese.role !== 'other'
    ? chinese
    : (englishLabelIn(text.slice(Math.max(from, at - 48), at), text.slice(at + 1, at + 80)) ?? chinese);
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
  if (view.spaced || /^(?:[A-Za-z][A-Za-z ]{1,20})?:/.test(view.text.slice(behind, behind + 24))) return null;
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

/** The words of a field end with its line, with the sentence, or where the next label begins; a line that breaks off in a name goes on. */
function endOfField(text: string, { start, from }: FoundLabel, next: number): number {
  const most = next - from;
  let end = endOfLine(text, from, Math.min(most, 3_000));
  const latin = isLatin(text.slice(start, end));
  const stop = latin ? -1 : text.slice(from, end).indexOf('。');
  if (stop >= 0) return from + stop;
  for (let lines = 0; lines < 6 && end < next && breaksOff(text, from, end, latin); lines++) end = endOfLine(text, nextLine(text, end));
  return end < next || next === text.length ? Math.min(end, next) : withoutNumber(text, from, next);
}

/** Where the next line begins; over one empty line where names are parted by it. */
const nextLine = (text: string, end: number) => (text.charAt(end + 1) === '\n' && partsLines(text, end) ? end + 2 : end + 1);

function breaksOff(text: string, from: number, end: number, latin: boolean): boolean {
  const start = nextLine(text, end);
  const next = text.slice(start, Math.min(endOfLine(text, start), start + 200));
  if (next.trim() === '' || /^[\s]*(?:\d{1,3}[.、)]|[(（]?[一二三四五六七八九十]{1,3}[、)]|第.{1,4}[章节条]|•|-|\|)/.test(next))
    return false;
  const colon = next.indexOf(':');
  if (colon >= 0 && colon < 50 && anyLabel(next, 0, colon)?.length === colon) return false;
  const field = text.slice(from, end);
  const line = field.slice(field.lastIndexOf('\n') + 1);
  if (latin) return /[,;]$| (?:and|&|of|for|the)$/.test(line) || line.length >= LONGEST_LATIN || endsInHalfName(line, next);
  if (/[、,]$/.test(line) || next.startsWith('、')) return true;
  // 配合单位: at the end of a line that a layout has filled.
  if (line === '' && text.lastIndexOf('\n', from - 1) < from - FULL_LINE) return beginsWithName(next);
  if (line.length > LONGEST_LINE) return false;
  const { names } = namesIn(line, 0, line.length);
  const last = names.at(-1);
  // A signature has its day behind it.
  if (!last || isDay(text, start + next.length)) return false;
  // 市财政局 on a line, 市教育局 on the next: names that only the line end parts.
  if (isKnown(last)) return partsLines(text, end) && onlyNames(next);
  const joined = line.slice(-30) + next.slice(0, 60).replace(/[。].*$/s, '');
  const whole = namesIn(joined, 0, joined.length).names;
  return whole.length > 0 && whole.every(isKnown);
}

const isDay = (text: string, at: number) => /^\n+[^\n]{4,12}日\s*(?:\n|$)/.test(text.slice(at, at + 20));
const isKnown = ({ kind }: NamePiece) => kind === 'firm' || kind === 'many';

function onlyNames(words: string): boolean {
  const { names, unread } = namesIn(words, 0, words.replace(/[。;,、]+$/, '').length);
  return names.length > 0 && unread.length === 0 && names.every(({ kind }) => kind !== null);
}

/** The number of the next label is none of this one's words: …;(2)配合单位 */
const withoutNumber = (text: string, from: number, end: number) =>
  end - (/[;,。、]\(?[一二三四五六七八九十\d]{1,2}[、.)]$/.exec(text.slice(Math.max(from, end - 6), end))?.[0].length ?? 0);
