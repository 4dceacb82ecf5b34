import type { UnitRole } from '@app/domain/task.js';
import { emptyReading, type Notice, type Reading } from './reading.js';
import { englishLabelIn } from './english.js';
import { unitsAbove } from './as-above.js';
import type { FoundList, Inherited } from './found-list.js';
import { readWords } from './read-line.js';
import { type Cell, isRule, lineOfCell, NARROW, narrowCells, type Row, rowsOf, wordsOf } from './rows.js';
import { stackAt } from './stacked-rows.js';
import { joinLines, type View, wordsIn } from './text-view.js';
import { AS_ABOVE, labelIn } from './vocabulary.js';

/** A quick look, before each cell is read as the head of a column. */
const NAMES_ROLES = /单位|部门|机关|机构|牵头|责任|负责|配合|主办|协办|分工|lead|respons|support|agenc|owner|partner|who/i;

type Column = { kind: UnitRole | 'due' | 'index' | 'task' | 'other'; words: string; ambiguous: boolean };
type Table = { columns: Column[]; mark: string; header: Row };

const INDEX = /^(?:序号?|编号|号|项次|No\.?|#|ID|Ref\.?|序號)$/i;
const TASK = /任务|事项|措施|内容|举措|项目|工作|目标|要求|Action|Task|Activity|Measure|Initiative|Deliverable|Objective/i;

/** Rows of tables whose head names roles: tabs, Markdown, or columns set apart by spaces. Columns may come in any order. */
export function listsInTables(view: View): { lists: FoundList[]; tables: { start: number; end: number }[] } {
  const lists: FoundList[] = [];
  const tables: { start: number; end: number }[] = [];
  const rows = rowsOf(view);
  for (let i = 0; i < rows.length; i++) {
    const stack = stackedTable(view, rows, i);
    if (stack) {
      const { table, rows: inside, next } = stack;
      lists.push(...inside.flatMap((row) => listIn(view, table, row, null, []) ?? []));
      tables.push({ start: table.header.start, end: inside.at(-1)!.end });
      i = next - 1;
      continue;
    }
    const table = tableAt(view, rows[i]!);
    if (!table) continue;
    let end = rows[i]!.end;
    let above: FoundList | null = null;
    const group: string[] = [];
    for (i += 1; i < rows.length; i++) {
      const row: Row | null = table.mark === NARROW ? narrowRow(view, rows[i]!, table) : rows[i]!;
      if (!row) break;
      if (tableAt(view, row)) break;
      if (isRule(view, row)) continue;
      if (row.mark !== table.mark || row.cells.length < Math.min(2, table.columns.length)) {
        if (!resumes(rows, i, table)) break;
        group.splice(0, 1, wordsIn(view, row.start, row.end));
        continue;
      }
      const list = listIn(view, table, row, above, group);
      end = row.end;
      if (!list) continue;
      lists.push(list);
      above = list;
    }
    i -= 1;
    tables.push({ start: table.header.start, end });
  }
  return { lists, tables };
}

/** A line between rows is a heading inside the table when rows of the same width follow soon. */
function resumes(rows: readonly Row[], at: number, table: Table): boolean {
  return rows
    .slice(at + 1, at + 3)
    .some((row) => row.mark === table.mark && row.cells.length >= table.columns.length - 1 && row.cells.length > 1);
}

function tableAt(view: View, row: Row): Table | null {
  if (row.cells.length > 30 || row.end - row.start > 1_000) return null;
  if (!NAMES_ROLES.test(view.text.slice(row.start, row.end))) return null;
  if (row.cells.length < 2) return narrowTable(view, row);
  const columns = row.cells.map((cell) => columnOf(lineOfCell(view, cell).text.trim()));
  const roles = columns.filter(({ kind }) => isRole(kind)).length;
  const known = columns.filter(({ kind }) => kind !== 'other').length;
  return roles > 0 && known >= 2 ? { columns, mark: row.mark, header: row } : null;
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
  return columns.some(({ kind }) => isRole(kind)) ? { columns, mark: NARROW, header } : null;
}

function narrowRow(view: View, row: Row, { columns }: Table): Row | null {
  const cells = narrowCells(view, row, columns.length - 2);
  return cells && /^\d{1,3}$/.test(wordsOf(view, cells[0])) ? { ...row, cells, mark: NARROW } : null;
}

/** A table with each cell on a line of its own. */
function stackedTable(view: View, rows: readonly Row[], at: number): { table: Table; rows: Row[]; next: number } | null {
  if (rows[at]!.cells.length > 1 || !INDEX.test(wordsOf(view, rows[at]!.cells[0]))) return null;
  const stack = stackAt(view, rows, at, (words) => words.length <= 16 && !/^\d/.test(words));
  const columns = stack?.header.cells.map((cell) => columnOf(wordsOf(view, cell))) ?? [];
  if (!stack || !columns.some(({ kind }) => isRole(kind)) || columns.filter(({ kind }) => kind === 'other').length > 1) return null;
  return { table: { columns, mark: 'stacked', header: stack.header }, rows: stack.rows, next: stack.next };
}

const isTold = (kind: Column['kind']) => isRole(kind) || kind === 'due';

function columnOf(words: string): Column {
  const plain = words
    .replace(/\([^()]*\)$/, '')
    .replace(/[:*]/g, '')
    .trim();
  const column = (kind: Column['kind'], ambiguous = false): Column => ({ kind, words, ambiguous });
  if (plain.length > 40 || plain === '') return column('other');
  if (INDEX.test(plain)) return column('index');
  const label = labelIn(plain);
  if (label && label.length === plain.length && label.role !== 'other')
    return column(label.role === 'person' ? 'other' : label.role, label.ambiguous);
  const english = englishLabelIn(plain);
  if (english && english.length === plain.length && english.role !== 'other') return column(english.role);
  return column(TASK.test(plain) ? 'task' : 'other');
}

const isRole = (kind: Column['kind']): kind is UnitRole =>
  kind === 'lead' || kind === 'support' || kind === 'guide' || kind === 'responsible';

function listIn(view: View, { columns }: Table, row: Row, above: FoundList | null, group: readonly string[]): FoundList | null {
  const words = (cell: Cell | undefined) => wordsOf(view, cell);
  if (row.cells.filter((cell) => words(cell) !== '').length < 2) return null;
  const notices: Notice[] = [];
  const inherited: Inherited[] = [];
  const told = columns.flatMap((column, i) =>
    isTold(column.kind) ? [{ column, cell: row.cells[i] ?? { start: row.end, end: row.end } }] : [],
  );
  const roles = told.filter(({ column }) => isRole(column.kind));
  const someRole = told.some(({ column, cell }) => isRole(column.kind) && words(cell) !== '');
  const { line, starts } = joinLines(
    view.source,
    told.map(({ cell }) => ({ line: lineOfCell(view, cell), mark: ';' })),
  );
  const reading: Reading = { ...emptyReading(), notices };
  for (const [i, { column, cell }] of told.entries()) {
    const said = words(cell);
    const text = line.text.slice(starts[i], (starts[i + 1] ?? line.text.length) - 1);
    if (!isRole(column.kind)) {
      if (said !== '') reading.due.push({ start: starts[i]!, end: starts[i]! + text.length, field: true });
    } else if (AS_ABOVE.test(said) || (said === '' && (column.kind === 'lead' || !someRole))) {
      inherited.push(
        ...unitsAbove(above, roles.length === 1 ? null : column.kind).map((unit) => ({
          ...unit,
          written: said,
          start: cell.start,
          end: cell.end,
        })),
      );
      notices.push(
        said === ''
          ? { code: 'cell.empty', details: { column: column.words } }
          : { code: 'unit.same-as-above', details: { written: said } },
      );
    } else {
      if (column.ambiguous) notices.push({ code: 'role.ambiguous', details: { words: column.words } });
      addCell(text, starts[i]!, column.kind, reading);
    }
  }
  if (reading.named.length + inherited.length + notices.length + reading.due.length === 0) return null;
  const task = taskCell(view, columns, row);
  const number = words(row.cells[columns.findIndex(({ kind }) => kind === 'index')]);
  const title = words(task ?? undefined);
  const passage: [number, number] = task ? [task.start, task.end] : [row.start, row.end];
  return {
    start: row.start,
    end: row.end,
    line,
    reading,
    form: 'row',
    passage,
    path: [...group, number || title],
    title,
    notices: [],
    inherited,
  };
}

/** The cell that says what is to be done: the last column that is called so, else the longest of the other cells. */
function taskCell(view: View, columns: readonly Column[], row: Row): Cell | null {
  const named = columns.findLastIndex(({ kind }, i) => kind === 'task' && wordsOf(view, row.cells[i]) !== '');
  if (named >= 0) return row.cells[named]!;
  const others = row.cells.filter((_, i) => columns[i]?.kind === 'other');
  return others.toSorted((a, b) => b.end - b.start - (a.end - a.start))[0] ?? null;
}

function addCell(text: string, shift: number, role: UnitRole, reading: Reading) {
  const read = readWords(text, role);
  reading.named.push(...read.named.map((name) => ({ ...name, start: name.start + shift, end: name.end + shift })));
  reading.due.push(...read.due.map((due) => ({ ...due, start: due.start + shift, end: due.end + shift })));
  reading.unread.push(...read.unread.map(([start, end]): [number, number] => [start + shift, end + shift]));
  reading.notices.push(...read.notices);
  reading.openEnded ||= read.openEnded;
  reading.verbs += read.verbs;
}
