import { joined, rowLine } from './grid.js';
import type { RuledTable } from './pdf-ruled.js';
import type { TextWriter } from './text-writer.js';

type Held = { words: string[]; alone: boolean; page: number };

const SAME_EDGE = 4;
const FINISHED = /[。；;！？!?]$/;
/** A cell with fewer words than this was not broken by the end of a page. */
const SHORTEST_BROKEN = 12;

/** Writes rows, the last one only when it is known not to go on: pages end in the middle of tables and even of their rows. */
export class TablesAcrossPages {
  #edges: readonly number[] | null = null;
  #last: Held | null = null;

  constructor(private readonly writer: TextWriter) {}

  add({ edges, rows }: RuledTable, page: number): void {
    const goesOn = this.#edges?.length === edges.length && this.#edges.every((edge, i) => Math.abs(edge - edges[i]!) < SAME_EDGE);
    const [first, ...others] = rows;
    if (goesOn && first && this.#last && first.words[0] === '') this.#goOn(first.words, page);
    else if (first) this.#next({ ...first, page });
    for (const row of others) this.#next({ ...row, page });
    this.#edges = edges;
  }

  end(): void {
    if (this.#last) this.writer.line(this.#last.alone ? this.#last.words[0]! : rowLine(this.#last.words), { page: this.#last.page });
    this.#last = null;
    this.#edges = null;
  }

  #next(row: Held): void {
    const edges = this.#edges;
    this.end();
    this.#edges = edges;
    this.#last = row;
  }

  /** Either the rest of a row whose words were not finished, or a row whose first cells are merged with those of the page before. */
  #goOn(words: readonly string[], page: number): void {
    this.writer.note('note.table-unsure');
    const above = this.#last!.words;
    const few = words.filter((text) => text !== '').length * 2 < words.length;
    const broken = few || above.some((text, i) => text.length >= SHORTEST_BROKEN && !FINISHED.test(text) && words[i] !== '');
    if (broken) this.#last!.words = above.map((text, i) => joined(text, words[i]!, ''));
    else {
      const filled = words.findIndex((text) => text !== '');
      this.#next({ words: words.map((text, i) => (i < filled ? above[i]! : text)), alone: false, page });
    }
  }
}
