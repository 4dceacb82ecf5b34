import { limits } from './limits.js';
import { Unreadable } from './unreadable.js';

/** A cell as a format describes it. `text` null: merged with the one above it. */
export type Cell = { text: string | null; across: number; down: number };

const WIDEST = 400;

/** One row with every place filled. `alone`: all of it is one cell, which makes it a heading inside the table. */
export type Laid = { words: readonly string[]; alone: boolean };

/** Cells laid out on a grid: rows that are complete, with what is merged repeated in every place it covers. */
export class Grid {
  #above: readonly string[] = [];
  #held: { text: string; rows: number }[] = [];
  #cells = 0;

  add(cells: readonly Cell[]): Laid {
    const words: string[] = [];
    let [next, heldBefore] = [0, false];
    while (words.length < WIDEST) {
      const held = this.#held[words.length];
      if (held && held.rows > 0) {
        held.rows -= 1;
        heldBefore = true;
        words.push(held.text);
        continue;
      }
      const cell = cells[next++];
      if (!cell) break;
      for (let i = 0; i < Math.max(1, cell.across) && words.length < WIDEST; i++) {
        const text = cell.text ?? this.#above[words.length] ?? '';
        if (cell.down > 1) this.#held[words.length] = { text, rows: cell.down - 1 };
        words.push(text);
      }
    }
    this.#cells += words.length;
    if (this.#cells > limits.cells) throw new Unreadable('file.too-large');
    this.#above = words;
    return { words, alone: cells.length === 1 && !heldBefore };
  }
}

/** A row as the reader of tables wants it. */
export const rowLine = (words: readonly string[]): string => words.map((text) => text.replace(/\s+/gu, ' ').trim()).join('\t');

const LATIN_END = /[\p{Script=Latin}\d)]$/u;
const LATIN_START = /^[\p{Script=Latin}\d(]/u;
const GOES_ON = /[，,、；;：:。.！!？?—（(《“-]$/u;
const CONTINUES = /^[，,、；;：:。！!？?）)》”]/u;
const LONGEST_HEADER = 16;

/**
 * The paragraphs of a cell on one line. Units stand one below the other in many tables, so a break that no punctuation explains
 * becomes a semicolon; the head of a column (牵头 / 单位) is broken only because it is narrow.
 */
export function cellText(paragraphs: readonly string[], firstRow: boolean): string {
  const kept = paragraphs.map((text) => text.replace(/\s+/gu, ' ').trim()).filter((text) => text !== '');
  const header = firstRow && kept.reduce((sum, text) => sum + text.length, 0) <= LONGEST_HEADER;
  return kept.reduce((line, text) => joined(line, text, header ? '' : '；'), '');
}

/** Two parts of a text as one. */
export const joined = (before: string, after: string, mark: '' | '；'): string => before + between(before, after, mark) + after;

/** What stands between two parts of a text: a space where both are Latin, else the mark unless there is punctuation. */
export function between(before: string, after: string, mark: '' | '；'): string {
  if (before === '' || after === '') return '';
  const [end, start] = [before.slice(-2), after.slice(0, 2)];
  const latin = LATIN_END.test(end) && LATIN_START.test(start);
  if (mark === '' || GOES_ON.test(end) || CONTINUES.test(start)) return latin || /[,;:.]$/.test(end) ? ' ' : '';
  return latin ? '; ' : mark;
}
