import type { Extent } from './markup.js';
import { joinLines, lineOf, type View, wordsIn } from './text-view.js';

/** One cell; `more` are the places it goes on at (the next line in a table that is drawn with rules). What stands `apart` is a name of its own. */
export type Cell = { start: number; end: number; more?: { start: number; end: number; apart?: boolean }[] };
export type Row = { start: number; end: number; cells: Cell[]; mark: string };

/** What parts the cells of a row: a bar, a tab, a gap of two spaces or more. */
export const GAP = ' ';
/** Columns parted by single spaces; only a head with a number first and roles last is taken for such a table. */
export const NARROW = 'narrow';

const RULE = /^[\s|:=+\-—─━═┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝╞╡╪]+$/;

/** The lines of a text as rows. Between the rules of a drawn table, lines are one row. */
export function rowsOf(view: View): Row[] {
  const { text } = view;
  const rows: Row[] = [];
  let held: Held = [];
  for (let start = 0; start < text.length;) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    if (view.cells && text.charAt(start) === '\t' && view.cells.has(view.at[start]!)) {
      rows.push(markupRow(view, view.cells, start, end, held));
      start = end + 1;
      continue;
    }
    if (end > start) held = [];
    const mark = markOf(view, start, end);
    // A bar alone on its line parts cells that stand on lines of their own.
    if (end > start && text.slice(start, end) !== '|') rows.push({ start, end, mark, cells: cellsOf(view, start, end, mark) });
    start = end + 1;
  }
  return withoutWraps(view, rows);
}

/** The cells that reach down into the rows below, by their column. */
type Held = { cell: Cell; rows: number }[];
/** No table that is read has more columns. */
const WIDEST = 40;

/** A row of an HTML table, with the tags around it. What is merged stands in every place it covers; a row that is one cell is a heading. */
function markupRow(view: View, extents: ReadonlyMap<number, Extent>, start: number, end: number, held: Held): Row {
  const own = cellsOf(view, start + 1, end, '\t');
  const row = { start: Math.max(0, start - 1), end: Math.min(view.text.length, end + 1), mark: '\t' };
  if (own.length === 1 && held.every(({ rows }) => rows === 0)) return { ...row, cells: own };
  const cells: Cell[] = [];
  for (let next = 0; cells.length < WIDEST;) {
    const above = held[cells.length];
    if (above && above.rows > 0) {
      above.rows -= 1;
      cells.push(above.cell);
      continue;
    }
    const cell = own[next++];
    if (!cell) break;
    const { across, down } = extents.get(view.at[cell.start - 1]!) ?? { across: 1, down: 1 };
    for (const to = Math.min(WIDEST, cells.length + across); cells.length < to;) {
      held[cells.length] = { cell, rows: down - 1 };
      cells.push(cell);
    }
  }
  return { ...row, cells };
}

export const isRule = ({ text }: View, { start, end }: Row) => RULE.test(text.slice(start, Math.min(end, start + 400)));

/** What stands between the pieces of a cell: names are parted, English words by a space. */
const joint = ({ text }: View, before: { end: number }, { start, apart }: { start: number; apart?: boolean }) =>
  apart
    ? /[ -~]/.test(text.charAt(before.end - 1))
      ? ';'
      : '、'
    : /[\w,;.)]/.test(text.charAt(before.end - 1)) && /[\w(]/.test(text.charAt(start))
      ? ' '
      : '';

export const wordsOf = (view: View, cell: Cell | undefined): string => {
  let words = cell ? wordsIn(view, cell.start, cell.end) : '';
  for (const [i, piece] of (cell?.more ?? []).entries())
    words += joint(view, cell!.more![i - 1] ?? cell!, piece) + wordsIn(view, piece.start, piece.end);
  return words;
};

export const lineOfCell = (view: View, cell: Cell): View => {
  const pieces = [cell, ...(cell.more ?? [])];
  return pieces.length === 1
    ? lineOf(view, cell.start, cell.end)
    : joinLines(
        view.source,
        pieces.map((piece, i) => ({
          line: lineOf(view, piece.start, piece.end),
          mark: pieces[i + 1] ? joint(view, piece, pieces[i + 1]!) : '',
        })),
      ).line;
};

/** What single spaces part in a row; null when that is too much for a row. */
export function narrowPieces(view: View, { start, end }: Row): Cell[] | null {
  const words: Cell[] = [];
  let from = start;
  for (let at = start + 1; at <= end; at++) {
    const apart = view.text.charAt(at) === ' ' || (view.text.charAt(at) === '、' && view.source.charAt(view.at[at]!) === ' ');
    if (at < end && view.at[at]! - view.at[at - 1]! === 1 && !apart) continue;
    if (words.length > 60) return null;
    words.push({ start: from, end: at });
    from = apart ? at + 1 : at;
  }
  return words;
}

/** The cells of such a row: a number, what is to be done, `last` more. Null when it is none. */
export function narrowCells(view: View, row: Row, last: number): Cell[] | null {
  const words = narrowPieces(view, row);
  if (!words || words.length < last + 2) return null;
  return [words[0]!, { start: words[1]!.start, end: words.at(-last - 1)!.end }, ...words.slice(-last)];
}

/** Puts the lines of each row of a drawn table together. Such a table has a rule at its head, under its head and at its foot at least. */
function withoutWraps(view: View, rows: readonly Row[]): Row[] {
  const whole: Row[] = [];
  for (let i = 0; i < rows.length;) {
    let end = i;
    while (end < rows.length && (rows[end]!.mark === '|' || isRule(view, rows[end]!))) end += 1;
    const block = rows.slice(i, end);
    if (block.filter((row) => isRule(view, row)).length < 3) {
      for (const row of rows.slice(i, end + 1)) whole.push(row);
      i = end + 1;
      continue;
    }
    for (const row of merged(view, block)) whole.push(row);
    i = end;
  }
  return whole;
}

function merged(view: View, block: readonly Row[]): Row[] {
  const groups: Row[][] = [[]];
  for (const row of block) {
    if (isRule(view, row)) groups.push([]);
    else groups.at(-1)!.push(row);
  }
  const full = groups.filter((group) => group.length > 0);
  // One rule under the head only: there a line belongs to the row above when it has no first cell.
  const ruled = full.length > 2;
  return full.flatMap((group) => {
    const rows: Row[] = [];
    for (const row of group) {
      const above = rows.at(-1);
      if (!above || above.cells.length !== row.cells.length || !(ruled || wordsOf(view, row.cells[0]) === '')) rows.push({ ...row });
      else {
        above.end = row.end;
        above.cells = above.cells.map((cell, i) => {
          const next = row.cells[i]!;
          return wordsOf(view, next) === '' ? cell : { ...cell, more: [...(cell.more ?? []), { start: next.start, end: next.end }] };
        });
      }
    }
    return rows;
  });
}

function markOf({ text }: View, start: number, end: number): string {
  const line = text.slice(start, end);
  return line.includes('|') ? '|' : line.includes('\t') ? '\t' : GAP;
}

function cellsOf(view: View, start: number, end: number, mark: string): Cell[] {
  const cells: Cell[] = [];
  let from = start;
  for (let at = start; at < end; at++) {
    const apart = mark === GAP ? at > start && isGap(view, at) : view.text.charAt(at) === mark;
    if (!apart) continue;
    cells.push({ start: from, end: at });
    from = mark === GAP ? at : at + 1;
  }
  cells.push({ start: from, end });
  if (mark !== '|') return cells;
  const { text } = view;
  // A row that begins and ends with a bar has no cell outside of them.
  const first = text.slice(start, end).trimStart().startsWith('|') ? 1 : 0;
  return cells.slice(first, text.slice(start, end).trimEnd().endsWith('|') ? -1 : undefined);
}

/** Two spaces or a wide one in the source, before this character. */
function isGap({ text, at, source }: View, offset: number): boolean {
  // Between Latin words one of the spaces stays.
  if (text.charAt(offset) === ' ') return false;
  const from = at[offset - (text.charAt(offset - 1) === ' ' ? 2 : 1)]! + 1;
  const gap = at[offset]! - from;
  // What Markdown prints bold leaves its marks there, and they part nothing.
  return gap >= 2 ? /\s{2}|\u3000/.test(source.slice(from, from + gap)) : gap === 1 && source.charAt(from) === '\u3000';
}
