import type { Row } from './rows.js';
import type { View } from './text-view.js';

/** A table that came with each cell on a line of its own: the heads of its columns, then its rows, each with its number first. */
export type Stack = { header: Row; rows: Row[]; next: number };

const MOST_COLUMNS = 10;

/**
 * The stacked table whose first line is `lines[at]`, the head of the numbers' column. `isHead` says whether words may stand at the head of a column.
 * Rows are taken as long as their numbers go on and each has as many lines as there are columns: a cell that is missing or broken ends the table.
 */
export function stackAt({ text }: View, lines: readonly Row[], at: number, isHead: (words: string) => boolean): Stack | null {
  const wordsAt = (i: number) => (lines[i] ? text.slice(lines[i].start, Math.min(lines[i].end, lines[i].start + 24)) : '');
  let first = at + 1;
  while (first < at + MOST_COLUMNS && lines[first]?.cells.length === 1 && isHead(wordsAt(first))) first += 1;
  const width = first - at;
  if (width < 3 || !/^[1一]$/.test(wordsAt(first))) return null;
  const rows: Row[] = [];
  let next = first;
  while (isNumber(wordsAt(next), rows.length + 1) && lines.length >= next + width) {
    const inside = lines.slice(next, next + width);
    if (inside.slice(1).some((_, i) => isNumber(wordsAt(next + 1 + i), rows.length + 2))) break;
    rows.push(rowOf(inside));
    next += width;
  }
  return rows.length > 0 ? { header: rowOf(lines.slice(at, first)), rows, next } : null;
}

const rowOf = (lines: readonly Row[]): Row => ({
  start: lines[0]!.start,
  end: lines.at(-1)!.end,
  mark: 'stacked',
  cells: lines.map(({ start, end }) => ({ start, end })),
});

const CHINESE = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
const isNumber = (words: string, number: number) => words === String(number) || words === CHINESE[number - 1];
