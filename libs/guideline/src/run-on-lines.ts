import { beginsWithName } from './names.js';
import type { View } from './text-view.js';
import { isTimeWords } from './time-words.js';
import { kindOf } from './unit-names.js';
import { AS_ABOVE, labelIn, NOBODY } from './vocabulary.js';

/** Line ends that were lost: a list in lines whose text came on one line, 牵头单位:市教育局配合单位:市财政局2.优化服务. */

const SHORTEST = 40;
/** What stands before a label that is a part of its words: 请各责任单位: */
const BINDS = /[各请由的等及和与或为是在对向报给至到令本该其、/同有任第]$/;
/** Labels of other kinds, as far as their last word tells where they begin. */
const OTHER =
  /(?:(?:责任|牵头|整改|分管|包抓|包保|市级|具体|工作){0,2}(?:领导|责任人|负责人|联系人|联系电话)|[\u4e00-\u9fff]{2}(?:单位|部门|措施|状态|目标|内容|要求|成效|标准))$/;
const CHINESE = '一二三四五六七八九十';
const CALLED = '任务|措施|举措|行动|事项|项目|工程|专项|问题';
const NUMERAL = new RegExp(
  [
    `\\[?(?:${CALLED})([${CHINESE}]{1,3}|\\d{1,2})(?:\\]:?|[:、.])`,
    `(?<![${CHINESE}\\d照据按同和至及、])第([${CHINESE}]{1,3}|\\d{1,2})(?:条|部分|章|节)`,
    `(?<![${CHINESE}第、])([${CHINESE}]{1,3})、`,
    `\\(([${CHINESE}]{1,3})\\)`,
    `(?<![\\dA-Za-z第.+、-])(\\d{1,2})[.、](?=[^\\d])`,
  ].join('|'),
  'g',
);

/** The view with a line end before every label and number that stood on a line of its own. */
export function withLostLineEnds(view: View): View {
  const { text } = view;
  const ends: number[] = [];
  for (let start = 0; start < text.length;) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    if (end - start >= SHORTEST && !/[\t|]/.test(text.slice(start, end)))
      for (const at of lostIn(text, start, end, text.indexOf('\n') < 0)) ends.push(at);
    start = end + 1;
  }
  return ends.length === 0 ? view : withLineEnds(view, ends);
}

/** `whole`: nothing else is in the text. */
function lostIn(text: string, start: number, end: number, whole: boolean): number[] {
  const ends: number[] = [];
  let joints = 0;
  for (let colon = text.indexOf(':', start); colon >= 0 && colon < end; colon = text.indexOf(':', colon + 1)) {
    const label = labelStart(text, Math.max(start, colon - 24), colon, end);
    if (!label) continue;
    ends.push(label.at);
    if (label.says) joints += 1;
  }
  for (const at of numeralsIn(text, start, end)) {
    ends.push(at);
    if (isBehindWhole(text, start, at)) joints += 1;
  }
  // A line without them is as its author wrote it.
  return joints === 0 && !whole ? [] : ends.sort((a, b) => a - b);
}

/** Where the label begins that ends at this colon, if words stand right before it; `says`: who or when. */
function labelStart(text: string, from: number, colon: number, end: number): { at: number; says: boolean } | null {
  const before = text.slice(from, colon);
  const behind = text.slice(colon + 1, Math.min(end, colon + 40));
  const label = labelIn(before, behind);
  const says = label !== null && label.role !== 'other' && label.role !== 'person';
  let length = says ? label.length : (OTHER.exec(before)?.[0].length ?? 0);
  // 各县区牵头单位: the name has its own end.
  if (says && /^[省市县区](?![级直])/.test(before.slice(-length))) length -= 1;
  const at = colon - length;
  if (length < 2 || !/[\u4e00-\u9fff)\]”》\d]/.test(text.charAt(at - 1)) || at <= from || BINDS.test(text.slice(from, at))) return null;
  return !says || (label.role === 'due' ? length >= 4 && behind !== '' : length >= 2 && beginsWithName(behind)) ? { at, says } : null;
}

/** Whether a name or a time ends here that nothing parts from what follows: 责任单位:市教育局2. */
function isBehindWhole(text: string, start: number, at: number): boolean {
  const words = /[^、,;。:]{2,24}$/.exec(text.slice(Math.max(start, at - 24), at))?.[0] ?? '';
  return kindOf(words) !== null || NOBODY.test(words) || AS_ABOVE.test(words) || isTimeWords(words);
}

/** Numbers that begin a row or carry it on. */
function numeralsIn(text: string, start: number, end: number): number[] {
  const found: number[] = [];
  const last: number[] = [];
  const inner: number[] = [];
  for (const { form, number, index, called } of withoutCalled(numerals(text.slice(start, end)))) {
    // 责任单位:1.市教育局;2.市财政局 counts names.
    if ((number === 1 && text.charAt(start + index - 1) === ':') || number === (inner[form] ?? NaN) + 1) {
      inner[form] = number;
      continue;
    }
    if (number !== 1 && number !== (last[form] ?? 0) + 1) continue;
    inner[form] = NaN;
    last[form] = number;
    // 重点项目一、 may be either.
    if (called?.form === 2) last[2] = number;
    if (index > 0) found.push(start + index);
  }
  return found;
}

/** `called`: the number without the word before it, 1. in 任务1. */
type Numeral = { form: number; number: number; index: number; called: { form: number; index: number } | null };
const FORM_OF_NUMBER = { chinese: 2, arabic: 4 };

function numerals(line: string): Numeral[] {
  return Array.from(line.matchAll(NUMERAL), (found) => {
    const form = found.slice(1).findIndex((label) => label !== undefined);
    const label = found[form + 1]!;
    const bare = form === 0 && /[、.]$/.test(found[0]) && !found[0].startsWith('[');
    const called = {
      form: /^\d/.test(label) ? FORM_OF_NUMBER.arabic : FORM_OF_NUMBER.chinese,
      index: found.index + found[0].indexOf(label),
    };
    return { form, number: valueOf(label), index: found.index, called: bare ? called : null };
  });
}

/** 重点任务1.…2.…: where the next number has no such word before it, the word is none of the number. */
function withoutCalled(found: readonly Numeral[]): Numeral[] {
  const next = new Map<string, boolean>();
  return found
    .toReversed()
    .map((numeral): Numeral => {
      const { form, number, called } = numeral;
      const key = `${called?.form ?? form} ${number}`;
      const isBare = called !== null && next.get(`${called.form} ${number + 1}`) === true;
      next.set(key, called === null || isBare);
      return isBare ? { ...numeral, ...called, called: null } : numeral;
    })
    .reverse();
}

function valueOf(label: string): number {
  if (/^\d/.test(label)) return Number(label);
  const [tens, ones] = label.split('十') as [string, string?];
  const digit = (char: string) => CHINESE.indexOf(char) + 1;
  return ones === undefined ? digit(tens) : (tens === '' ? 1 : digit(tens)) * 10 + (ones === '' ? 0 : digit(ones));
}

function withLineEnds({ text, at, ...rest }: View, ends: readonly number[]): View {
  const parts: string[] = [];
  const back = new Uint32Array(at.length + ends.length);
  let [from, length] = [0, 0];
  const copy = (to: number) => {
    parts.push(text.slice(from, to));
    back.set(at.subarray(from, to), length);
    length += to - from;
    from = to;
  };
  for (const end of ends) {
    copy(end);
    if (text.charAt(end - 1) === '\n' || parts.at(-1) === '') continue;
    parts.push('\n');
    // It stands nowhere: what ends with it ends where the words before it do.
    back[length++] = at[end - 1]!;
  }
  copy(text.length);
  back[length] = at[text.length]!;
  return { ...rest, text: parts.join(''), at: back.subarray(0, length + 1) };
}
