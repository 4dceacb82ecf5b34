import { cellText } from './grid.js';
import { limits } from './limits.js';
import { Unreadable } from './unreadable.js';

/** An area of merged cells; rows and columns count from 1, both ends belong to it. */
export type Merge = { top: number; left: number; bottom: number; right: number };

const REFERENCE = /^([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$/;

/** The number of a column: AB → 28. */
export const columnNumber = (letters: string): number =>
  Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);

export function mergeOf(reference: string | undefined): Merge | null {
  const found = REFERENCE.exec(reference ?? '');
  if (!found) return null;
  return { top: Number(found[2]), left: columnNumber(found[1]!), bottom: Number(found[4]), right: columnNumber(found[3]!) };
}

export const isMerged = ({ top, left, bottom, right }: Merge): boolean => bottom >= top && right >= left && (bottom > top || right > left);

type Rows = ReadonlyMap<number, ReadonlyMap<number, string>>;

/** The rows that hold something, each complete: merged cells repeated, columns that are empty throughout left out. */
export function sheetLines(rows: Rows, merges: readonly Merge[]): { row: number; line: string }[] {
  const numbers = [...rows.keys()].toSorted((a, b) => a - b);
  const columns = [...new Set([...rows.values()].flatMap((cells) => [...cells.keys()]))].toSorted((a, b) => a - b);
  const filled = new Map(numbers.map((row) => [row, new Map(rows.get(row))]));
  let work = 0;
  for (const { top, left, bottom, right } of merges) {
    const words = rows.get(top)?.get(left);
    if (words === undefined) continue;
    const across = columns.filter((at) => at >= left && at <= right);
    for (const row of between(numbers, top, bottom)) {
      for (const at of across) filled.get(row)!.set(at, words);
      work += across.length;
      if (work > limits.cells) throw new Unreadable('file.too-large');
    }
  }
  const first = numbers.find((row) => (rows.get(row)?.size ?? 0) > 1);
  if (numbers.length * columns.length > limits.cells * 4) throw new Unreadable('file.too-large');
  return numbers.map((row) => {
    const cells = filled.get(row)!;
    // A title or a heading stands alone in its row, often merged across all of it.
    const alone = rows.get(row)!.size === 1 && new Set(cells.values()).size === 1;
    const words = columns.map((at) => cellText((cells.get(at) ?? '').split(/[\n\t]/), row === first));
    return { row, line: alone ? (words.find((text) => text !== '') ?? '') : words.join('\t') };
  });
}

function between(numbers: readonly number[], from: number, to: number): readonly number[] {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! < from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < numbers.length && numbers[end]! <= to) end += 1;
  return numbers.slice(low, end);
}
