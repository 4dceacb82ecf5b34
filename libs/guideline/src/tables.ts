import { type Column, columnOf, columnsOf, fit, INDEX, isRole, isTold } from './columns.js';
import { alignedRows } from './aligned-rows.js';
import { type FlatTable, flatTableAt, narrowTableAt } from './flat-tables.js';
import type { FoundList } from './found-list.js';
import { headlessTableAt } from './headless-tables.js';
import { legendIn, matrixColumns } from './matrix.js';
import { placed, type PlacedRow } from './placed-cells.js';
import { readWords } from './read-line.js';
import { GAP, isRule, lineOfCell, NARROW, narrowCells, narrowPieces, type Row, rowsOf, wordsOf } from './rows.js';
import { type Stack, stackAt } from './stacked-rows.js';
import { listInRow, type Table } from './table-rows.js';
import { type View, wordsIn } from './text-view.js';
import { kindOf } from './unit-names.js';

/** A quick look, before each cell is read as the head of a column. */
const NAMES_ROLES =
  /单位|部门|机关|机构|科室|牵头|责任|负责|配合|主办|协办|分工|lead|respons|support|agenc|owner|partner|who|officer|position|post/i;

/** Rows of tables whose head names roles: tabs, Markdown, or columns set apart by spaces. Columns may come in any order. */
export function listsInTables(view: View): { lists: FoundList[]; tables: { start: number; end: number }[] } {
  const lists: FoundList[] = [];
  const tables: { start: number; end: number }[] = [];
  const rows = rowsOf(view);
  for (let i = 0; i < rows.length; i++) {
    const flat = flatTableAt(view, rows[i]!);
    if (flat) {
      lists.push(...listsInPlaced(view, flat, true));
      tables.push({ start: flat.header.start, end: flat.end });
      continue;
    }
    const stack = stackAt(view, rows, i);
    if (stack) {
      lists.push(...listsInPlaced(view, stack, false));
      tables.push({ start: stack.header.start, end: stack.rows.at(-1)!.end });
      i = stack.next - 1;
      continue;
    }
    const table = tableAt(view, rows, i);
    const narrow = table ? null : narrowTableAt(view, rows, i);
    if (narrow) {
      lists.push(...listsInPlaced(view, narrow, true));
      tables.push({ start: narrow.header.start, end: narrow.end });
      continue;
    }
    const headless = table ? null : headlessTableAt(view, rows, i);
    if (headless) {
      lists.push(...headless.lists);
      tables.push({ start: rows[i]!.start, end: headless.end });
      i = headless.next - 1;
      continue;
    }
    if (!table) continue;
    const { lists: inside, end, next } = listsBelow(view, rows, i, table);
    lists.push(...inside);
    tables.push({ start: table.header.start, end });
    i = next - 1;
  }
  return { lists, tables };
}

/** What the rows below a head say; `next` is the first line behind the table. */
function listsBelow(view: View, rows: readonly Row[], at: number, table: Table): { lists: FoundList[]; end: number; next: number } {
  const lists: FoundList[] = [];
  const group: string[] = [];
  let end = rows[at]!.end;
  let above: { list: FoundList; row: Row } | null = null;
  const add = (row: Row, doubt: string | null, more = false) => {
    const list = listInRow(view, table, row, (more ? lists.at(-2) : above?.list) ?? null, group);
    end = row.end;
    if (!list) return;
    above = { list: doubt ? { ...list, notices: [{ code: doubt, details: {} }] } : list, row };
    if (more) lists.pop();
    lists.push(above.list);
  };
  let mayWrap = table.mark === GAP && !table.legend;
  let next = at + 1;
  for (; next < rows.length; next++) {
    const row: Row | null = table.mark === NARROW ? narrowRow(view, rows[next]!, table) : rows[next]!;
    if (!row) break;
    if (isRule(view, row)) continue;
    const aligned = mayWrap ? alignedRows(view, rows, next, table) : null;
    mayWrap = false;
    if (aligned) {
      for (const whole of aligned.rows) if (headingIn(view, table, whole) === null) add(whole, whole.sure ? null : 'row.wrapped');
      next = aligned.next - 1;
      continue;
    }
    // 牵头 and 配合 in the cells of a matrix are no heads.
    if ((!table.legend || row.cells.length !== table.columns.length) && tableAt(view, rows, next)) break;
    const whole = above && !table.legend ? withMore(view, table, (above as { row: Row }).row, row) : null;
    if (whole) {
      add(whole, 'row.wrapped', true);
      continue;
    }
    if (row.mark !== table.mark || row.cells.length < Math.min(2, table.columns.length)) {
      if (!resumes(rows, next, table)) break;
      mayWrap = table.mark === GAP && !table.legend;
      group.splice(0, 1, wordsIn(view, row.start, row.end));
      continue;
    }
    const heading = table.legend ? null : headingIn(view, table, row);
    if (heading !== null) group.splice(0, 1, heading);
    else add(row, (row as Partial<PlacedRow>).sure === false ? 'table.flat' : null);
  }
  return { lists, end, next };
}

/** The row above with the units that this row or line adds to one of its cells, and says nothing else: the cell was broken into lines. */
function withMore(view: View, { columns, mark }: Table, above: Row, row: Row): Row | null {
  const place = row.mark === mark ? onlyCell(view, row) : row.cells.length === 1 ? lastCell(view, above) : -1;
  const cell = row.mark === mark ? row.cells[place] : row.cells[0];
  if (!cell || !isRole(columns[place]?.kind ?? 'other') || !above.cells[place] || row.end - row.start > 200) return null;
  const { named, unread, verbs } = readWords(lineOfCell(view, cell).text, 'responsible');
  if (verbs > 0 || unread.length > 0 || named.length === 0 || named.some(({ kind }) => kind !== 'firm' && kind !== 'many')) return null;
  const before = above.cells[place];
  const whole = wordsOf(view, before) === '' ? cell : { ...before, more: [...(before.more ?? []), { ...cell, apart: true }] };
  return { ...above, end: row.end, cells: above.cells.with(place, whole) };
}

const lastCell = (view: View, { cells }: Row) => cells.findLastIndex((cell) => wordsOf(view, cell) !== '');
/** The place of the one cell of a row that says something, not the first. */
function onlyCell(view: View, row: Row): number {
  const last = lastCell(view, row);
  return last > 0 && row.cells.findIndex((cell) => wordsOf(view, cell) !== '') === last ? last : -1;
}

/** `inherits`: an empty cell stands for the one above. */
function listsInPlaced(view: View, { header, columns, rows }: FlatTable | Stack, inherits: boolean): FoundList[] {
  const lists: FoundList[] = [];
  for (const row of rows) {
    const list = listInRow(view, { columns, mark: row.mark, header, legend: null }, row, inherits ? (lists.at(-1) ?? null) : null, []);
    if (list) lists.push(row.sure ? list : { ...list, notices: [{ code: 'table.flat', details: {} }] });
  }
  return lists;
}

/** A row that says nothing about who and when, and is numbered 一 or has its first cell only, is a heading: | 一 | 交通项目 | | |. */
function headingIn(view: View, { columns }: Table, row: Row): string | null {
  const words = row.cells.map((cell) => wordsOf(view, cell));
  if (columns.some(({ kind }, i) => isTold(kind) && words[i])) return null;
  const said = words.filter(Boolean);
  if (/^(?:总分|合计|总计|小计)/.test(said[0] ?? '')) return said.join('');
  const numbered = /^[(（]?[一二三四五六七八九十]{1,3}(?:[)）]?[、.．]?$|[、.．)）])/.test(said[0] ?? '');
  return numbered || (said.length === 1 && words[0] !== '') ? said.join('') : null;
}

/** A line between rows is a heading inside the table when rows of the same width follow soon. */
function resumes(rows: readonly Row[], at: number, table: Table): boolean {
  return rows
    .slice(at + 1, at + 3)
    .some((row) => row.mark === table.mark && row.cells.length >= table.columns.length - 1 && row.cells.length > 1);
}

function tableAt(view: View, rows: readonly Row[], at: number): Table | null {
  const row = rows[at]!;
  if (row.cells.length > 30 || row.end - row.start > 1_000) return null;
  const below = rows.slice(at + 1, at + 5).filter((next) => next.mark === row.mark && !isRule(view, next));
  const units = matrixColumns(view, row, below);
  if (units) return { columns: units, mark: row.mark, header: row, legend: legendIn(view) };
  if (!NAMES_ROLES.test(view.text.slice(row.start, row.end))) return null;
  if (row.cells.length < 2) return narrowTable(view, row);
  const columns = underUpper(view, headsOf(view, row), row, rows[at - 1]);
  if (!columns.some(({ kind }) => isRole(kind))) setBareHead(view, columns, below[0]);
  return isHead(columns) ? { columns, mark: row.mark, header: row, legend: null } : null;
}

const headsOf = (view: View, row: Row) => columnsOf(row.cells.map((cell) => lineOfCell(view, cell).text.trim()));
const isHead = (columns: readonly Column[]) =>
  columns.some(({ kind }) => isRole(kind)) && columns.filter(({ kind }) => kind !== 'other').length >= 2;

/** 单位 at the head of a column counts kilograms, or names who does it: the row below shows which. */
function setBareHead(view: View, columns: Column[], below: Row | undefined) {
  const bare = columns.findIndex(({ words }) => /^(?:单位|部门|科室)$/.test(words));
  const cell = below?.cells[bare];
  const kind = cell ? kindOf(lineOfCell(view, cell).text.split(/[、,;]/, 1)[0]!) : null;
  if (kind === 'firm' || kind === 'many') columns[bare] = { ...columns[bare]!, kind: 'responsible' };
}

/** A head in two rows has 责任分工 over 牵头单位 and 配合单位; what stands once stands in the upper. */
function underUpper(view: View, columns: readonly Column[], row: Row, upper: Row | undefined): Column[] {
  if (!upper || upper.mark !== row.mark || upper.cells.length !== columns.length || isRule(view, upper)) return [...columns];
  const heads = headsOf(view, upper);
  return columns.map((column, i) => (column.words === '' ? heads[i]! : column));
}

/** 序号 工 作 任 务 牵头单位, parted by single spaces: a number first, roles and dates last, between them what is to be done. */
function narrowTable(view: View, header: Row): Table | null {
  if (header.end - header.start > 80) return null;
  const last = [1, 2, 3].findLast((count) => {
    const cells = narrowCells(view, header, count);
    return cells?.slice(2).every((cell) => isTold(columnOf(wordsOf(view, cell)).kind));
  });
  const cells = last ? narrowCells(view, header, last)! : null;
  if (!cells || !INDEX.test(wordsOf(view, cells[0]))) return null;
  const columns = cells.map((cell) => columnOf(wordsOf(view, cell)));
  return columns.some(({ kind }) => isRole(kind)) ? { columns, mark: NARROW, header, legend: null } : null;
}

function narrowRow(view: View, row: Row, { columns }: Table): Row | null {
  const cells = narrowCells(view, row, columns.length - 2);
  if (!cells || !/^\d{1,3}$/.test(wordsOf(view, cells[0]))) return null;
  // A name before the last cells may be one of them: 3 优化服务 市民政局 市妇联.
  const pieces = narrowPieces(view, row)!;
  const isName = fit(wordsOf(view, pieces.at(1 - columns.length)), 'responsible') > 0 && pieces.length > columns.length;
  return isName ? { ...placed(view, columns, pieces, NARROW), end: row.end } : { ...row, cells, mark: NARROW };
}
