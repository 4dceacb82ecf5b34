import { foldChar } from './text-view.js';

/** The number that a row begins with: 3 · 3. · (3) · 2.1 · A-4 · 三 · 3. Enact the bill. Numbers of one `shape` count on; `length` is how much of the words it is. */
export type Numeral = { shape: string; parts: number[]; length: number };

const ALONE = /^(\(?)([A-Z]{0,3}-?)(\d{1,3}(?:[.-]\d{1,3}){0,3})\)?[.、:]?$/;
const IN_WORDS = /^(?:\d{1,3}(?:[.、](?!\d))|\d{1,3}(?:\.\d{1,2}){1,3}[.、]?(?: (?=\D)|(?=[\u4e00-\u9fff]))|\(\d{1,3}\))/;
const CHINESE = /^\(?([一二三四五六七八九]?十?[一二三四五六七八九]?)\)?[、.]?$/;
const DIGITS = '一二三四五六七八九';

/** The number that these words are, or begin with; null where there is none. */
export function numeralOf(words: string): Numeral | null {
  const folded = Array.from(words.slice(0, 24), foldChar).join('');
  const alone = words.length <= 16 ? ALONE.exec(folded) : null;
  if (alone) {
    // B1 may follow A3.
    const parts = [...Array.from(alone[2]!, (letter) => letter.charCodeAt(0)), ...alone[3]!.split(/[.-]/).map(Number)];
    return { shape: `${alone[1]}${alone[2]!.length} ${parts.length}`, parts, length: words.length };
  }
  const first = IN_WORDS.exec(folded)?.[0];
  if (first) {
    const parts = first.match(/\d+/g)!.map(Number);
    return { shape: `${first.startsWith('(') ? '(' : ''}${parts.length} in words`, parts, length: first.length };
  }
  const chinese = words.length <= 6 ? CHINESE.exec(folded)?.[1] : null;
  return chinese ? { shape: 'chinese', parts: [chineseNumber(chinese)], length: words.length } : null;
}

function chineseNumber(words: string): number {
  const [tens, ones] = words.includes('十') ? words.split('十') : ['', words];
  return (words.includes('十') ? 10 * (tens ? DIGITS.indexOf(tens!) + 1 : 1) : 0) + (ones ? DIGITS.indexOf(ones) + 1 : 0);
}

/** Whether a number is the next: 4 behind 3, 1.4 or 2.1 behind 1.3. */
export function follows({ shape, parts }: Numeral, before: Numeral): boolean {
  const at = parts.findIndex((part, i) => part !== before.parts[i]);
  return shape === before.shape && at >= 0 && parts[at] === before.parts[at]! + 1 && parts.slice(at + 1).every((part) => part === 1);
}

/** Whether a number is a later one, though not the next. */
export function comesAfter({ shape, parts }: Numeral, before: Numeral): boolean {
  const at = parts.findIndex((part, i) => part !== before.parts[i]);
  return shape === before.shape && at >= 0 && parts[at]! > before.parts[at]!;
}

export const isFirst = ({ parts }: Numeral) => parts.at(-1) === 1;
