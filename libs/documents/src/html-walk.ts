import type { Handler } from 'htmlparser2';
import { type Cell, cellText, Grid, rowLine } from './grid.js';
import { numeral } from './numerals.js';
import type { TextWriter } from './text-writer.js';
import { whole } from './xml.js';

const tags = (names: string) => new Set(names.split(' '));
const SKIPPED = tags('script style noscript template svg math iframe object title nav textarea select button audio video canvas');
const BLOCKS = tags(
  'address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 ' +
    'header hgroup hr html legend li main menu ol p pre section summary table tbody td tfoot th thead tr ul',
);
const VOID = tags('area base br col embed hr img input link meta param source track wbr');
const LIST_FORMATS: Record<string, string> = { a: 'lowerLetter', A: 'upperLetter', i: 'lowerRoman', I: 'upperRoman' };

type Row = { cells: { lines: string[]; across: number; down: number }[] };
type Table = { rows: Row[]; lines: string[]; layout: boolean };
type List = { next: number; format: string | null };

/** Walks the tags of a page and writes its lines: one for each block, one for each row of a table. */
export class HtmlWalk implements Partial<Handler> {
  readonly #tables: Table[] = [];
  readonly #lists: List[] = [];
  #line = '';
  #skipping = 0;
  #skipped: string[] = [];
  #preformatted = 0;

  constructor(private readonly writer: TextWriter) {}

  onopentag(name: string, attributes: Record<string, string>): void {
    if (this.#skipping > 0 || SKIPPED.has(name) || isHidden(attributes)) {
      if (VOID.has(name)) return;
      if (this.#skipping === 0 && !SKIPPED.has(name)) this.writer.note('note.hidden');
      this.#skipping += 1;
      this.#skipped.push(name);
      return;
    }
    if (BLOCKS.has(name)) this.#break();
    const table = this.#tables.at(-1);
    if (name === 'br') this.#lineEnd();
    else if (name === 'pre') this.#preformatted += 1;
    else if (name === 'table') this.#openTable();
    else if (name === 'tr' && table) table.rows.push({ cells: [] });
    else if ((name === 'td' || name === 'th') && table) {
      if (table.rows.length === 0) table.rows.push({ cells: [] });
      const [across, down] = [whole(attributes['colspan']) ?? 1, whole(attributes['rowspan']) ?? 1];
      table.rows.at(-1)!.cells.push({ lines: [], across, down: down === 0 ? 65_534 : down });
    } else if (name === 'ol' || name === 'ul')
      this.#lists.push({
        next: whole(attributes['start']) ?? 1,
        format: name === 'ol' ? (LIST_FORMATS[attributes['type'] ?? ''] ?? 'decimal') : null,
      });
    else if (name === 'li') this.#line = this.#itemNumber(attributes['value']);
  }

  onclosetag(name: string): void {
    if (this.#skipping > 0) {
      if (VOID.has(name)) return;
      // Tags that were opened inside are closed in order: the parser sees to that.
      this.#skipped.pop();
      this.#skipping -= 1;
      return;
    }
    if (BLOCKS.has(name)) this.#break();
    if (name === 'pre') this.#preformatted = Math.max(0, this.#preformatted - 1);
    else if (name === 'table') this.#closeTable();
    else if (name === 'ol' || name === 'ul') this.#lists.pop();
  }

  ontext(text: string): void {
    if (this.#skipping > 0) return;
    if (this.#preformatted > 0) {
      const [first, ...rest] = text.split('\n');
      this.#line += first;
      for (const line of rest) {
        this.#lineEnd();
        this.#line = line;
      }
      return;
    }
    const plain = text.replace(/[\t\n\f\r ]+/g, ' ');
    this.#line += this.#line === '' || this.#line.endsWith(' ') ? plain.trimStart() : plain;
  }

  /** Closes what the page left open. */
  finish(): void {
    this.#break();
    while (this.#tables.length > 0) this.#closeTable();
  }

  #break(): void {
    if (this.#line.trim() !== '') this.#lineEnd();
    this.#line = '';
  }

  #lineEnd(): void {
    this.#say(this.#line.trimEnd());
    this.#line = '';
  }

  #say(line: string): void {
    const table = this.#tables.at(-1);
    if (!table) this.writer.line(line, {});
    else (table.rows.at(-1)?.cells.at(-1)?.lines ?? table.lines).push(line);
  }

  /** Pages are laid out with tables too: one that holds a table is no table of its own. */
  #openTable(): void {
    const outer = this.#tables.at(-1);
    if (outer) outer.layout = true;
    this.#tables.push({ rows: [], lines: [], layout: false });
  }

  #closeTable(): void {
    const table = this.#tables.pop();
    if (!table) return;
    for (const line of table.lines) this.#say(line);
    const rows = table.rows.filter(({ cells }) => cells.length > 0);
    if (table.layout || rows.every(({ cells }) => cells.length === 1)) {
      for (const line of rows.flatMap(({ cells }) => cells.flatMap(({ lines }) => lines))) this.#say(line);
      return;
    }
    const grid = new Grid();
    for (const [i, { cells }] of rows.entries()) {
      const { words, alone } = grid.add(cells.map(({ lines, across, down }): Cell => ({ text: cellText(lines, i === 0), across, down })));
      for (const line of alone ? cells[0]!.lines : [rowLine(words)]) this.#say(line);
    }
  }

  #itemNumber(value: string | undefined): string {
    const list = this.#lists.at(-1);
    if (!list?.format) return '';
    list.next = whole(value) ?? list.next;
    return `${numeral(list.next++, list.format)}. `;
  }
}

const isHidden = (attributes: Record<string, string>): boolean =>
  'hidden' in attributes || /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(attributes['style'] ?? '');
