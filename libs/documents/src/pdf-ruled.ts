import { cellText, joined } from './grid.js';
import { beside, isWide, type Line, type Piece, wraps } from './pdf-page.js';
import type { Rule } from './pdf-rules.js';

/** A table inside drawn lines. Rows are complete; `alone` tells a row that is one cell. `edges` are where its columns begin and end. */
export type RuledTable = { edges: number[]; rows: { words: string[]; alone: boolean }[]; top: number; bottom: number };

/** Lines nearer than this are one, and ends nearer than this touch. */
const NEAR = 3;
const MOST = 1_500;

/** Finds the tables and takes their words out of the page: `left` are the others, `order` says before which of them each table stood. */
export function ruledTables(
  pieces: readonly Piece[],
  drawn: readonly Rule[],
): { tables: { table: RuledTable; order: number }[]; left: Piece[] } {
  const rules = merged(drawn);
  if (rules.length > MOST) return { tables: [], left: [...pieces] };
  const frames = connected(rules).flatMap((group) => frameOf(group) ?? []);
  const taken = new Map<(typeof frames)[number], { pieces: Piece[]; order: number }>();
  const left: Piece[] = [];
  for (const piece of pieces) {
    const frame = frames.find(({ xs, ys }) => placeIn(xs, middleX(piece)) >= 0 && placeIn(ys, middleY(piece)) >= 0);
    if (!frame) {
      left.push(piece);
      continue;
    }
    const inside = taken.get(frame) ?? { pieces: [], order: left.length };
    taken.set(frame, inside);
    inside.pieces.push(...splitAt(frame, piece));
  }
  const tables = [...taken].map(([frame, { pieces: inside, order }]) => ({ table: tableIn(frame, inside), order }));
  return { tables: tables.toSorted((a, b) => a.order - b.order || a.table.top - b.table.top), left };
}

/** Words of neighbouring cells come as one piece when little space is between them; then a drawn line goes through that space. */
function splitAt({ group }: Frame, piece: Piece): Piece[] {
  const words = piece.text.split(/ +/);
  const crossed = group.filter(
    ({ upright, at, from, to }) => upright && at > piece.x && at < piece.right && from < middleY(piece) && to > middleY(piece),
  );
  if (words.length < 2 || crossed.length === 0) return [piece];
  const widths = words.map((word) => Array.from(word).reduce((sum, char) => sum + (isWide(char) ? 1 : 0.5), 0) * piece.size);
  const gap = Math.max(0, piece.right - piece.x - widths.reduce((sum, width) => sum + width, 0)) / (words.length - 1);
  let x = piece.x;
  return words.map((text, i) => {
    const part = { ...piece, text, x, right: x + widths[i]! };
    x = part.right + gap;
    return part;
  });
}

const middleX = ({ x, right }: Piece) => (x + right) / 2;
const middleY = ({ y, size }: Piece) => y - size * 0.35;

function merged(rules: readonly Rule[]): Rule[] {
  const kept: Rule[] = [];
  for (const upright of [true, false]) {
    const sorted = rules.filter((rule) => rule.upright === upright).toSorted((a, b) => a.at - b.at || a.from - b.from);
    for (const lane of lanesOf(sorted)) {
      let last: Rule | undefined;
      for (const rule of lane.toSorted((a, b) => a.from - b.from)) {
        if (last && rule.from <= last.to + NEAR) last.to = Math.max(last.to, rule.to);
        else kept.push((last = { ...rule, at: lane[0]!.at }));
      }
    }
  }
  return kept;
}

function lanesOf(sorted: readonly Rule[]): Rule[][] {
  const lanes: Rule[][] = [];
  for (const rule of sorted) {
    const lane = lanes.at(-1);
    if (lane && rule.at - lane[0]!.at < NEAR) lane.push(rule);
    else lanes.push([rule]);
  }
  return lanes;
}

/** Groups of lines that touch. */
function connected(rules: readonly Rule[]): Rule[][] {
  const groups: Rule[][] = [];
  const waiting = new Set(rules);
  for (const first of rules) {
    if (!waiting.delete(first)) continue;
    const group = [first];
    for (const rule of group)
      for (const other of waiting)
        if (touches(rule, other)) {
          waiting.delete(other);
          group.push(other);
        }
    groups.push(group);
  }
  return groups;
}

const touches = (a: Rule, b: Rule): boolean =>
  a.upright !== b.upright && a.at >= b.from - NEAR && a.at <= b.to + NEAR && b.at >= a.from - NEAR && b.at <= a.to + NEAR;

type Frame = { xs: number[]; ys: number[]; group: readonly Rule[] };

/** Tables often have no lines at their sides: there they end where the other lines do. */
function frameOf(group: readonly Rule[]): Frame | null {
  const upright = group.filter((rule) => rule.upright);
  const level = group.filter((rule) => !rule.upright);
  if (upright.length === 0 || level.length === 0) return null;
  const xs = distinct([...upright.map(({ at }) => at), Math.min(...level.map(({ from }) => from)), Math.max(...level.map(({ to }) => to))]);
  const ys = distinct([
    ...level.map(({ at }) => at),
    Math.min(...upright.map(({ from }) => from)),
    Math.max(...upright.map(({ to }) => to)),
  ]);
  return xs.length > 2 && ys.length > 1 && xs.length * ys.length < 20_000 ? { xs, ys, group } : null;
}

function distinct(values: readonly number[]): number[] {
  const kept: number[] = [];
  for (const value of values.toSorted((a, b) => a - b)) if (kept.length === 0 || value - kept.at(-1)! > NEAR) kept.push(value);
  return kept;
}

/** Between which two edges a value lies, -1 outside. */
const placeIn = (edges: readonly number[], value: number): number =>
  value < edges[0]! || value > edges.at(-1)!
    ? -1
    : Math.min(
        edges.length - 2,
        edges.findLastIndex((edge) => edge <= value),
      );

function tableIn({ xs, ys, group }: Frame, pieces: readonly Piece[]): RuledTable {
  const [columns, rows] = [xs.length - 1, ys.length - 1];
  const parent = Array.from({ length: columns * rows }, (_, i) => i);
  const root = (i: number): number => (parent[i] === i ? i : (parent[i] = root(parent[i]!)));
  const between = (upright: boolean, at: number, middle: number) =>
    group.some((rule) => rule.upright === upright && Math.abs(rule.at - at) <= NEAR && rule.from < middle && rule.to > middle);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column;
      const [x, y] = [(xs[column]! + xs[column + 1]!) / 2, (ys[row]! + ys[row + 1]!) / 2];
      if (column + 1 < columns && !between(true, xs[column + 1]!, y)) parent[root(cell + 1)] = root(cell);
      if (row + 1 < rows && !between(false, ys[row + 1]!, x)) parent[root(cell + columns)] = root(cell);
    }
  const contents = new Map<number, Piece[]>();
  const rights = new Map<number, number>();
  for (let cell = 0; cell < parent.length; cell++) rights.set(root(cell), Math.max(rights.get(root(cell)) ?? 0, xs[(cell % columns) + 1]!));
  for (const piece of pieces) {
    const cell = root(placeIn(ys, middleY(piece)) * columns + placeIn(xs, middleX(piece)));
    contents.set(cell, [...(contents.get(cell) ?? []), piece]);
  }
  const said = new Map([...contents].map(([cell, inside]) => [cell, paragraphsIn(inside, rights.get(cell)!)]));
  const heads = new Set(Array.from({ length: columns }, (_, column) => root(column)));
  const laid = Array.from({ length: rows }, (_, row) => {
    const cells = Array.from({ length: columns }, (__, column) => root(row * columns + column));
    return { words: cells.map((cell) => cellText(said.get(cell) ?? [], heads.has(cell))), alone: new Set(cells).size === 1 };
  });
  return { edges: xs, rows: laid.filter(({ words }) => words.some((text) => text !== '')), top: ys[0]!, bottom: ys.at(-1)! };
}

/** Units stand one below the other, and a name may fill its line: then its end and the next one's beginning tell them apart. */
const UNIT_END = /(?:[局厅委办部院处社团]|委员会|公司|政府|中心|银行|法院|大学)[）)]?$/u;
const UNIT_START = /^(?:[省市县区州]|各|国家|自治|中国|人民)/u;

/** The paragraphs of one cell: its lines, without the breaks that its width made. */
function paragraphsIn(pieces: readonly Piece[], cellRight: number): string[] {
  const lines: Line[] = [];
  for (const { text, x, y, right, size } of pieces.toSorted((a, b) => a.y - b.y || a.x - b.x)) {
    const last = lines.at(-1);
    if (last && y - last.bottom < size * 0.5) {
      last.text = x >= last.x ? beside(last.text, text, x - last.right, size) : text + last.text;
      [last.x, last.right] = [Math.min(last.x, x), Math.max(last.right, right)];
    } else lines.push({ text, x, right, top: y, bottom: y, size });
  }
  const padding = Math.min(8, Math.max(0, cellRight - Math.max(...lines.map(({ right }) => right))));
  const paragraphs: string[] = [];
  for (const [i, line] of lines.entries()) {
    const before = lines[i - 1];
    const anotherUnit = before && UNIT_END.test(before.text) && UNIT_START.test(line.text);
    if (before && !anotherUnit && wraps(before, line, cellRight - padding)) paragraphs.push(joined(paragraphs.pop() ?? '', line.text, ''));
    else paragraphs.push(line.text);
  }
  return paragraphs;
}
