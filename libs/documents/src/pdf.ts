import './pdf-globals.js';
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { between, rowLine } from './grid.js';
import { limits } from './limits.js';
import { type Block, blocksOf, goesOn, rowsOf, type Setting, settingOf } from './pdf-lines.js';
import { openPdf } from './pdf-open.js';
import { type Line, type Upright, uprightPage } from './pdf-page.js';
import { rulesOf } from './pdf-rules.js';
import { type RuledTable, ruledTables } from './pdf-ruled.js';
import { TablesAcrossPages } from './pdf-tables.js';
import { type Extracted, TextWriter } from './text-writer.js';
import { Unreadable } from './unreadable.js';

type Part = Block | { kind: 'table'; table: RuledTable };
type Page = { parts: Part[]; setting: Setting };

/**
 * The text of a PDF with the page of each paragraph. Lines are joined where only the width of the page broke them, page numbers and repeated
 * page heads are left out. Tables with drawn lines are read by those, others by where their words stand, with a note.
 */
export async function pdfText(bytes: Uint8Array): Promise<Extracted> {
  const document = await openPdf(bytes);
  if (document.numPages > limits.pages) throw new Unreadable('file.too-large');
  const writer = new TextWriter();
  const pages = await readPages(document, writer);
  const repeated = repeatedOf(pages);
  const flow = new Flow(writer);
  for (const [i, { parts, setting }] of pages.entries()) {
    const shown = parts.filter(
      (part, n) => !(isOuter(parts, n) && part.kind === 'line' && (isPageNumber(part.line.text) || repeated.has(headOf(part.line)))),
    );
    for (const part of shown) flow.add(part, i + 1, setting);
  }
  flow.end();
  return writer.done('pdf', null);
}

async function readPages(document: PDFDocumentProxy, writer: TextWriter): Promise<Page[]> {
  const pages: Page[] = [];
  let [length, unknown, blank] = [0, 0, 0];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number).catch((cause: unknown) => {
      throw new Unreadable('file.broken', { cause });
    });
    const upright = await uprightPage(page);
    const { pieces } = upright;
    if (pieces.length === 0) blank += 1;
    for (const { text } of pieces) {
      length += text.length;
      unknown += text.replace(/[^\ufffd\p{Co}\p{Cc}]/gu, '').length;
    }
    if (length > limits.textLength) throw new Unreadable('file.too-large');
    pages.push(pieces.length > 0 ? await readPage(page, upright) : { parts: [], setting: settingOf([]) });
    page.cleanup();
  }
  if (length === 0) throw new Unreadable('file.scan');
  if (unknown * 5 > length) throw new Unreadable('file.garbled');
  if (blank > 0) writer.note('note.pages-without-text');
  return pages;
}

async function readPage(page: PDFPageProxy, { pieces, toReader }: Upright): Promise<Page> {
  const { tables, left } = ruledTables(pieces, await rulesOf(page, toReader));
  const parts: Part[] = [];
  let from = 0;
  for (const { table, order } of tables) {
    parts.push(...blocksOf(rowsOf(left.slice(from, order))), { kind: 'table', table });
    from = order;
  }
  parts.push(...blocksOf(rowsOf(left.slice(from))));
  return { parts, setting: settingOf(parts.flatMap((part) => (part.kind === 'line' ? [part.line] : []))) };
}

const isPageNumber = (text: string) =>
  /^(?:[-—–－·•\s]*\d{1,4}[-—–－·•\s]*|第\s*\d+\s*页.{0,12}|page \d+(?: of \d+)?|\d+\s*\/\s*\d+)$/iu.test(text.trim());
const headOf = ({ text, top }: Line) => `${Math.round(top / 4)} ${text}`;
/** Only the first two and the last two parts of a page can be its head or foot. */
const isOuter = (parts: readonly Part[], n: number) => n < 2 || n >= parts.length - 2;

/** Heads and feet: the same words at the same height on three pages or more, and on most of them. */
function repeatedOf(pages: readonly Page[]): Set<string> {
  const counts = new Map<string, number>();
  for (const { parts } of pages)
    for (const head of new Set(parts.flatMap((part, n) => (isOuter(parts, n) && part.kind === 'line' ? [headOf(part.line)] : []))))
      counts.set(head, (counts.get(head) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count >= 3 && count * 2 > pages.length).map(([head]) => head));
}

/** Puts the parts of all pages one after the other; a paragraph belongs to the page where it begins. */
class Flow {
  #paragraph: { parts: string[]; last: Line; setting: Setting; page: number } | null = null;
  readonly #tables: TablesAcrossPages;

  constructor(private readonly writer: TextWriter) {
    this.#tables = new TablesAcrossPages(writer);
  }

  add(part: Part, page: number, setting: Setting): void {
    const paragraph = this.#paragraph;
    if (part.kind === 'line' && paragraph && goesOn(paragraph.last, part.line, paragraph.setting)) {
      paragraph.parts.push(between(paragraph.last.text, part.line.text, ''), part.line.text);
      [paragraph.last, paragraph.setting] = [part.line, setting];
      return;
    }
    this.#endParagraph();
    if (part.kind === 'table') {
      this.#tables.add(part.table, page);
      return;
    }
    this.#tables.end();
    if (part.kind === 'line') this.#paragraph = { parts: [part.line.text], last: part.line, setting, page };
    else {
      this.writer.note('note.table-unsure');
      this.writer.line(rowLine(part.words), { page });
    }
  }

  end(): void {
    this.#endParagraph();
    this.#tables.end();
  }

  #endParagraph(): void {
    if (this.#paragraph) this.writer.line(this.#paragraph.parts.join(''), { page: this.#paragraph.page });
    this.#paragraph = null;
  }
}
