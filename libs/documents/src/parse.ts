import { csvText } from './csv.js';
import { excelText } from './excel.js';
import { htmlText } from './html.js';
import { kindOf } from './kind.js';
import { plainText, withMismatch } from './plain.js';
import { relationsOf } from './relations.js';
import type { Extracted } from './text-writer.js';
import { Unreadable } from './unreadable.js';
import { wordText } from './word.js';
import { Zip } from './zip.js';

/** The text of a file in this very process, without its limits on time and memory: for the child. */
export async function parse(bytes: Buffer, extension: string): Promise<Extracted> {
  const extracted = await parseKind(bytes, extension);
  return withMismatch(extracted, extension);
}

async function parseKind(bytes: Buffer, extension: string): Promise<Extracted> {
  const kind = kindOf(bytes, extension);
  if (kind === 'zip') return officeText(bytes);
  if (kind === 'pdf') return (await import('./pdf.js')).pdfText(bytes);
  if (kind === 'html') return htmlText(bytes);
  if (kind === 'csv') return csvText(bytes);
  return plainText(bytes, kind);
}

async function officeText(bytes: Buffer): Promise<Extracted> {
  const zip = await Zip.open(bytes);
  const part = (await relationsOf(zip, '')).find(({ kind }) => kind === 'officeDocument')?.target;
  if (part?.startsWith('word/')) return wordText(zip, part);
  if (part?.startsWith('xl/') && part.endsWith('.xml')) return excelText(zip, part);
  // OFD, OpenDocument and slides are archives with a document in them, too.
  throw new Unreadable(part || zip.has('mimetype') || zip.has('OFD.xml') ? 'file.unsupported' : 'file.archive');
}
