import type { UnitRole } from '@app/domain/task.js';
import { unitsAbove } from './as-above.js';
import { tellsMainFromCo } from './clauses.js';
import { asksForPost } from './english-posts.js';
import { type Column, fitted, isRole, isTold } from './columns.js';
import type { FoundList, Inherited } from './found-list.js';
import { type Legend, readMarks } from './matrix.js';
import { emptyReading, type Named, type Notice, type Reading } from './reading.js';
import { readWords } from './read-line.js';
import { type Cell, lineOfCell, type Row, wordsOf } from './rows.js';
import { foldChar, joinLines, type View } from './text-view.js';
import { AS_ABOVE } from './vocabulary.js';

/** A table whose head was read. `legend` is what the marks of its cells mean, where units stand at its head; `due` the last cell that said when. */
export type Table = { columns: Column[]; mark: string; header: Row; legend: Legend | null; due?: Cell };

/** What one row says. `above` is the list of the row before, `group` the heading inside the table that it stands under. */
export function listInRow(view: View, table: Table, found: Row, above: FoundList | null, group: readonly string[]): FoundList | null {
  const words = (cell: Cell | undefined) => wordsOf(view, cell);
  if (found.cells.filter((cell) => words(cell) !== '').length < (table.legend ? 1 : 2)) return null;
  const { columns } = table;
  const { cells, sure } = fitted(view, columns, found);
  const row = { ...found, cells: withDueAbove(view, table, cells) };
  const notices: Notice[] = sure ? [] : [{ code: 'row.short', details: {} }];
  const inherited: Inherited[] = [];
  const told = columns.flatMap((column, i) =>
    isTold(column.kind)
      ? [{ column, at: i, cell: row.cells[i] ?? { start: row.end, end: row.end } }]
      : column.kind === 'unit'
        ? [{ column, at: i, cell: table.header.cells[i]! }]
        : [],
  );
  const roles = told.filter(({ column }) => isRole(column.kind));
  const someRole = told.some(({ column, cell }) => isRole(column.kind) && words(cell) !== '');
  const { line, starts } = joinLines(
    view.source,
    told.map(({ cell }) => ({ line: lineOfCell(view, cell), mark: ';' })),
  );
  const reading: Reading = { ...emptyReading(), notices };
  const units = told.flatMap(({ column, at }, i) =>
    column.kind === 'unit' ? [{ column: at, start: starts[i]!, end: (starts[i + 1] ?? line.text.length) - 1 }] : [],
  );
  if (table.legend) readMarks(view, row, units, table.legend, reading, line.text);
  for (const [i, { column, cell }] of told.entries()) {
    if (column.kind === 'unit') continue;
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
      // 主(协)办单位 is explained where the cell says 主办:… 协办:…
      const first = reading.named.length;
      const own = addCell(text, starts[i]!, column.kind, asksForPost(column.words), reading);
      if (column.ambiguous && !own && !tellsMainFromCo(line.text, reading.named.slice(first)))
        notices.push({ code: 'role.ambiguous', details: { words: column.words } });
    }
  }
  if (reading.named.length + inherited.length + notices.length + reading.due.length === 0) return null;
  for (const head of unreadColumns(view, columns, row)) notices.push({ code: 'column.unread', details: { column: head } });
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

/** The heads of columns that were not understood and have units below them. */
function unreadColumns(view: View, columns: readonly Column[], row: Row): string[] {
  return columns.flatMap(({ kind, words }, i) =>
    kind === 'other' && words !== '' && !asksForPost(words) && isUnits(wordsOf(view, row.cells[i])) ? [words] : [],
  );
}

/** Whether a cell holds names of units and nothing else, and not only such as stand for many. */
export function isUnits(words: string): boolean {
  if (words === '' || words.length > 200) return false;
  const { named, unread, verbs } = readWords(Array.from(words, foldChar).join(''), 'responsible');
  return (
    unread.length === 0 &&
    verbs === 0 &&
    named.every(({ kind }) => kind === 'firm' || kind === 'many') &&
    named.some(({ kind }) => kind === 'firm')
  );
}

/** 〃 under 完成时限 is the day above. */
function withDueAbove(view: View, table: Table, cells: readonly Cell[]): Cell[] {
  const due = table.columns.findIndex(({ kind }) => kind === 'due');
  const said = wordsOf(view, cells[due]);
  if (AS_ABOVE.test(said)) return table.due ? cells.with(due, table.due) : [...cells];
  if (said !== '') table.due = cells[due]!;
  return [...cells];
}

/** The cell that says what is to be done: the last column that is called so, else the longest of the other cells. */
function taskCell(view: View, columns: readonly Column[], row: Row): Cell | null {
  const named = columns.findLastIndex(({ kind }, i) => kind === 'task' && wordsOf(view, row.cells[i]) !== '');
  if (named >= 0) return row.cells[named]!;
  const others = row.cells.filter((_, i) => columns[i]?.kind === 'other');
  return others.toSorted((a, b) => b.end - b.start - (a.end - a.start))[0] ?? null;
}

/** 办公室主任 under 责任岗位. */
const CHINESE_POST = /(?:主任|[科处局部厅校院所站组队班厂行]长|经理|总监|主管|书记|干事|专员|专干|[管操安检]?[理作全验]员|岗)$/;

/** Adds what a cell says; tells whether it has labels of its own. */
function addCell(text: string, shift: number, role: UnitRole, post: boolean, reading: Reading): boolean {
  const read = readWords(text, role);
  // Under Responsible Officer, what is neither a title nor a body is a person.
  const kindOf = ({ kind, start, end }: Named) =>
    !post ? kind : kind === null && CHINESE_POST.test(text.slice(start, end)) ? 'firm' : kind === 'loose' ? null : kind;
  reading.named.push(...read.named.map((name) => ({ ...name, kind: kindOf(name), start: name.start + shift, end: name.end + shift })));
  reading.due.push(...read.due.map((due) => ({ ...due, start: due.start + shift, end: due.end + shift })));
  reading.unread.push(...read.unread.map(([start, end]): [number, number] => [start + shift, end + shift]));
  reading.notices.push(...read.notices);
  reading.openEnded ||= read.openEnded;
  reading.verbs += read.verbs;
  return read.labels.some((label) => label !== 'due' && label !== 'other' && label !== 'person');
}
