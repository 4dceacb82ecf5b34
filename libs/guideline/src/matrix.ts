import type { UnitRole } from '@app/domain/task.js';
import { type Column, columnOf, isRole } from './columns.js';
import { englishLabelIn } from './english-labels.js';
import { isEnglishUnit } from './english-names.js';
import { withoutMarkup } from './markup.js';
import type { Notice, Reading } from './reading.js';
import { type Cell, type Row, wordsOf } from './rows.js';
import { foldChar, type View } from './text-view.js';
import { kindOf } from './unit-names.js';
import { NOBODY, roleOfStem } from './vocabulary.js';

/** Tables with a unit at the head of each column, whose cells say by a mark or a word what it does: ● leads, ○ supports. */

const MARKS = '●○◎◯⚫⚪▲△▼▽★☆◆◇■□√✓✔☑';
/** Without a legend a filled mark leads and its hollow one supports; where there is one kind of mark only, all are responsible. */
const HOLLOW = '○◯⚪△▽☆◇□';
const LETTERS: Readonly<Record<string, UnitRole>> = {
  L: 'lead',
  S: 'support',
  A: 'lead',
  R: 'responsible',
  C: 'support',
  主: 'lead',
  协: 'support',
  配: 'support',
};
const LEGEND = new RegExp(
  `([${MARKS}]|(?<![A-Za-z])[A-Z](?![A-Za-z]))[”"』」]? ?(?:为|：|:|=|－|—|–|-|表示|代表|是|指|means|denotes)? ?([\\u4e00-\\u9fff]{2,4}|(?:lead|support|responsib|contribut|partner)[a-z]{0,8})`,
  'gi',
);

export type Legend = ReadonlyMap<string, UnitRole>;

/** What the document says its marks mean: ●为牵头单位,○为配合单位. */
export function legendIn({ source }: View): Legend {
  const found = new Map<string, UnitRole>();
  for (const [, mark, words] of source.matchAll(LEGEND)) {
    const role = roleOf(Array.from(words!, foldChar).join(''));
    if (role && !found.has(mark!)) found.set(mark!, role);
  }
  return found;
}

function roleOf(words: string): UnitRole | null {
  const english = /^[a-z]/i.test(words) ? englishLabelIn(words) : null;
  if (english) return english.role === 'due' || english.role === 'other' ? null : english.role;
  return roleOfStem(words);
}

/** The columns of a matrix whose head this row is, when the rows below bear it out; else null. */
export function matrixColumns(view: View, row: Row, below: readonly Row[]): Column[] | null {
  if (row.cells.length < 3 || row.cells.length > 30 || row.end - row.start > 1_000) return null;
  const hasMark = below.slice(0, 3).some(({ cells }) => cells.some((cell) => cell.end - cell.start <= 4 && isMark(markIn(view, cell))));
  if (!hasMark) return null;
  const columns = row.cells.map((cell): Column => {
    const words = wordsOf(view, cell);
    const folded = Array.from(words, foldChar).join('');
    const kind = /[a-z]{2}/i.test(folded) ? (isEnglishUnit(folded) ? 'firm' : null) : kindOf(folded);
    return kind === null ? columnOf(folded) : { kind: 'unit', words, ambiguous: false };
  });
  const units = columns.flatMap(({ kind }, i) => (kind === 'unit' ? [i] : []));
  if (units.length < 2 || columns.some(({ kind }) => isRole(kind))) return null;
  const cells = below.slice(0, 3).flatMap(({ cells }) => units.map((i) => markIn(view, cells[i])));
  return cells.some((mark) => mark !== '') && cells.every(isMark) ? columns : null;
}

const isMark = (mark: string) =>
  mark === '' ||
  NOBODY.test(mark) ||
  mark in LETTERS ||
  mark === 'I' ||
  (MARKS.includes(mark) && mark.length === 1) ||
  roleOf(mark) !== null;

/** What a row of a matrix says, in offsets of its line; `starts` are where the heads of its columns begin there. */
export function readMarks(
  view: View,
  row: Row,
  units: readonly { column: number; start: number; end: number }[],
  legend: Legend,
  reading: Reading,
  line: string,
): void {
  const marks = units.map(({ column }) => markIn(view, row.cells[column]));
  const symbols = new Set(marks.filter((mark) => MARKS.includes(mark) && mark !== ''));
  const notice = (code: string, details: Notice['details']) => {
    if (!reading.notices.some((other) => other.code === code)) reading.notices.push({ code, details });
  };
  for (const [i, mark] of marks.entries()) {
    if (mark === '' || NOBODY.test(mark)) continue;
    const { start, end } = units[i]!;
    const explained = legend.get(mark) ?? roleOf(mark);
    const guessed = explained ?? (MARKS.includes(mark) ? guess(mark, symbols) : (LETTERS[mark] ?? null));
    if (mark === 'I') continue;
    if (!guessed) {
      notice('words.unread', { words: mark });
      continue;
    }
    if (!explained && symbols.size > 1) notice('marks.unexplained', { marks: [...symbols].join('、') });
    reading.named.push({ start, end, kind: kindOf(line.slice(start, end)) ?? 'firm', marked: null, role: guessed });
  }
  const roles = new Set(reading.named.map(({ role }) => role));
  if (roles.has('lead') && roles.has('responsible')) notice('role.ambiguous', { words: marks.filter(Boolean).join('、') });
}

const guess = (mark: string, symbols: ReadonlySet<string>): UnitRole =>
  symbols.size === 1 ? 'responsible' : HOLLOW.includes(mark) ? 'support' : 'lead';

/** The mark or word of a cell, from the source: what the grammar sees has no marks. */
function markIn(view: View, cell: Cell | undefined): string {
  if (!cell || cell.end < cell.start || cell.start === 0) return '';
  const before = view.at[cell.start - 1]!;
  const said = view.source.slice(before + (view.source.charAt(before) === '<' ? 0 : 1), view.at[cell.end] ?? view.source.length);
  const words = withoutMarkup(said).replace(/\s+/g, '');
  return words.length > 8 ? words : Array.from(words, foldChar).join('').replace(/单位$/, '');
}
