import { type Column, fit, isRole, isTold } from './columns.js';
import { numeralOf } from './numerals.js';
import { fitOf, joinedCell, type PlacedRow, rowOf } from './placed-cells.js';
import { type Cell, type Row, wordsOf } from './rows.js';
import { blanksAbove, cellOf, GROUP } from './stacked-lines.js';
import type { View } from './text-view.js';
import { NOBODY } from './vocabulary.js';

/** What it costs that a row has no cell in a column. */
const MISSING: Readonly<Record<string, number>> = { task: 12, due: 2, other: 1, index: 0 };
const MISSING_ROLE = 3;
/** What it costs that a cell goes on over one more line. */
const GOES_ON: Readonly<Record<string, number>> = { task: 1.5, due: 4 };
const GOES_ON_ELSE = 2.5;
/** What it costs that a line is a heading between rows. */
const HEADING = 3;

/** (1)发展服务业。 In a table without numbers, a number before words is a heading's. */
const isNumbered = (words: string) => (numeralOf(words)?.length ?? words.length) < words.length;

const PAGE = /^\d{1,4}$/;

/** The best reading of the lines down to one that ends in one state; `before` is the state of the line above, `row` whether a row begins. */
type Step = { worth: number; before: number; row: boolean; blank: boolean };
type Line = { at: number; cell: Cell; words: string; group: boolean; who: number; when: number };

/**
 * The rows of a stacked table without numbers, from line `first` on. Each line is a cell, a part of one, or a heading between rows; of all readings the
 * best is taken: that in which names stand where the head says who, times where it says when, and the fewest cells are missing or broken.
 * A row with a line for each column is sure; in a table with others, so are those only whose words can stand nowhere else.
 */
export function unnumberedRows(
  view: View,
  lines: readonly Row[],
  first: number,
  heads: readonly Column[],
  isHead: (i: number) => boolean,
  headLength: number,
): { columns: Column[]; rows: PlacedRow[]; next: number } | null {
  const columns = heads.filter(({ kind }) => kind !== 'index');
  const width = columns.length;
  if (width < 2) return null;
  const between = width;
  const said: Line[] = [];
  const steps: Step[][] = [];
  const start: Step[] = Array.from({ length: width + 1 }, () => ({ worth: -Infinity, before: -1, row: false, blank: false }));
  const missing = (from: number, to: number) =>
    columns.slice(from, to).reduce((sum, { kind }) => sum + (isRole(kind) ? MISSING_ROLE : (MISSING[kind] ?? 0)), 0);
  const worthOf = ({ words, group, who, when }: Line, state: number): number => {
    const says = who > 0 || when > 0;
    if (state === between) return group ? 0 : says ? -2 * HEADING : -HEADING;
    if (group) return -2 * HEADING;
    const { kind } = columns[state]!;
    if (kind === 'task' && PAGE.test(words)) return -3;
    if (!isTold(kind)) return when > 0 ? -6 : who > 0 ? -2 : kind === 'task' ? 1 : 0;
    const fits = NOBODY.test(words) ? 1 : kind === 'due' ? when : who;
    return fits > 0 ? 2 * fits : 6 * fits;
  };
  /** A heading, or the number of a page above the next head. */
  const isGroup = (i: number, words: string) =>
    GROUP.test(words) || isNumbered(words) || (PAGE.test(words) && (i + 1 >= lines.length || isHead(i + 1) || isHead(i + 2)));
  let normal = Infinity;
  for (let i = first + 1; i < Math.min(lines.length, first + 4 * width); i++) normal = Math.min(normal, blanksAbove(view, lines, i));
  let best = { worth: 0, at: -1, state: 0 };
  let next = first;
  for (; next < lines.length && said.length - best.at < 3 * width + 10; next++) {
    if (isHead(next)) {
      // A head that stands again without a row above it is that of another table.
      if (best.at < 0 || isHead(next + headLength)) break;
      next += headLength - 1;
      continue;
    }
    const cell = cellOf(view, lines[next]);
    if (!cell) break;
    const words = wordsOf(view, cell);
    const line: Line = {
      at: next,
      cell,
      words,
      group: isGroup(next, words),
      who: fitOf(words, 'responsible'),
      when: fit(words, 'due'),
    };
    const empty = Math.floor((blanksAbove(view, lines, next) - normal) / (normal + 1));
    const above = steps.at(-1) ?? start;
    // Empty lines are the cells that are missing, if there are as many.
    const skipped = (count: number, cost: number) => (count > 0 && count === empty ? 0.5 : cost);
    steps.push(
      start.map((_, state): Step => {
        const ways: Step[] = [];
        const way = (before: number, cost: number, row: boolean, count = 0) =>
          ways.push({
            worth: (before < 0 ? 0 : above[before]!.worth) - skipped(count, cost) + worthOf(line, state),
            before,
            row,
            // One above a heading may only set that apart.
            blank: count > 0 && count === empty && !line.group,
          });
        if (steps.length === 0) way(-1, state === between ? 0 : missing(0, state), state !== between, state === between ? 0 : state);
        else
          for (let before = 0; before <= width; before++) {
            const rest = missing(before + 1, width);
            const left = Math.max(0, width - before - 1);
            if (state === between) way(before, rest, false, left);
            else {
              way(before, rest + missing(0, state), true, left + state);
              if (before < state) way(before, missing(before + 1, state), false, state - before - 1);
              if (before === state) way(before, GOES_ON[columns[state]!.kind] ?? GOES_ON_ELSE, false);
            }
          }
        return ways.reduce((one, other) => (other.worth > one.worth ? other : one));
      }),
    );
    said.push(line);
    for (let state = 0; state < width; state++) {
      const worth = steps.at(-1)![state]!.worth - missing(state + 1, width);
      if (worth > best.worth) best = { worth, at: said.length - 1, state };
    }
  }
  if (best.at < 0) return null;
  const rows: { pieces: Line[][]; blank: boolean }[] = [];
  let row = { pieces: columns.map((): Line[] => []), blank: false };
  for (let [i, state] = [best.at, best.state]; i >= 0; i--) {
    const step = steps[i]![state]!;
    if (state < width) row.pieces[state]!.unshift(said[i]!);
    row.blank ||= step.blank;
    if (step.row) {
      rows.unshift(row);
      row = { pieces: columns.map((): Line[] => []), blank: false };
    }
    state = step.before;
  }
  const fitsBest = (pieces: readonly Line[], kind: Column['kind']) =>
    pieces.length === 1 && (NOBODY.test(pieces[0]!.words) || (kind === 'due' ? pieces[0]!.when : pieces[0]!.who) > 0);
  const told = columns.flatMap(({ kind }, i) => (isTold(kind) ? [{ kind, i }] : []));
  const shown = rows.filter(({ pieces }) => told.some(({ kind, i }) => fitsBest(pieces[i]!, kind)));
  const saysElse = (pieces: readonly Line[]) => pieces.some(({ who, when }) => who > 0 || when > 0);
  const clear = rows.filter(({ pieces }) =>
    columns.every(({ kind }, i) => (isTold(kind) ? fitsBest(pieces[i]!, kind) : !saysElse(pieces[i]!))),
  );
  if (rows.length === 1 ? clear.length === 0 || width < 3 : shown.length < (width < 3 ? rows.length : rows.length / 2)) return null;
  const isEven = ({ pieces, blank }: { pieces: readonly Line[][]; blank: boolean }) =>
    pieces.every(({ length }) => length === 1) || (blank && pieces.every(({ length }) => length < 2));
  const even = rows.every(isEven);
  return {
    columns,
    next: said[best.at]!.at + 1,
    rows: rows.map((found): PlacedRow => {
      const { pieces } = found;
      const from = pieces.flat()[0]!.cell.start;
      let end = from;
      const cells = columns.map(({ kind }, i): Cell => {
        const parts = pieces[i]!.map(({ cell }) => cell);
        if (parts.length === 0) return { start: end, end };
        end = parts.at(-1)!.end;
        const names = isRole(kind) && pieces[i]!.every(({ who }) => who > 0);
        return isTold(kind) ? joinedCell(parts, names) : { start: parts[0]!.start, end };
      });
      return { ...rowOf('stacked', cells), start: from, end, sure: isEven(found) && (even || clear.some((row) => row === found)) };
    }),
  };
}
