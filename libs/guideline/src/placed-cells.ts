import { type Column, fit, isRole, isTold } from './columns.js';
import { type Cell, type Row, wordsOf } from './rows.js';
import type { View } from './text-view.js';

/** A row whose cells were told from their words; not `sure` where others might be meant. */
export type PlacedRow = Row & { sure: boolean };

export const rowOf = (mark: string, cells: readonly Cell[]): Row => ({
  start: cells[0]!.start,
  end: cells.at(-1)!.end,
  mark,
  cells: [...cells],
});

/** Words that a line end has cut behind a mark: the names go on. */
const BREAKS_OFF = /[、,，]$|[^和及与][和及与]$|\sand$/;

const OF_A_PLACE = /^[省市县縣区區州镇鎮乡鄉各国國团團]/;

/** How well words stand in a column as a whole cell. */
export const fitOf = (words: string, kind: Column['kind']): number => (isRole(kind) && BREAKS_OFF.test(words) ? -1 : fit(words, kind));

/** Whether pieces are the cells of a row, one for each column. */
export const fits = (view: View, columns: readonly Column[], row: readonly Cell[]) =>
  row.length === columns.length && columns.every(({ kind }, i) => fitOf(wordsOf(view, row[i]), kind) >= 0);

/** How many pieces one cell may have. */
const MOST_PIECES = 6;

/** The cells of a row in its columns, from the pieces that stand in it: pieces that fit a column together are one cell, and a cell may be missing. */
export function placed(view: View, columns: readonly Column[], row: readonly Cell[], mark: string): PlacedRow {
  if (fits(view, columns, row)) return { ...rowOf(mark, row), sure: true };
  const known = new Map<string, number>();
  const worthOf = (from: number, to: number, kind: Column['kind']): number => {
    if (from === to) return kind === 'index' || kind === 'task' ? -10 : 0;
    // The first piece of a task may look like a name, the others are none.
    if (!isTold(kind) && kind !== 'index') return 1 - row.slice(from + 1, to).filter((cell) => areNames([cell])).length;
    if (to - from > MOST_PIECES) return -90;
    const key = `${from} ${to} ${isRole(kind) ? 'role' : kind}`;
    if (!known.has(key)) known.set(key, 1 + 10 * worthOfPieces(row.slice(from, to), kind) - (isRole(kind) && isCut(from, to) ? 12 : 0));
    return known.get(key)!;
  };
  const worthOfPieces = (cells: readonly Cell[], kind: Column['kind']): number => {
    const whole = fitOf(wordsOf(view, joinedCell(cells, false)), kind);
    return whole > 0 && cells.length > 1 && isRole(kind) && !areNames(cells) ? 1 : whole;
  };
  /** Whether the line above begins the name: 市住房和城乡建 above 设局. */
  const isCut = (from: number, to: number) =>
    from > 0 &&
    OF_A_PLACE.test(wordsOf(view, row[from - 1])) &&
    !OF_A_PLACE.test(wordsOf(view, row[from])) &&
    fitOf(wordsOf(view, row[from - 1]), 'responsible') <= 0 &&
    fitOf(wordsOf(view, joinedCell(row.slice(from - 1, to), false)), 'responsible') > 0;
  const areNames = (cells: readonly Cell[]) => cells.every((cell) => fitOf(wordsOf(view, cell), 'responsible') > 0);
  // best[c][n]: the first n pieces in the first c columns, the last of which begins with piece `from`.
  const best = [Array.from({ length: row.length + 1 }, (_, n) => ({ worth: n === 0 ? 0 : -Infinity, from: 0 }))];
  for (const [c, { kind }] of columns.entries()) {
    best.push(
      Array.from({ length: row.length + 1 }, (_, n) => {
        const ways = Array.from({ length: n + 1 }, (_, from) => ({ from, worth: best[c]![from]!.worth + worthOf(from, n, kind) }));
        return ways.reduce((one, other) => (other.worth > one.worth ? other : one));
      }),
    );
  }
  const cells: Cell[] = [];
  for (let [c, n] = [columns.length, row.length]; c > 0; c--) {
    const { from } = best[c]![n]!;
    const end = row[n - 1]?.end ?? row[0]!.start;
    const pieces = row.slice(from, n);
    if (pieces.length === 0) cells.unshift({ start: end, end });
    else if (isTold(columns[c - 1]!.kind)) cells.unshift(joinedCell(pieces, isRole(columns[c - 1]!.kind) && areNames(pieces)));
    else cells.unshift({ start: pieces[0]!.start, end });
    n = from;
  }
  return { ...rowOf(mark, cells), sure: isCertain(view, columns, row, cells) };
}

/** Pieces as one cell; what stands `apart` are names of their own. */
export function joinedCell(pieces: readonly Cell[], apart: boolean): Cell {
  const [first, ...more] = pieces.flatMap((piece) => [{ start: piece.start, end: piece.end, apart }, ...(piece.more ?? [])]);
  return more.length === 0 ? pieces[0]! : { start: first!.start, end: first!.end, more };
}

/** Whether the pieces can stand in no other columns: each that says who or when fills one, and no other could say that. */
function isCertain(view: View, columns: readonly Column[], row: readonly Cell[], cells: readonly Cell[]): boolean {
  const told = columns.flatMap(({ kind }, i) => (isTold(kind) ? [{ kind, cell: cells[i]! }] : []));
  const filled = told.map(({ cell }) => row.findIndex(({ start, end }) => start === cell.start && end === cell.end && !cell.more));
  const says = (piece: Cell) => fit(wordsOf(view, piece), 'responsible') > 0 || fit(wordsOf(view, piece), 'due') > 0;
  return (
    told.every(({ kind, cell }, i) => filled[i]! >= 0 && fitOf(wordsOf(view, cell), kind) > 0) &&
    row.every((piece, i) => filled.includes(i) || !says(piece))
  );
}
