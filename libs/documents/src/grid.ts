import { limits } from './limits.js';
import { Unreadable } from './unreadable.js';

/** A cell as a format describes it. `text` null: merged with the one above it. */
export type Cell = { text: string | null; across: number; down: number };

const WIDEST = 400;

/** Cells laid out on a grid: rows that are complete, with what is merged repeated in every place it covers. */
export class Grid {
  readonly rows: string[][] = [];
  #held: { text: string; rows: number }[] = [];
  #cells = 0;

  add(cells: readonly Cell[]): string[] {
    const row: string[] = [];
    const above = this.rows.at(-1) ?? [];
    const next = [...cells];
    while (next.length > 0 || (this.#held[row.length]?.rows ?? 0) > 0) {
      const held = this.#held[row.length];
      if (held && held.rows > 0) {
        held.rows -= 1;
        row.push(held.text);
      } else {
        const { text, across, down } = next.shift()!;
        for (let i = 0; i < Math.max(1, Math.min(across, WIDEST)) && row.length < WIDEST; i++) {
          const words = text ?? above[row.length] ?? '';
          if (down > 1) this.#held[row.length] = { text: words, rows: down - 1 };
          row.push(words);
        }
      }
      if (row.length >= WIDEST) break;
    }
    this.#cells += row.length;
    if (this.#cells > limits.cells) throw new Unreadable('file.too-large');
    this.rows.push(row);
    return row;
  }
}

/** A row as the reader of tables wants it. One cell across the whole table is a heading, and no row. */
export function rowLine(row: readonly string[], sourceCells: number): string {
  const cells = row.map((text) => text.replace(/\s+/gu, ' ').trim());
  return sourceCells === 1 ? (cells[0] ?? '') : cells.join('\t');
}

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

/** Two parts of a text as one; between Latin words stands a space. */
export function joined(before: string, after: string, mark: '' | '；'): string {
  if (before === '' || after === '') return before + after;
  const latin = LATIN_END.test(before) && LATIN_START.test(after);
  if (mark === '' || GOES_ON.test(before) || CONTINUES.test(after)) return before + (latin || /[,;:.]$/.test(before) ? ' ' : '') + after;
  return before + (latin ? '; ' : mark) + after;
}
