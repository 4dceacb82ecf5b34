import { joinLines, lineOf, type View, wordsIn } from './text-view.js';

/** One cell; `more` are the lines it goes on over in a table that is drawn with rules. */
export type Cell = { start: number; end: number; more?: { start: number; end: number }[] };
export type Row = { start: number; end: number; cells: Cell[]; mark: string };

/** What parts the cells of a row: a bar, a tab, a gap of two spaces or more. */
const GAP = ' ';
/** Columns parted by single spaces; only a head with a number first and roles last is taken for such a table. */
export const NARROW = 'narrow';

const RULE = /^[\s|:=+\-—─━═┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝╞╡╪]+$/;

/** The lines of a text as rows. Between the rules of a drawn table, lines are one row. */
export function rowsOf(view: View): Row[] {
  const { text } = view;
  const rows: Row[] = [];
  for (let start = 0; start < text.length;) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const mark = markOf(view, start, end);
    if (end > start) rows.push({ start, end, mark, cells: cellsOf(view, start, end, mark) });
    start = end + 1;
  }
  return withoutWraps(view, rows);
}

export const isRule = ({ text }: View, { start, end }: Row) => RULE.test(text.slice(start, Math.min(end, start + 400)));

export const wordsOf = (view: View, cell: Cell | undefined): string =>
  cell ? [cell, ...(cell.more ?? [])].map(({ start, end }) => wordsIn(view, start, end)).join('') : '';

export const lineOfCell = (view: View, cell: Cell): View =>
  cell.more
    ? joinLines(
        view.source,
        [cell, ...cell.more].map(({ start, end }) => ({ line: lineOf(view, start, end), mark: '' })),
      ).line
    : lineOf(view, cell.start, cell.end);

/** The cells of a row whose columns are parted by single spaces: a number, what is to be done, `last` more. Null when it is no such row. */
export function narrowCells(view: View, { start, end }: Row, last: number): Cell[] | null {
  const words: Cell[] = [];
  let from = start;
  for (let at = start + 1; at <= end; at++) {
    const apart = view.text.charAt(at) === ' ' || (view.text.charAt(at) === '、' && view.source.charAt(view.at[at]!) === ' ');
    if (at < end && view.at[at]! - view.at[at - 1]! === 1 && !apart) continue;
    if (words.length > 60) return null;
    words.push({ start: from, end: at });
    from = apart ? at + 1 : at;
  }
  if (words.length < last + 2) return null;
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
function isGap({ at, source }: View, offset: number): boolean {
  const from = at[offset - 1]! + 1;
  const gap = at[offset]! - from;
  return gap >= 2 || (gap === 1 && source.charAt(from) === '\u3000');
}
