import { type Column, columnOf, columnsOf, fit, INDEX, isRole, isTold } from './columns.js';
import { isHead as isChineseHead } from './flat-tables.js';
import { comesAfter, follows, isFirst, type Numeral, numeralOf } from './numerals.js';
import { fitOf, fits, placed, type PlacedRow, rowOf } from './placed-cells.js';
import { type Cell, lineOfCell, type Row, wordsOf } from './rows.js';
import { blanksAbove, cellOf, GROUP } from './stacked-lines.js';
import { unnumberedRows } from './unnumbered-rows.js';
import type { View } from './text-view.js';

/** A table that came with each cell on a line of its own: the heads of its columns, then its rows. */
export type Stack = { header: Row; columns: Column[]; rows: PlacedRow[]; next: number };

const MOST_COLUMNS = 10;
/** Lines that a row may have more than there are columns: names of a cell on lines of their own, the heading above the next row. */
const MOST_MORE = 16;
/** Behind the last row the document goes on: no more of it is tried as a part of the row. */
const MOST_TRIED = 6;
const MARK = 'stacked';
const ENGLISH_HEAD =
  /^(?:(?:key|strategic|priority|proposed|recommended|policy) )?(?:actions?|tasks?|activit(?:y|ies)|measures?|initiatives?|deliverables?|objectives?|commitments?|recommendations?|milestones?|steps?|what|status|progress|notes?|comments?|remarks|budget|costs?|funding|resources?|outcomes?|outputs?|indicators?|kpis?|theme|priority)$/i;

/** Whether words stand at the head of a column and nowhere else. */
function isClearHead(words: string): boolean {
  if (words.length > 32) return false;
  const { kind } = columnOf(words);
  return isTold(kind) || kind === 'index' || isChineseHead(words) || ENGLISH_HEAD.test(words);
}

/** Words that may stand at the head of a column, beside clear ones. */
const mayBeHead = (words: string) =>
  words !== '' &&
  words.length <= 32 &&
  !/^\d/.test(words) &&
  !GROUP.test(words) &&
  !numeralOf(words) &&
  (words.length <= 16 || columnOf(words).kind !== 'other');

/**
 * The stacked table whose first line is `lines[at]`; null where there is none. A row begins with a number that counts on, or follows the row
 * above with as many lines as there are columns; where lines are missing, or a cell has several, they are set where their words fit. Headings,
 * numbers of pages and the head itself may stand between rows; the rows end where nothing fits any more.
 */
export function stackAt(view: View, lines: readonly Row[], at: number): Stack | null {
  const wordsAt = (i: number) => (lines[i]?.cells.length === 1 ? lineOfCell(view, lines[i].cells[0]!).text.trim() : '');
  const first = wordsAt(at);
  if (!mayBeHead(first) || columnOf(first).kind === 'other') return null;
  const heads: string[] = [];
  while (heads.length < MOST_COLUMNS && mayBeHead(wordsAt(at + heads.length))) heads.push(wordsAt(at + heads.length));
  // What stands above 序号 is the table's title.
  if (heads.length < 2 || heads.slice(1).some((words) => INDEX.test(words))) return null;
  const behind = at + heads.length;
  // One heading may stand above the first number; a time is the cell of a row.
  const start = [behind, behind + 1].find((i) => numeralOf(wordsAt(i)) && (i === behind || fit(wordsAt(behind), 'due') <= 0));
  const head = start === undefined ? null : headAbove(wordsAt, start, heads);
  const count = head?.lines ?? heads.findLastIndex(isClearHead) + 1;
  if (count < 2 || (start !== undefined && !head)) return null;
  const shown = heads.slice(0, count);
  const columns = columnsOf(head?.heads ?? shown);
  if (!columns.some(({ kind }) => isRole(kind))) return null;
  const header = rowOf(
    MARK,
    lines.slice(at, at + count).map(({ cells }) => cells[0]!),
  );
  const isHead = (i: number) => shown.every((words, c) => wordsAt(i + c) === words);
  const numbered = start !== undefined && columns.length > 2 ? numberedRows(view, lines, start, columns, isHead, count) : null;
  // (1)发展服务业。 may be a heading above rows that have no numbers: then there are more of these.
  const inWords = start !== undefined && numeralOf(wordsAt(start))!.length < wordsAt(start).length;
  const mayLackNumbers = isClearHead(first) && (start === undefined || inWords);
  const unnumbered = mayLackNumbers ? unnumberedRows(view, lines, at + count, columns, isHead, count) : null;
  const found = unnumbered && told(unnumbered) > (numbered ? told(numbered) : 0) ? unnumbered : numbered;
  if (!found) return null;
  const end = found.rows.at(-1)!.end;
  let next = found.next;
  while (next > at + count && lines[next - 1]!.start >= end) next -= 1;
  return { header, columns: found.columns, rows: found.rows, next };
}

type Rows = { columns: Column[]; rows: PlacedRow[]; next: number };

/** How many rows say who or when. */
const told = ({ columns, rows }: Rows) =>
  rows.filter(({ cells }) => columns.some(({ kind }, i) => isTold(kind) && cells[i] && cells[i].end > cells[i].start)).length;

/**
 * The heads above rows that are numbered, and on how many lines they stand: a heading may follow them, one may go on over two lines, and that of the
 * numbers may be missing. How far it is to the second number tells. Null where the first line is a title.
 */
function headAbove(
  wordsAt: (i: number) => string,
  start: number,
  heads: readonly string[],
): { heads: readonly string[]; lines: number } | null {
  const number = numeralOf(wordsAt(start))!;
  const lines = heads.length;
  const clear = heads.findLastIndex(isClearHead) + 1;
  const bare = number.length === wordsAt(start).length && !INDEX.test(heads[0]!);
  for (let i = start + 2; i <= start + lines + 1; i++) {
    const other = numeralOf(wordsAt(i));
    if (!other || !follows(other, number)) continue;
    const width = i - start;
    if (width === lines) break;
    if (width === clear) return { heads: heads.slice(0, clear), lines: clear };
    if (bare && (width === lines + 1 || width === clear + 1)) return { heads: ['序号', ...heads.slice(0, width - 1)], lines: width - 1 };
    const joined = joinedHeads(heads);
    if (joined.length === width) return { heads: joined, lines };
    if (width === lines - 1 && !isClearHead(heads[0]!)) return null;
  }
  return { heads, lines };
}

/** Heads whose words a line end has parted: 完成 above 时限, Lead above agency. */
function joinedHeads(heads: readonly string[]): string[] {
  const joined: string[] = [];
  let above = '';
  for (const words of heads) {
    const both = above + (/[a-z]$/i.test(above) ? ' ' : '') + words;
    const { kind } = columnOf(both);
    const alike = columnOf(above).kind === kind && columnOf(words).kind === kind;
    const goesOn = above !== '' && kind !== 'other' && (alike || !isClearHead(words) || !isClearHead(above));
    if (goesOn) joined[joined.length - 1] = both;
    else joined.push(words);
    above = goesOn ? '' : words;
  }
  return joined;
}

/** `closed`: the head stands behind it again, and what is above that need not be the row's. */
type Group = { at: number[]; cells: Cell[]; closed: boolean };

/** The rows from the number in line `start` on, each with the lines down to the next number; null where they say nothing of who and when. */
function numberedRows(
  view: View,
  lines: readonly Row[],
  start: number,
  columns: Column[],
  isHead: (i: number) => boolean,
  headLength: number,
): Rows | null {
  const width = columns.length;
  const kinds = numberFirst(columns);
  const numeralAt = (i: number) => (lines[i]?.cells.length === 1 ? numeralOf(wordsOf(view, lines[i].cells[0])) : null);
  const groups: Group[] = [];
  let last: Numeral | null = null;
  const isNext = (i: number) => {
    const number = numeralAt(i);
    return number !== null && last !== null && follows(number, last);
  };
  const isHeading = (i: number) => lines[i]?.cells.length === 1 && GROUP.test(wordsOf(view, lines[i].cells[0]));
  /** Whether the number is a page's: nothing comes behind it, or the head, or the next row, which a heading may stand above. */
  const isPage = (number: Numeral, i: number, whole: boolean): boolean => {
    // A row has more than its number and one cell, and one that does not count on has no line less than there are columns.
    const counts = last !== null && follows(number, last);
    const isShort = Array.from({ length: counts ? 2 : width - 1 }, (_, more) => i + 1 + more);
    if (isShort.some(isHead) || (isHeading(i + 1) && isHead(i + 3))) return true;
    return whole && (i + 1 >= lines.length || isNext(i + 1) || ((!counts || isHeading(i + 1)) && isNext(i + 2)));
  };
  /** What the line says about rows: one begins, a heading of two lines stands there, a page's number, or a part of the row above. */
  const roleOf = (number: Numeral | null, i: number): 'row' | 'heading' | 'page' | 'cell' => {
    const row = groups.at(-1);
    if (!number) return 'cell';
    const whole = !row || isWhole(view, kinds, row.cells);
    if (number.parts.length === 1 && row && isPage(number, i, whole)) return 'page';
    const [then, later] = [numeralAt(i + 1), numeralAt(i + 2)];
    if (!last || number.shape !== last.shape) {
      const shape = last?.shape ?? later?.shape;
      if (whole && !then && later && later.shape === shape && shape !== number.shape && (!last || follows(later, last) || isFirst(later)))
        return 'heading';
      return last ? 'cell' : 'row';
    }
    if (follows(number, last)) {
      const full = row!.at[0]! + width;
      const counted = i < full ? numeralAt(full) : null;
      // The number of trees to plant is no number of a row.
      return row!.cells.length < 2 || (counted && follows(counted, last)) ? 'cell' : 'row';
    }
    return whole && (comesAfter(number, last) || isFirst(number)) ? 'row' : 'cell';
  };
  let next = start;
  for (; next < lines.length; next++) {
    const row = groups.at(-1);
    // Nothing but a head, a heading and the number of a page stand between the lines of a table.
    if (next > (row?.at.at(-1) ?? start) + headLength + 4) break;
    if (isHead(next)) {
      if (row) row.closed = true;
      next += headLength - 1;
      continue;
    }
    if (row && isHeading(next) && (isHead(next + 1) || isNext(next + 1))) continue;
    const cell = cellOf(view, lines[next]);
    if (!cell || INDEX.test(wordsOf(view, cell)) || (row && row.cells.length > width + MOST_MORE)) break;
    const number = numeralAt(next);
    const role = roleOf(number, next);
    if (role === 'row') {
      groups.push({ at: [next], cells: parted(cell, number!, wordsOf(view, cell), columns[0]!), closed: false });
      last = number;
    } else if (role === 'heading') next += 1;
    else if (role === 'cell' && row) {
      row.at.push(next);
      row.cells.push(cell);
    }
  }
  const gaps = groups.flatMap(({ at }) => at.slice(1).map((i) => blanksAbove(view, lines, i)));
  const normal = Math.min(...gaps, 9);
  const between = Math.min(...groups.slice(1).map(({ at }) => blanksAbove(view, lines, at[0]!)), 9);
  const rows = groups.flatMap((group, i) => {
    const below = groups[i + 1];
    const filled = withBlanks(view, lines, group, below ? below.at[0]! : null, width, normal, between);
    const row =
      filled && fits(view, kinds, filled)
        ? { ...rowOf(MARK, filled), sure: true }
        : rowFrom(view, kinds, group.cells, !below || group.closed);
    return row ?? [];
  });
  const says = ({ cells }: PlacedRow) => cells.some((cell) => saysTold(view, cell));
  const none = rows.every(({ cells }) => cells.length < width) && rows.filter(says).length <= rows.length / 2;
  return none ? null : { columns, rows, next };
}

/** 1.建设平台 under 序号 is two cells. */
function parted(cell: Cell, { length }: Numeral, words: string, { kind }: Column): Cell[] {
  if (length === words.length || kind !== 'index') return [cell];
  return [
    { start: cell.start, end: cell.start + length },
    { ...cell, start: cell.start + length },
  ];
}

/** The cells of a row with the empty ones that blank lines stand for; null where those do not make it whole. */
function withBlanks(
  view: View,
  lines: readonly Row[],
  { at, cells }: Group,
  below: number | null,
  width: number,
  normal: number,
  between: number,
): Cell[] | null {
  if (cells.length >= width || cells.length !== at.length) return null;
  const empty = (count: number, place: number) => Array.from({ length: Math.max(0, count) }, (): Cell => ({ start: place, end: place }));
  const more = (i: number, least: number) => Math.floor((blanksAbove(view, lines, i) - least) / (normal + 1));
  const filled = cells.flatMap((cell, i) => (i === 0 ? [cell] : [...empty(more(at[i]!, normal), cell.start), cell]));
  if (below !== null) filled.push(...empty(more(below, between), cells.at(-1)!.end));
  return filled.length === width ? filled : null;
}

/** Whether a row has all its cells and another may begin. */
const isWhole = (view: View, columns: readonly Column[], cells: readonly Cell[]) =>
  cells.length >= columns.length && (cells.length === columns.length || fits(view, columns, cells.slice(0, columns.length)));

/** The number may stand where the head says what is to be done: 1. Enact the bill. */
const numberFirst = (columns: readonly Column[]): Column[] =>
  columns.map((column, i) => (i === 0 && column.kind === 'task' ? { ...column, kind: 'other' } : column));

function rowFrom(view: View, kinds: readonly Column[], lines: readonly Cell[], isLast: boolean): PlacedRow | null {
  const width = kinds.length;
  const cells = isLast ? lines.slice(0, lengthOfLast(view, kinds, lines)) : lines;
  if (cells.length < 3) return null;
  // A row that the next number cuts short is set in its columns later.
  if (cells.length < width) return { ...rowOf(MARK, cells), sure: width - cells.length <= 3 };
  if (cells.length === width) {
    if (fits(view, kinds, cells)) return { ...rowOf(MARK, cells), sure: true };
    const other = placed(view, kinds, cells, MARK);
    const better = fits(view, kinds, other.cells) && other.cells.every((cell, i) => !isRole(kinds[i]!.kind) || cell.end > cell.start);
    return better ? other : { ...rowOf(MARK, cells), sure: false };
  }
  const more = cells.slice(width);
  const isMore = more.every((cell) => GROUP.test(wordsOf(view, cell))) || (more.length === 1 && !saysTold(view, more[0]!));
  if (fits(view, kinds, cells.slice(0, width)) && isMore) return { ...rowOf(MARK, cells.slice(0, width)), sure: true };
  return placed(view, kinds, cells, MARK);
}

/** How many lines the last row has, behind which the document goes on: as many as there are columns, else those that say most of who and when. */
function lengthOfLast(view: View, kinds: readonly Column[], cells: readonly Cell[]): number {
  if (cells.length <= 3 || fits(view, kinds, cells.slice(0, kinds.length))) return Math.min(cells.length, kinds.length);
  const lengths = Array.from({ length: Math.min(cells.length, kinds.length + MOST_TRIED) - 2 }, (_, i) => i + 3);
  const told = lengths.map((length) => {
    const row = placed(view, kinds, cells.slice(0, length), MARK);
    return kinds.reduce((sum, { kind }, i) => (isTold(kind) ? sum + fitOf(wordsOf(view, row.cells[i]), kind) : sum), 0);
  });
  return lengths[told.indexOf(Math.max(...told))]!;
}

const saysTold = (view: View, cell: Cell) => fit(wordsOf(view, cell), 'responsible') > 0 || fit(wordsOf(view, cell), 'due') > 0;
