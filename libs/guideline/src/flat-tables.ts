import { type Column, columnOf, INDEX, isRole, isTold } from './columns.js';
import { namesIn } from './names.js';
import { fits, type PlacedRow, placed, rowOf } from './placed-cells.js';
import { type Cell, type Row, wordsOf } from './rows.js';
import type { View } from './text-view.js';
import { isTimeWords } from './time-words.js';
import { kindOf } from './unit-names.js';
import { NOBODY } from './vocabulary.js';

/** A table that lost its line ends: the heads of its columns, and behind them, on the same line, its rows. `sure` rows have a cell for each head. */
export type FlatTable = { header: Row; columns: Column[]; rows: PlacedRow[]; end: number };

const MOST_COLUMNS = 12;
/** Cells of a row that nothing but single spaces part; more are no row. */
const MOST_CELLS = 30;
const ROLE_WORDS = /牵头|责任|负责|配合|主办|协办|承办|落实单位/;
const TASK_HEAD = /(?:重点|主要|具体|工作|目标|改革|整改|建设)*(?:任务|事项|措施|内容|举措|项目|目标|要求)(?:名称|内容|事项)?/y;
const OTHER_HEAD = /备注|类别|分类|领域|(?:分管|责任|牵头|包保|市级|省级|县级)?领导|责任人|负责人|联系人|联系电话|进展(?:情况)?|工作目标/y;
const INDEX_HEAD = /序号|编号|项次/y;
const ROLE_HEAD = /(?:主要|具体)?(?:牵头|责任|主办|承办|协办|配合|协同|参与|支持|指导|督导|负责|落实|实施)(?:单位|部门|处室|科室|机构)/y;
const DUE_HEAD = /(?:完成|办理|办结|整改|计划|预计|工作|推进)?(?:时限|时间|期限|日期)(?:要求|节点)?/y;

/** The flat table whose head stands in this line, with the rows behind it; null where there is none. */
export function flatTableAt(view: View, line: Row): FlatTable | null {
  const { text } = view;
  if (line.end - line.start < 24 || !ROLE_WORDS.test(text.slice(line.start, line.end))) return null;
  const cells = view.spaced ? [] : pieces(view, line.start, line.end);
  return cells.length > 5 ? inPieces(view, line, cells) : inRun(view, line);
}

/** What single spaces, tabs or bars part. */
function pieces(view: View, start: number, end: number): Cell[] {
  const found: Cell[] = [];
  let from = start;
  const add = (to: number) => {
    const words = view.text.slice(from, to);
    if (words === '' || /^[-:=—]{3,}$/.test(words)) return;
    // 任务分工表。序号
    const index = /.(?=(?:序号|编号|项次)$)/.exec(words);
    if (index) found.push({ start: from, end: from + index.index + 1 });
    found.push({ start: index ? from + index.index + 1 : from, end: to });
  };
  for (let at = start; at < end; at++) {
    const char = view.text.charAt(at);
    const mark =
      char === '\n' || char === '\t' || char === '|' || char === ' ' || (char === '、' && view.source.charAt(view.at[at]!) === ' ');
    if (mark || (at > start && view.at[at]! - view.at[at - 1]! > 1 && /\s/.test(view.source.charAt(view.at[at]! - 1)))) {
      add(at);
      from = mark ? at + 1 : at;
    }
  }
  add(end);
  return found;
}

/** Whether words are what Chinese tables write at the head of a column. */
export function isHead(words: string): boolean {
  if (words.length > 12) return false;
  const { kind } = columnOf(words);
  return kind === 'other' || kind === 'task' ? [TASK_HEAD, OTHER_HEAD].some((head) => matches(head, words, 0) === words.length) : true;
}

const isTableHead = (columns: readonly Column[]) =>
  columns.length > 2 && columns.some(({ kind }) => isRole(kind)) && columns.some(({ kind }) => kind === 'index' || kind === 'task');

function inPieces(view: View, line: Row, cells: readonly Cell[]): FlatTable | null {
  for (let from = 0; from < cells.length - 2; from++) {
    if (!isHead(wordsOf(view, cells[from]))) continue;
    let to = from;
    while (to < cells.length && to - from < MOST_COLUMNS && isHead(wordsOf(view, cells[to]))) to += 1;
    const index = cells.slice(from, to).findIndex((cell) => INDEX.test(wordsOf(view, cell)));
    const heads = cells.slice(from + Math.max(0, index), to);
    const columns = heads.map((cell) => columnOf(wordsOf(view, cell)));
    if (isTableHead(columns) && to < cells.length) {
      const rows = columns[0]!.kind === 'index' ? numbered(view, columns, cells, to) : counted(view, columns, cells, to);
      const told = rows.length > 0 ? { columns, rows } : unitsBehind(view, cells.slice(to, to + MOST_CELLS));
      if (told) return { header: rowOf('flat', heads), ...told, end: told.rows.at(-1)!.end };
    }
    from = to;
  }
  return null;
}

/** A table with a row to a line whose columns single spaces part, in any order and with any heads, as long as numbers come first. */
export function narrowTableAt(view: View, lines: readonly Row[], at: number): FlatTable | null {
  const line = lines[at]!;
  const isRow = (row: Row | undefined) =>
    row !== undefined && row.cells.length === 1 && /^\d{1,3}(?:[.、]|$|\D)/.test(view.text.slice(row.start, row.start + 4));
  if (
    line.cells.length > 1 ||
    line.end - line.start > 100 ||
    !isRow(lines[at + 1]) ||
    !ROLE_WORDS.test(view.text.slice(line.start, line.end))
  )
    return null;
  const heads = pieces(view, line.start, line.end);
  const columns = heads.map((cell) => columnOf(wordsOf(view, cell)));
  if (!isTableHead(columns) || columns[0]!.kind !== 'index' || heads.length > MOST_COLUMNS) return null;
  let next = at + 1;
  while (isRow(lines[next])) next += 1;
  const rows = numbered(view, columns, pieces(view, line.end, lines[next - 1]!.end), 0);
  return rows.length === 0 ? null : { header: line, columns, rows, end: rows.at(-1)!.end };
}

/** Rows that begin with their number. */
function numbered(view: View, columns: readonly Column[], cells: readonly Cell[], start: number): PlacedRow[] {
  const rows: Cell[][] = [];
  let last = 0;
  const least = 1 + columns.filter(({ kind }) => isRole(kind)).length;
  for (let at = start; at < cells.length; at++) {
    const cell = cells[at]!;
    const words = wordsOf(view, cell);
    const number = /^(\d{1,3})(?:$|[.、](?=\D|$))/.exec(words);
    const row = rows.at(-1);
    if (number && (row ? Number(number[1]) === last + 1 && row.length >= least : true)) {
      last = Number(number[1]);
      // 1.建设平台
      const behind = cell.start + number[0].length;
      rows.push(
        number[0].length < words.length
          ? [
              { start: cell.start, end: behind },
              { start: behind, end: cell.end },
            ]
          : [cell],
      );
    } else if (row) row.push(cell);
    else return [];
  }
  return rows.flatMap((row, i) => {
    // Behind the last row the document goes on.
    const whole = i === rows.length - 1 && fits(view, columns, row.slice(0, columns.length)) ? row.slice(0, columns.length) : row;
    return whole.length < least || whole.length > MOST_CELLS ? [] : [placed(view, columns, whole, 'flat')];
  });
}

/** Rows without numbers are told by their count of cells. */
function counted(view: View, columns: readonly Column[], cells: readonly Cell[], start: number): PlacedRow[] {
  const rows: PlacedRow[] = [];
  const width = columns.length;
  for (let at = start; at + width <= cells.length; at += width) {
    const row = cells.slice(at, at + width);
    if (!fits(view, columns, row)) break;
    rows.push({ ...rowOf('flat', row), sure: true });
  }
  return rows;
}

/** What can be told of a table whose rows cannot: the units that stand behind its head. */
function unitsBehind(view: View, cells: readonly Cell[]): { columns: Column[]; rows: PlacedRow[] } | null {
  const units = cells.slice(1).filter((cell) => kindOf(view.text.slice(cell.start, cell.end)) === 'firm');
  if (units.length === 0) return null;
  const columns = units.map((): Column => ({ kind: 'responsible', words: '', ambiguous: false }));
  const row = { start: cells[0]!.start, end: cells.at(-1)!.end, mark: 'flat', cells: [cells[0]!, ...units], sure: false };
  return { columns: [columnOf('任务'), ...columns], rows: [row] };
}

/** Nothing parts the cells: 序号工作任务牵头单位1建设平台市教育局2…. What each says is told from the right, and never certain. */
function inRun(view: View, line: Row): FlatTable | null {
  const { text } = view;
  let behind = line.start;
  for (const { index } of text.slice(line.start, line.end).matchAll(/序号|编号|项次/g)) {
    const at = line.start + index;
    if (at < behind) continue;
    const heads = headsFrom(text, at, line.end);
    behind = heads.at(-1)!.end;
    const columns = heads.map(({ start, end }) => columnOf(text.slice(start, end)));
    const rows = isTableHead(columns) ? rowsInRun(view, columns, behind, line.end) : [];
    if (rows.length > 0) return { header: rowOf('flat', heads), columns, rows, end: rows.at(-1)!.end };
  }
  return null;
}

function headsFrom(text: string, start: number, end: number): Cell[] {
  const heads: Cell[] = [];
  for (let at = start; at < end && heads.length < MOST_COLUMNS;) {
    const length = [INDEX_HEAD, TASK_HEAD, OTHER_HEAD, ROLE_HEAD, DUE_HEAD].map((head) => matches(head, text, at)).find((n) => n > 0);
    if (!length) break;
    heads.push({ start: at, end: at + length });
    at += length;
  }
  return heads;
}

const matches = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
};

function rowsInRun(view: View, columns: readonly Column[], start: number, end: number): PlacedRow[] {
  const { text } = view;
  if (!/\d/.test(text.charAt(start))) return [];
  const numbers: Cell[] = [];
  for (const found of text.slice(start, end).matchAll(/(?<![\d第.-])\d{1,3}(?:[.、](?!\d)|(?![\d.年月日号个项条%万亿]))/g)) {
    const at = start + found.index;
    const begins =
      numbers.length === 0 ? at === start : parseInt(found[0]) === numbers.length + 1 && isBehindCell(text.slice(numbers.at(-1)!.end, at));
    if (begins) numbers.push({ start: at, end: at + found[0].length });
    else if (numbers.length === 0) return [];
  }
  return numbers.map((number, i) => {
    const cells = cellsFromRight(text, columns, number.end, numbers[i + 1]?.start ?? end);
    return { ...rowOf('flat', [number, ...cells]), sure: false };
  });
}

/** Whether these words end as a row does: in a name, a time, or in what says that there is none. */
function isBehindCell(words: string): boolean {
  const tail = /[^、,;。:]{1,24}$/.exec(words)?.[0] ?? '';
  for (let from = 0; from < tail.length - 1; from++) if (isTimeWords(tail.slice(from)) || kindOf(tail.slice(from)) !== null) return true;
  return /[无—/]$/.test(tail);
}

function cellsFromRight(text: string, columns: readonly Column[], start: number, end: number): Cell[] {
  const cells: Cell[] = [];
  let to = end;
  for (let c = columns.length - 1; c > 0; c--) {
    const { kind } = columns[c]!;
    let from = to;
    if (kind === 'due') from = timeFrom(text, start, to);
    else if (isRole(kind)) from = namesFrom(text, start, to);
    else if (kind === 'task') from = columns.slice(1, c).some((column) => isTold(column.kind) || column.kind === 'task') ? to : start;
    cells.unshift({ start: from, end: to });
    to = from;
  }
  return cells;
}

const BEGINS_TIME = /^(?:\D\d|.[每长持常年全二“按逐贯即本今明])$/;

function timeFrom(text: string, start: number, end: number): number {
  for (let from = Math.max(start, end - 24); from < end - 1; from++)
    if (BEGINS_TIME.test(text.slice(from - 1, from + 1)) && isTimeWords(text.slice(from, end))) return from;
  return nobodyFrom(text, start, end);
}

const nobodyFrom = (text: string, start: number, end: number) =>
  [4, 3, 2, 1].map((length) => end - length).find((from) => from > start && NOBODY.test(text.slice(from, end))) ?? end;

/** Words that hold what begins a name, and do not begin one. */
const INSIDE_WORDS =
  /(?:[城都地门全我股上超集楼本][市]|[城家下][乡]|[园社地山校街市城景片小灾库全本郊][区]|全[省县国州]|[集发其从为当][中])$/;

/** Where the names of the last cell begin: the last place where nothing but names follows, and none that a 、 binds to what stands before. */
function namesFrom(text: string, start: number, end: number): number {
  const none = nobodyFrom(text, start, end);
  if (none < end) return none;
  for (let from = end - 2; from >= Math.max(start, end - 160); from--) {
    if (!/[省市县区州镇乡各国中团]/.test(text.charAt(from)) || /[、和及与,省市县区州镇乡各(]/.test(text.charAt(from - 1))) continue;
    if (INSIDE_WORDS.test(text.slice(from - 1, from + 1)) || /^(?:市场|区域|国有|中小|县域|乡村|国家级)/.test(text.slice(from, from + 3)))
      continue;
    const { names, unread } = namesIn(text, from, end);
    if (names.length > 0 && unread.length === 0 && names.every(({ kind }) => kind !== null)) return from;
  }
  return end;
}
