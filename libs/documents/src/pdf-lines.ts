import { joined } from './grid.js';
import { beside, type Line, type Piece, wraps } from './pdf-page.js';

/** A line in parts that stand apart, as columns do. */
type Row = { parts: Line[]; y: number; size: number };

/** Wider than any space between words. */
const GAP = 1.6;

/** The lines of a page, in the order in which they were drawn, which is how columns of text stay apart. */
export function rowsOf(pieces: readonly Piece[]): Row[] {
  const rows: Row[] = [];
  for (const { text, x, y, right, size } of pieces) {
    const row = rows.at(-1);
    const last = row?.parts.at(-1);
    const sameLine = row && last && Math.abs(y - row.y) < Math.max(size, row.size) * 0.45 && x > last.right - size;
    if (!sameLine) rows.push({ parts: [{ text, x, right, top: y, bottom: y, size }], y, size });
    else if (x - last.right > size * GAP) row.parts.push({ text, x, right, top: y, bottom: y, size });
    else {
      last.text = beside(last.text, text, x - last.right, size);
      last.right = Math.max(right, last.right);
      row.size = Math.max(row.size, size);
    }
  }
  return rows;
}

export type Block = { kind: 'line'; line: Line } | { kind: 'row'; words: string[]; y: number };

/** Lines, and where several lines keep the same columns without any drawn ones, rows of a table: that is a guess. */
export function blocksOf(rows: readonly Row[]): Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < rows.length;) {
    const columns = columnsFrom(rows, i);
    if (!columns) {
      blocks.push({ kind: 'line', line: inOne(rows[i]!) });
      i += 1;
      continue;
    }
    for (const words of tableRows(rows.slice(i, i + columns.length), columns.edges)) blocks.push({ kind: 'row', words, y: rows[i]!.y });
    i += columns.length;
  }
  return blocks;
}

function inOne({ parts, y, size }: Row): Line {
  const text = parts.map((part) => part.text).join('  ');
  return { text, x: parts[0]!.x, right: parts.at(-1)!.right, top: y, bottom: y, size };
}

/** The columns of a table that begins here: three lines or more whose parts stand one below the other. */
function columnsFrom(rows: readonly Row[], from: number): { edges: [number, number][]; length: number } | null {
  const first = rows[from]!;
  if (first.parts.length < 2) return null;
  const edges = first.parts.map(({ x, right }): [number, number] => [x, right]);
  let [length, full] = [1, 1];
  for (const row of rows.slice(from + 1)) {
    const places = row.parts.map(({ x, right }) => edges.findIndex(([left, end]) => x < end && right > left));
    const inPlace = places.every((place, i) => place >= 0 && (i === 0 || place > places[i - 1]!));
    if (!inPlace || (row.parts.length === 1 && places[0] === 0)) break;
    for (const [i, { x, right }] of row.parts.entries()) {
      const edge = edges[places[i]!]!;
      // A column grows with its words, but not into the next one.
      edge[0] = Math.max(Math.min(edge[0], x), (edges[places[i]! - 1]?.[1] ?? -Infinity) + 1);
      edge[1] = Math.min(Math.max(edge[1], right), (edges[places[i]! + 1]?.[0] ?? Infinity) - 1);
    }
    if (row.parts.length > 1) full += 1;
    length += 1;
  }
  return full >= 3 ? { edges, length } : null;
}

/** A line without a first cell goes on with the row above it. */
function tableRows(rows: readonly Row[], edges: readonly [number, number][]): string[][] {
  const said: string[][] = [];
  for (const { parts } of rows) {
    const words = edges.map(([left, end]) => parts.find(({ x, right }) => x < end && right > left)?.text ?? '');
    const above = said.at(-1);
    if (above && words[0] === '') for (const [i, text] of words.entries()) above[i] = joined(above[i]!, text, '');
    else said.push(words);
  }
  return said;
}

const SENTENCE_END = /[。；;：:！？!?]$/;
const NUMBERED = /^(?:第?[一二三四五六七八九十百]+[、章节条]|[（(][一二三四五六七八九十\d]+[）)]|\d{1,3}[.、．]|[①-⑳])/u;
const NOT_INDENTED = 0.8;
/** In letters: the width of a page or column. Shorter lines end where they were meant to. */
const SHORTEST_FULL = 15;

/** How a page is set: where its lines begin and end, and how far apart they are. */
export type Setting = { left: number; right: number; leading: number };

/** Whether a line goes on with the paragraph that the line before it began. */
export function goesOn(before: Line, line: Line, { left, right, leading }: Setting): boolean {
  const distance = line.top - before.bottom;
  const samePage = distance > 0;
  if (Math.abs(before.size - line.size) > before.size * 0.12 || (samePage && distance > leading * 1.2)) return false;
  if (line.x - left > line.size * NOT_INDENTED || before.text.includes('  ')) return false;
  if (NUMBERED.test(line.text) && SENTENCE_END.test(before.text)) return false;
  return wraps(before, line, right);
}

/** A few lines that stand out do not count. */
export function settingOf(lines: readonly Line[]): Setting {
  const at = (values: number[], share: number) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0;
  const long = lines.filter(({ x, right, size }) => right - x > size * SHORTEST_FULL);
  if (long.length === 0) return { left: 0, right: Infinity, leading: Infinity };
  const left = at(
    long.map(({ x }) => x),
    0.05,
  );
  const right = at(
    long.map((line) => line.right),
    0.95,
  );
  // Between paragraphs it may be more: lines that fill the page are followed by more of their paragraph, mostly.
  const distances = lines.flatMap((line, i) => {
    const before = lines[i - 1];
    return before && line.top > before.bottom && wraps(before, line, right) ? [line.top - before.bottom] : [];
  });
  return { left, right, leading: distances.length > 0 ? at(distances, 0.5) : Infinity };
}
