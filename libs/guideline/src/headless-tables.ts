import { type Column, fit } from './columns.js';
import type { FoundList } from './found-list.js';
import { isRule, type Row, wordsOf } from './rows.js';
import { isUnits, listInRow } from './table-rows.js';
import { foldChar, type View } from './text-view.js';
import { kindOf } from './unit-names.js';

/** Tables that lost the line with their heads: what stands in a column is told from its cells, and never certain. */

const FEWEST_ROWS = 2;
const FEWEST_CELLS = 3;
const MOST_CELLS = 12;
/** What is to be done takes more words than a person, a post, a figure or a place. */
const TASK = /[\u4e00-\u9fff]{6}|[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}/;

/** The lists of such a table that begins with this row, and the first row behind it; null where there is none. */
export function headlessTableAt(view: View, rows: readonly Row[], at: number): { lists: FoundList[]; end: number; next: number } | null {
  const first = rows[at]!;
  const width = first.cells.length;
  const isPart = (row: Row | undefined) => row !== undefined && row.mark === first.mark && row.cells.length === width;
  if ((first.mark !== '\t' && first.mark !== '|') || width < FEWEST_CELLS || width > MOST_CELLS || isPart(rows[at - 1])) return null;
  let next = at;
  while (isPart(rows[next])) next += 1;
  const body = rows.slice(at, next).filter((row) => !isRule(view, row));
  const columns = body.length < FEWEST_ROWS ? null : columnsOf(view, body, width);
  if (!columns) return null;
  const lists: FoundList[] = [];
  for (const row of body) {
    const list = listInRow(view, { columns, mark: row.mark, header: row, legend: null }, row, lists.at(-1) ?? null, []);
    if (list) lists.push({ ...list, notices: [{ code: 'table.headless', details: {} }] });
  }
  return { lists, end: body.at(-1)!.end, next };
}

/** Of two columns of units the first leads. Null where no column has nothing but units, or none says what is to be done. */
function columnsOf(view: View, body: readonly Row[], width: number): Column[] | null {
  const cells = Array.from({ length: width }, (_, i) => body.map((row) => wordsOf(view, row.cells[i])));
  const holds = (words: readonly string[], test: (said: string) => boolean) =>
    words[0] !== '' && words.every((said) => said === '' || test(said));
  const kinds = cells.map((words): Column['kind'] =>
    holds(words, (said) => fit(said, 'index') > 0)
      ? 'index'
      : holds(words, (said) => fit(said, 'due') > 0)
        ? 'due'
        : holds(words, (said) => isUnits(said) || kindOf(Array.from(said, foldChar).join('')) === 'many')
          ? 'responsible'
          : holds(words, (said) => TASK.test(said))
            ? 'task'
            : 'other',
  );
  const units = kinds.flatMap((kind, i) => (kind === 'responsible' ? [i] : []));
  if (units.length === 0 || units.length > 2 || !kinds.includes('task')) return null;
  const roles = units.length === 1 ? (['responsible'] as const) : (['lead', 'support'] as const);
  return kinds.map((kind, i) => ({ kind: roles[units.indexOf(i)] ?? kind, words: '', ambiguous: false }));
}
