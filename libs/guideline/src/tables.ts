import type { UnitRole } from '@app/domain/task.js';
import { emptyReading, type Notice, type Reading } from './reading.js';
import { englishLabelIn } from './english.js';
import type { FoundList, Inherited } from './found-list.js';
import { readWords } from './read-line.js';
import { joinLines, lineOf, type View, wordsIn } from './text-view.js';
import { AS_ABOVE, labelIn } from './vocabulary.js';

/** A quick look, before each cell is read as the head of a column. */
const NAMES_ROLES = /单位|部门|机关|机构|牵头|责任|负责|配合|主办|协办|分工|lead|respons|support|agenc|owner|partner|who/i;

type Cell = { start: number; end: number };
type Row = { start: number; end: number; cells: Cell[]; mark: string };
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
    const table = tableAt(view, rows[i]!);
    if (!table) continue;
    let end = rows[i]!.end;
    let above: FoundList | null = null;
    const group: string[] = [];
    for (i += 1; i < rows.length; i++) {
      const row = rows[i]!;
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

function rowsOf(view: View): Row[] {
  const { text } = view;
  const rows: Row[] = [];
  for (let start = 0; start < text.length;) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const mark = markOf(view, start, end);
    if (end > start) rows.push({ start, end, mark, cells: cellsOf(view, start, end, mark) });
    start = end + 1;
  }
  return rows;
}

function markOf({ text }: View, start: number, end: number): string {
  const line = text.slice(start, end);
  return line.includes('|') ? '|' : line.includes('\t') ? '\t' : ' ';
}

function cellsOf(view: View, start: number, end: number, mark: string): Cell[] {
  const cells: Cell[] = [];
  let from = start;
  for (let at = start; at < end; at++) {
    const apart = mark === ' ' ? at > start && isGap(view, at) : view.text.charAt(at) === mark;
    if (!apart) continue;
    cells.push({ start: from, end: at });
    from = mark === ' ' ? at : at + 1;
  }
  cells.push({ start: from, end });
  if (mark !== '|') return cells;
  const isEmpty = (cell: Cell | undefined) => cell !== undefined && view.text.slice(cell.start, cell.end).trim() === '';
  return cells.slice(isEmpty(cells[0]) ? 1 : 0, isEmpty(cells.at(-1)) ? -1 : undefined);
}

/** Two spaces or a wide one in the source, before this character. */
function isGap({ at, source }: View, offset: number): boolean {
  const from = at[offset - 1]! + 1;
  const gap = at[offset]! - from;
  return gap >= 2 || (gap === 1 && source.charAt(from) === '\u3000');
}

const isRule = ({ text }: View, { start, end }: Row) => /^[\s|:=+—-]+$/.test(text.slice(start, Math.min(end, start + 400)));

function tableAt(view: View, row: Row): Table | null {
  if (row.cells.length < 2 || row.cells.length > 30 || row.end - row.start > 400) return null;
  if (!NAMES_ROLES.test(view.text.slice(row.start, row.end))) return null;
  const columns = row.cells.map((cell) => columnOf(view.text.slice(cell.start, cell.end).trim().replace(/\n/g, '')));
  const roles = columns.filter(({ kind }) => isRole(kind)).length;
  const known = columns.filter(({ kind }) => kind !== 'other').length;
  return roles > 0 && known >= 2 ? { columns, mark: row.mark, header: row } : null;
}

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
  const words = (cell: Cell | undefined) => (cell ? wordsIn(view, cell.start, cell.end) : '');
  if (row.cells.filter((cell) => words(cell) !== '').length < 2) return null;
  const notices: Notice[] = [];
  const inherited: Inherited[] = [];
  const told = columns.flatMap((column, i) =>
    isRole(column.kind) || column.kind === 'due' ? [{ column, cell: row.cells[i] ?? { start: row.end, end: row.end } }] : [],
  );
  const roles = told.filter(({ column }) => isRole(column.kind));
  const someRole = told.some(({ column, cell }) => isRole(column.kind) && words(cell) !== '');
  const { line, starts } = joinLines(
    view.source,
    told.map(({ cell }) => ({ line: lineOf(view, cell.start, cell.end), mark: ';' })),
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
  const named = columns.findLastIndex(
    ({ kind }, i) => kind === 'task' && row.cells[i] !== undefined && wordsIn(view, row.cells[i]!.start, row.cells[i]!.end) !== '',
  );
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

/** Those of the row above in one role; null asks for all. */
function unitsAbove(above: FoundList | null, role: UnitRole | null): { name: string; role: UnitRole; many: boolean }[] {
  if (!above) return [];
  const named = above.reading.named.filter((name) => role === null || name.role === role);
  const said = named.map((name) => ({ name: wordsIn(above.line, name.start, name.end), role: name.role, many: name.kind === 'many' }));
  return [
    ...said,
    ...above.inherited
      .filter((unit) => role === null || unit.role === role)
      .map(({ name, many, role: same }) => ({ name, role: same, many })),
  ];
}
