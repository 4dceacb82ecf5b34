import { fit } from './columns.js';
import { type Cell, GAP, type Row, wordsOf } from './rows.js';
import type { View } from './text-view.js';

/** How a heading begins that stands between rows. */
export const GROUP =
  /^(?:第?[一二三四五六七八九十]{1,3}[、章节.]|[(（][一二三四五六七八九十]{1,3}[)）]|(?:Theme|Priority|Goal|Objective|Aim|Pillar|Part|Section|Chapter|Area|Strand|Outcome) (?:\d{1,2}|[A-Z]|[IVX]{1,4})\b)/;

/** The words of one line, also where a wide gap stands in them (a name of two characters, set to the width of three). Null where the line is a row of several cells. */
export function cellOf(view: View, line: Row | undefined): Cell | null {
  if (!line || line.cells.length === 1) return line?.cells[0] ?? null;
  if (line.mark !== GAP || line.cells.length > 3) return null;
  const [first, ...more] = line.cells;
  const names = line.cells.every((cell) => fit(wordsOf(view, cell), 'responsible') > 0);
  return names ? { ...first!, more: more.map((cell) => ({ ...cell, apart: true })) } : { start: line.start, end: line.end };
}

/** How many empty lines stand above a line. */
export const blanksAbove = (view: View, lines: readonly Row[], i: number): number =>
  i === 0 ? 0 : view.text.slice(lines[i - 1]!.end, lines[i]!.start).split('\n').length - 2;
