import { type Cell, cellText, Grid, rowLine } from './grid.js';
import type { TextWriter } from './text-writer.js';
import type { Numbered, WordNumbering } from './word-numbering.js';
import { type Attributes, isOn, whole, type XmlEvents } from './xml.js';

type Paragraph = { text: string; style: string | null; numbered: Numbered; joinsNext: boolean };
type Row = { cells: Cell[]; lines: string[]; deleted: boolean };
type Table = { grid: Grid; rows: number; row: Row; cell: { lines: string[]; across: number; merged: boolean } };
/** Where lines go: the text itself, the cell of a table, or a box whose lines wait for its paragraph to end. */
type Flow = { tables: Table[]; paragraph: Paragraph | null; boxes: string[] };

/** Elements whose content is not shown: deletions, the other version of a drawing, instructions of fields, phonetic guides. */
const SKIPPED = new Set([
  'del',
  'moveFrom',
  'Fallback',
  'instrText',
  'delText',
  'rt',
  'sectPr',
  'pPrChange',
  'rPrChange',
  'tblPrChange',
  'tcPrChange',
]);
const SPACES: Record<string, string> = { tab: '\t', br: '\n', cr: '\n', noBreakHyphen: '-', ptab: '\t' };

/** Walks the elements of one part of a Word document (ECMA-376, part 1, 17) and writes its lines. */
export class WordWalk implements XmlEvents {
  found = false;
  readonly #flows: Flow[] = [{ tables: [], paragraph: null, boxes: [] }];
  readonly #path: string[] = [];
  #skipping = 0;
  #hidden = false;
  #words = false;
  #count = 0;
  #note: { number: number; shown: boolean } | null = null;
  #carried = '';

  constructor(
    private readonly writer: TextWriter,
    private readonly numbering: WordNumbering,
    private readonly story: 'body' | 'footnote' | 'endnote',
  ) {}

  open(name: string, attributes: Attributes): void {
    const parent = this.#path.at(-1);
    this.#path.push(name);
    if (this.#skipping > 0) this.#skipping += 1;
    else if (SKIPPED.has(name)) this.#skip(name, parent);
    else if (parent === 'tabs') return;
    else this.#begin(name, attributes, parent);
  }

  close(name: string): void {
    this.#path.pop();
    if (this.#skipping > 0) this.#skipping -= 1;
    else this.#end(name);
  }

  text(text: string): void {
    if (!this.#words || this.#skipping > 0 || this.#hidden) return;
    const { paragraph } = this.#flow;
    if (paragraph) paragraph.text += text;
  }

  get #flow(): Flow {
    return this.#flows.at(-1)!;
  }

  #skip(name: string, parent: string | undefined): void {
    this.#skipping = 1;
    if (name === 'del' || name === 'moveFrom') this.writer.note('note.revised');
    if (name !== 'del' && name !== 'moveFrom') return;
    const { tables, paragraph } = this.#flow;
    if (parent === 'trPr' && tables.length > 0) tables.at(-1)!.row.deleted = true;
    // The mark that ended this paragraph is gone: it goes on in the next one.
    else if (parent === 'rPr' && this.#path.at(-3) === 'pPr' && paragraph) paragraph.joinsNext = true;
  }

  #begin(name: string, attributes: Attributes, parent: string | undefined): void {
    const flow = this.#flow;
    const value = attributes['val'];
    const table = flow.tables.at(-1);
    if (name === 'body' || name === 'footnotes' || name === 'endnotes') this.found = true;
    else if (name === 'p') flow.paragraph = { text: '', style: null, numbered: { list: null, level: null }, joinsNext: false };
    else if (name === 'r') this.#hidden = false;
    else if (name === 't') this.#words = true;
    else if (name === 'vanish' && parent === 'rPr' && this.#path.at(-3) === 'r') this.#hide(isOn(value));
    else if (name in SPACES && parent === 'r' && !this.#hidden && flow.paragraph) flow.paragraph.text += SPACES[name];
    else if (name === 'ins' || name === 'moveTo') this.writer.note('note.revised');
    else if (name === 'pStyle' && flow.paragraph) flow.paragraph.style = value ?? null;
    else if (name === 'numId' && flow.paragraph) flow.paragraph.numbered.list = value ?? null;
    else if (name === 'ilvl' && flow.paragraph) flow.paragraph.numbered.level = whole(value);
    else if (name === 'txbxContent') this.#flows.push({ tables: [], paragraph: null, boxes: [] });
    else if (name === 'tbl')
      flow.tables.push({ grid: new Grid(), rows: 0, row: { cells: [], lines: [], deleted: false }, cell: newCell() });
    else if (name === 'tr' && table) table.row = { cells: [], lines: [], deleted: false };
    else if (name === 'tc' && table) table.cell = newCell();
    else if (name === 'gridSpan' && table) table.cell.across = whole(value) ?? 1;
    else if (name === 'vMerge' && table) table.cell.merged = value !== 'restart';
    else if ((name === 'gridBefore' || name === 'gridAfter') && table)
      table.row.cells.push({ text: '', across: whole(value) ?? 1, down: 1 });
    else if (name === this.story) this.#note = this.#beginNote(attributes);
  }

  #hide(hidden: boolean): void {
    this.#hidden = hidden;
    if (hidden) this.writer.note('note.hidden');
  }

  /** The first two of the part are the line that sets notes apart, and have a type. */
  #beginNote({ type }: Attributes): { number: number; shown: boolean } | null {
    if (type !== undefined && type !== 'normal') return null;
    return { number: this.#count++, shown: false };
  }

  #end(name: string): void {
    const flow = this.#flow;
    if (name === 't') this.#words = false;
    else if (name === 'r') this.#hidden = false;
    else if (name === 'p' && flow.paragraph) this.#endParagraph(flow, flow.paragraph);
    else if (name === 'txbxContent' && this.#flows.length > 1) this.#flows.pop();
    else if (name === 'tc') endCell(flow.tables.at(-1));
    else if (name === 'tr') this.#endRow(flow);
    else if (name === 'tbl') flow.tables.pop();
  }

  #endParagraph(flow: Flow, { text, style, numbered, joinsNext }: Paragraph): void {
    flow.paragraph = null;
    // An empty item of a list has its number too, but what was deleted altogether has none.
    const number = this.#carried === '' && !(joinsNext && text === '') ? this.numbering.next(style, numbered) : '';
    const all = text === '' ? this.#carried : this.#carried + number + text;
    this.#carried = joinsNext ? all : '';
    if (!joinsNext) this.#say(all);
    for (const line of flow.boxes.splice(0)) this.#say(line);
  }

  #say(text: string): void {
    const flow = this.#flow;
    const table = flow.tables.at(-1);
    if (table) table.cell.lines.push(...text.split('\n'));
    else if (this.#flows.length > 1) this.#flows.at(-2)!.boxes.push(text);
    else this.#write(text);
  }

  #write(text: string): void {
    if (text.trim() === '') return;
    if (this.story !== 'body') {
      if (!this.#note) return;
      this.writer.line(this.#note.shown ? text : `[${this.#note.number + 1}] ${text.trim()}`, {});
      this.#note.shown = true;
      return;
    }
    this.#count += 1;
    this.writer.line(text, { paragraph: this.#count });
  }

  #endRow(flow: Flow): void {
    const table = flow.tables.at(-1);
    if (!table || table.row.deleted || table.row.cells.length === 0) return;
    table.rows += 1;
    const { words, alone } = table.grid.add(table.row.cells);
    for (const line of alone ? table.row.lines : [rowLine(words)]) this.#sayRow(line, flow);
  }

  #sayRow(line: string, flow: Flow): void {
    const outer = flow.tables.at(-2);
    // A table in a cell cannot be rows of its own.
    if (outer) outer.cell.lines.push(line.replaceAll('\t', ' '));
    else if (this.#flows.length > 1) this.#flows.at(-2)!.boxes.push(line);
    else this.#write(line);
  }
}

const newCell = () => ({ lines: [], across: 1, merged: false });

function endCell(table: Table | undefined): void {
  if (!table) return;
  const { lines, across, merged } = table.cell;
  table.row.lines = lines;
  table.row.cells.push({ text: merged ? null : cellText(lines, table.rows === 0), across, down: 1 });
}
