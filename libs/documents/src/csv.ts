import { decodeText } from './decode.js';
import { cellText } from './grid.js';
import { type Extracted, TextWriter } from './text-writer.js';

/** Tables as comma-separated values (RFC 4180), also with semicolons or tabs. Line ends inside a cell do not end its row. */
export function csvText(bytes: Uint8Array): Extracted {
  const { text, encoding } = decodeText(bytes);
  const writer = new TextWriter();
  let row = 0;
  for (const cells of csvRows(text, separatorOf(text))) {
    row += 1;
    const words = cells.map((cell) => cellText(cell.split(/[\n\t]/), row === 1));
    const filled = words.filter((cell) => cell !== '');
    // A title above the table stands in its first cell alone.
    writer.line(filled.length === 1 && words[0] !== '' ? filled[0]! : words.join('\t'), { row });
  }
  return writer.done('csv', encoding);
}

/** The one that the first lines hold most often outside quotes. */
function separatorOf(text: string): string {
  const sample = text.slice(0, 4000).replace(/"[^"]*"/g, '');
  const count = (mark: string) => sample.split(mark).length;
  return [',', '\t', ';'].toSorted((a, b) => count(b) - count(a))[0]!;
}

function* csvRows(text: string, separator: string): Generator<string[]> {
  let row: string[] = [];
  for (let at = 0; at <= text.length; at++) {
    let cell: string;
    if (text.charAt(at) === '"') [cell, at] = quoted(text, at + 1);
    else {
      const from = at;
      while (at < text.length && text.charAt(at) !== separator && text.charAt(at) !== '\n') at += 1;
      cell = text.slice(from, at);
    }
    row.push(cell);
    if (at < text.length && text.charAt(at) === separator) continue;
    yield row;
    row = [];
  }
}

/** What stands in quotes from `from` on, and where the cell ends. Words behind the closing quote belong to it, as spreadsheets have it. */
function quoted(text: string, from: number): [cell: string, end: number] {
  let cell = '';
  for (let at = from; ;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return [cell + text.slice(at), text.length];
    cell += text.slice(at, quote);
    if (text.charAt(quote + 1) !== '"') {
      const rest = /[^,;\t\n]*/y;
      rest.lastIndex = quote + 1;
      const [words] = rest.exec(text)!;
      return [cell + words, quote + 1 + words.length];
    }
    cell += '"';
    at = quote + 2;
  }
}
