import { type Column, fit, isTold } from './columns.js';
import { beginsWithName } from './names.js';
import { type Cell, isRule, type Row, wordsOf } from './rows.js';
import { foldChar, type View } from './text-view.js';
import { kindOf } from './unit-names.js';

/** A row put together from lines. `sure` is false where they might be parted otherwise. */
export type AlignedRow = Row & { sure: boolean };

/** Where a cell stands on its line, in columns of a typewriter. */
type Place = { from: number; to: number };
type Line = { row: Row; cells: (Cell | null)[]; full: boolean };

const HEADING = /^(?:第?[一二三四五六七八九十]{1,3}[、章节.．]|[(（][一二三四五六七八九十]{1,3}[)）]|注[:：])/;
const MOST_LINES = 12;
/** The first lines show how wide the columns are. */
const LEARNT_FROM = 40;
const WIDEST = 400;

/**
 * The rows from `rows[at]` on of a table whose columns wide gaps part and whose cells go on over several lines: each piece belongs to the
 * column it stands under. Null where every line is a row, or pieces stand under no column; `next` is the first line behind the table.
 */
export function alignedRows(
  view: View,
  rows: readonly Row[],
  at: number,
  { header: head, columns }: { header: Row; columns: readonly Column[] },
): { rows: AlignedRow[]; next: number } | null {
  if (head.cells.length < 3 || head.cells.length !== columns.length) return null;
  const indexed = columns[0]!.kind === 'index';
  const places = placesOf(view, head);
  const isOther = (row: Row) => row.mark !== head.mark || isRule(view, row) || isHeading(view, row);
  for (const row of rows.slice(at, at + LEARNT_FROM)) {
    if (isOther(row)) break;
    if (row.cells.length === columns.length && (!indexed || isNumber(view, row.cells[0]!))) widen(places, placesOf(view, row));
  }
  const lines: Line[] = [];
  let next = at;
  for (; next < rows.length && !isOther(rows[next]!); next++) {
    const row = rows[next]!;
    // The head comes again on each page.
    if (isSame(view, row, head)) continue;
    const cells = underHeads(places, placesOf(view, row), row.cells);
    if (!cells) break;
    const first = cells[0] ?? null;
    lines.push({ row, cells, full: indexed ? first !== null && isNumber(view, first) : !goesOn(view, columns, lines.at(-1), cells) });
  }
  if (lines.every(({ full, cells }) => full && cells.every(Boolean))) return null;
  const grouped = indexed ? byNumber(lines) : byWords(lines);
  const whole = grouped?.lines.map((group) => rowFrom(view, columns, group, grouped.sure));
  return whole && whole.length > 0 ? { rows: whole, next } : null;
}

const isSame = (view: View, row: Row, head: Row) =>
  row.cells.length === head.cells.length && row.cells.every((cell, i) => wordsOf(view, cell) === wordsOf(view, head.cells[i]));
const isHeading = (view: View, { cells }: Row) => cells.length === 1 && HEADING.test(wordsOf(view, cells[0]));
const isNumber = (view: View, cell: Cell) => /^\d{1,3}[.、]?$/.test(wordsOf(view, cell));

function placesOf({ source, at }: View, { start, cells }: Row): Place[] {
  const lineStart = source.lastIndexOf('\n', at[start]!) + 1;
  let [place, width] = [lineStart, 0];
  const widthTo = (end: number) => {
    for (; place < end && place < lineStart + WIDEST; place++) width += source.charAt(place) > '\u00ff' ? 2 : 1;
    return width;
  };
  return cells.map((cell) => ({ from: widthTo(at[cell.start]!), to: widthTo(at[cell.end - 1]! + 1) }));
}

function widen(places: Place[], more: readonly Place[]) {
  for (const [i, { from, to }] of more.entries()) places[i] = { from: Math.min(places[i]!.from, from), to: Math.max(places[i]!.to, to) };
}

/** Quotation marks and the like are as wide as a character or half of it, which nothing tells. */
const BEYOND = 4;

/** Each piece under the head that it begins with, else overlaps; null where one stands under none, several under the same, or one reaches over another's. */
function underHeads(heads: readonly Place[], pieces: readonly Place[], cells: readonly Cell[]): (Cell | null)[] | null {
  const placed = heads.map((): Cell | null => null);
  for (const [i, piece] of pieces.entries()) {
    const overlap = heads.map(({ from, to }) => Math.min(to, piece.to) - Math.max(from, piece.from));
    const flush = heads.findIndex(({ from }) => Math.abs(from - piece.from) <= 1);
    const best = flush >= 0 ? flush : overlap.indexOf(Math.max(...overlap));
    const [left, right] = [heads[best - 1]?.to ?? 0, heads[best + 1]?.from ?? WIDEST];
    if (overlap[best]! <= 0 || placed[best] || piece.from < left - BEYOND || piece.to > right + BEYOND) return null;
    placed[best] = cells[i]!;
  }
  return placed;
}

/** Without numbers, a line goes on from the one above where what it says of who and when is no name and no time, or that one broke off. */
function goesOn(view: View, columns: readonly Column[], above: Line | undefined, cells: readonly (Cell | null)[]): boolean {
  if (!above) return false;
  const told = columns.flatMap(({ kind }, i) => (isTold(kind) ? [{ kind, before: above.cells[i], cell: cells[i] }] : []));
  return (
    told.every(({ cell }) => !cell) ||
    told.some(
      ({ kind, before, cell }) => cell && (fit(wordsOf(view, cell), kind) < 0 || (before && /[、,和及与]$/.test(wordsOf(view, before)))),
    )
  );
}

function byWords(lines: readonly Line[]): { lines: Line[][]; sure: boolean } {
  const groups: Line[][] = [];
  for (const line of lines) {
    if (line.full || groups.length === 0) groups.push([line]);
    else groups.at(-1)!.push(line);
  }
  return { lines: groups, sure: false };
}

/** A row begins with its number; where lines come before the first, numbers stand in the middle of their rows, with as many lines below as above. */
function byNumber(lines: readonly Line[]): { lines: Line[][]; sure: boolean } | null {
  const first = lines.findIndex(({ full }) => full);
  if (first < 0) return null;
  const groups: Line[][] = [];
  let above = lines.slice(0, first);
  let below: Line[] = [];
  for (const line of lines.slice(first)) {
    if (!line.full) {
      below.push(line);
      continue;
    }
    if (groups.length > 0) {
      const own = first === 0 ? below.length : Math.min(below.length, groups.at(-1)!.length - 1);
      groups.at(-1)!.push(...below.slice(0, own));
      above = below.slice(own);
    }
    groups.push([...above, line]);
    [above, below] = [[], []];
  }
  groups.at(-1)!.push(...below);
  return groups.some((group) => group.length > MOST_LINES) ? null : { lines: groups, sure: first === 0 };
}

function rowFrom(view: View, columns: readonly Column[], lines: readonly Line[], clear: boolean): AlignedRow {
  const { row } = lines[0]!;
  const end = lines.at(-1)!.row.end;
  const cells = columns.map((_, i): Cell => {
    const [first, ...more] = lines.flatMap(({ cells: pieces }) => pieces[i] ?? []);
    if (!first) return { start: row.start, end: row.start };
    let before = first;
    return {
      ...first,
      ...(more.length > 0 && {
        more: more.map((piece) => {
          const apart = isTold(columns[i]!.kind) && isParted(view, before, piece);
          before = piece;
          return { ...piece, apart };
        }),
      }),
    };
  });
  const sure = lines.length === 1 || (clear && columns.every(({ kind }, i) => !isTold(kind) || fit(wordsOf(view, cells[i]), kind) >= 0));
  return { ...row, end, cells, sure };
}

/** Whether two lines of a cell hold a whole name each: 市财政局 above 市教育局. */
function isParted(view: View, above: Cell, below: Cell): boolean {
  const fold = (cell: Cell) => Array.from(wordsOf(view, cell), foldChar).join('');
  const last = /[^、,;]*$/.exec(fold(above))![0];
  return kindOf(last) === 'firm' && /^[省市县区州各国团]/.test(fold(below)) && beginsWithName(fold(below));
}
