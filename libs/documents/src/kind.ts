import { Unreadable } from './unreadable.js';

export type Format = 'text' | 'markdown' | 'html' | 'word' | 'pdf' | 'excel' | 'csv';
/** What the bytes are; a ZIP archive shows only inside whether it is Word or Excel. */
export type Kind = Exclude<Format, 'word' | 'excel'> | 'zip';

const BY_EXTENSION: Record<string, Format> = {
  txt: 'text',
  md: 'markdown',
  markdown: 'markdown',
  htm: 'html',
  html: 'html',
  xhtml: 'html',
  docx: 'word',
  docm: 'word',
  pdf: 'pdf',
  xlsx: 'excel',
  xlsm: 'excel',
  csv: 'csv',
  tsv: 'csv',
};

/** How files begin that hold no text for us, and what such a file is. */
const REFUSED: readonly (readonly [code: Unreadable['code'], bytes: readonly number[]])[] = [
  ['file.rtf', [0x7b, 0x5c, 0x72, 0x74, 0x66]],
  ['file.image', [0x89, 0x50, 0x4e, 0x47]],
  ['file.image', [0xff, 0xd8, 0xff]],
  ['file.image', [0x47, 0x49, 0x46, 0x38]],
  ['file.image', [0x49, 0x49, 0x2a, 0x00]],
  ['file.image', [0x4d, 0x4d, 0x00, 0x2a]],
  ['file.image', [0x42, 0x4d]],
  ['file.archive', [0x1f, 0x8b]],
  ['file.archive', [0x52, 0x61, 0x72, 0x21]],
  ['file.archive', [0x37, 0x7a, 0xbc, 0xaf]],
];
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const EMPTY_ZIP = [0x50, 0x4b, 0x05, 0x06];
const OLE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/** The last part of a file's name in small letters, '' without one. The name is not trusted for anything else. */
export const extensionOf = (name: string): string => /\.([a-z0-9]{1,10})$/i.exec(name.trim())?.[1]?.toLowerCase() ?? '';

export const formatNamed = (extension: string): Format | null => (Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension]! : null);

/** What the bytes say the file is; the extension decides only among kinds of text. */
export function kindOf(bytes: Uint8Array, extension: string): Kind {
  if (bytes.length === 0) throw new Unreadable('file.empty');
  if (begins(bytes, ZIP) || begins(bytes, EMPTY_ZIP)) return 'zip';
  if (begins(bytes, OLE)) throw new Unreadable(oldOffice(bytes));
  for (const [code, beginning] of REFUSED) {
    // «BM» also begins words; a bitmap has zero bytes at 6 to 9.
    if (beginning.length === 2 && beginning[0] === 0x42 && !(bytes[6] === 0 && bytes[7] === 0)) continue;
    if (begins(bytes, beginning)) throw new Unreadable(code);
  }
  const beginning = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString('latin1');
  // Readers of PDF accept anything before the mark; a text that only speaks of it begins otherwise.
  if (beginning.startsWith('%PDF-') || (extension === 'pdf' && beginning.includes('%PDF-'))) return 'pdf';
  const named = formatNamed(extension);
  if (named === 'html' || /^(?:\u00ef\u00bb\u00bf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)\b/i.test(beginning))
    return 'html';
  return named === 'markdown' || named === 'csv' ? named : 'text';
}

const begins = (bytes: Uint8Array, beginning: readonly number[]) => beginning.every((byte, i) => bytes[i] === byte);

/** The container of Office before 2007, which also holds today's documents when they have a password. */
function oldOffice(bytes: Uint8Array): Unreadable['code'] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const holds = (stream: string) => buffer.includes(Buffer.from(stream, 'utf16le'));
  if (holds('EncryptedPackage')) return 'file.encrypted';
  if (holds('WordDocument')) return 'file.old-word';
  return holds('Workbook') ? 'file.old-excel' : 'file.unsupported';
}
