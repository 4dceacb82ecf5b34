import type { UnitRole } from '@app/domain/task.js';
import { englishLabelIn } from './english-labels.js';
import { fitOfEnglish } from './english-names.js';
import { asForBody, asksForPost, isBarePost } from './english-posts.js';
import { numeralOf } from './numerals.js';
import { readWords } from './read-line.js';
import { type Cell, type Row, wordsOf } from './rows.js';
import type { View } from './text-view.js';
import { foldChar } from './text-view.js';
import { isTimeWords } from './time-words.js';
import { AS_ABOVE, doesAt, labelIn, NOBODY } from './vocabulary.js';

/** What the head of a column says stands in it. `unit`: the head is itself a unit, its cells say what that one does. */
export type Column = { kind: UnitRole | 'due' | 'index' | 'task' | 'unit' | 'other'; words: string; ambiguous: boolean };

export const INDEX = /^(?:序号?|编号|号|项次|No\.?|#|ID|Ref\.?|序號)$/i;
const TASK =
  /任务|事项|措施|指标|内容|举措|项目|工作|目标|要求|Action|Task|Activity|Measure|Initiative|Deliverable|Objective|Commitment|Recommendation|Milestone|^What$/i;

export const isRole = (kind: Column['kind']): kind is UnitRole =>
  kind === 'lead' || kind === 'support' || kind === 'guide' || kind === 'responsible';
export const isTold = (kind: Column['kind']): boolean => isRole(kind) || kind === 'due';

export function columnOf(words: string): Column {
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
  if (isBarePost(plain)) return column('responsible');
  const asked = asForBody(plain);
  const english = englishLabelIn(asked);
  if (english && english.length === asked.length && english.role !== 'other') return column(english.role);
  return column(TASK.test(plain) ? 'task' : 'other');
}

/** The columns of one head: posts say who does it where no other column names bodies, and a bare «Position» where one says what is to be done. */
export function columnsOf(heads: readonly string[]): Column[] {
  const columns = heads.map(columnOf);
  const bodies = columns.some(({ kind, words }) => (kind === 'lead' || kind === 'responsible') && !asksForPost(words));
  const tasks = columns.some(({ kind }) => kind === 'task');
  const saysNothing = ({ kind, words }: Column) => isRole(kind) && asksForPost(words) && (bodies || (isBarePost(words) && !tasks));
  return columns.map((column) => (saysNothing(column) ? { ...column, kind: 'other' } : column));
}

/**
 * The cells of a row in their columns. A row that goes on from a merged cell, or that a layout cut, has fewer cells than the table:
 * they are set where their words fit. `sure` is false where another place fits as well.
 */
export function fitted(view: View, columns: readonly Column[], row: Row): { cells: Cell[]; sure: boolean } {
  const { cells } = row;
  const said = cells.findLastIndex((cell) => wordsOf(view, cell) !== '') + 1;
  const missing = columns.length - said;
  if (missing <= 0 || missing > 3) return { cells, sure: true };
  const worth = (placed: readonly Cell[]) =>
    placed.reduce((sum, cell, i) => sum + fit(wordsOf(view, cell), columns[i]?.kind ?? 'other'), 0);
  const plain = worth(cells);
  const whole = cells.length >= columns.length;
  const unled = columns.every(({ kind }, i) => !isRole(kind) || wordsOf(view, cells[i]) === '');
  // Names stand where the head says what is to be done, and none where it says who.
  const shifted = unled && cells.some((cell, i) => columns[i]?.kind === 'task' && fit(wordsOf(view, cell), 'responsible') > 0);
  const wrong = shifted || cells.some((cell, i) => fit(wordsOf(view, cell), columns[i]?.kind ?? 'other') < 0);
  if (whole && !wrong) return { cells, sure: true };
  const none: Cell = { start: row.end, end: row.end };
  const others = Array.from({ length: said }, (_, gap) => {
    const placed = [...cells.slice(0, gap), ...Array<Cell>(missing).fill(none), ...cells.slice(gap, said)];
    return { placed, worth: worth(placed) };
  });
  // Of two that fit alike, the one that says what is to be done, and who leads.
  const filled = (placed: readonly Cell[]) =>
    columns.reduce(
      (sum, { kind }, i) => (wordsOf(view, placed[i]) === '' ? sum : sum + (kind === 'task' ? 2 : kind === 'lead' ? 1 : 0)),
      0,
    );
  const best = others.reduce(
    (one, other) => (other.worth > one.worth || (other.worth === one.worth && filled(other.placed) > filled(one.placed)) ? other : one),
    { placed: cells, worth: plain },
  );
  const rivals = others.filter(({ placed, worth: same }) => same === best.worth && !told(placed, best.placed));
  return { cells: best.placed, sure: whole || rivals.length === 0 };

  /** Whether two placements say the same about who and when. */
  function told(one: readonly Cell[], other: readonly Cell[]) {
    return columns.every(({ kind }, i) => !isTold(kind) || wordsOf(view, one[i]) === wordsOf(view, other[i]));
  }
}

/** How well words stand in a column: below nought where they cannot be meant for it. */
export function fit(words: string, kind: Column['kind']): number {
  if (words === '' || NOBODY.test(words)) return 0;
  const folded = Array.from(words.slice(0, 300), foldChar).join('');
  if (kind === 'index') return numeralOf(words)?.length === words.length ? 1 : -1;
  if (kind === 'due') return isTimeWords(folded) ? 2 : -1;
  if (!isRole(kind) || AS_ABOVE.test(folded)) return 0;
  if (/[a-z]{3}/i.test(folded)) return isTimeWords(folded) ? -1 : fitOfEnglish(folded);
  const { named, unread } = readWords(folded, 'responsible');
  if (named.length === 0 || unread.length > 0 || named.some((name) => name.kind === null)) return -1;
  // 建设学校 is a task, though schools are bodies.
  return doesAt(folded, 0) ? 0 : 2;
}
