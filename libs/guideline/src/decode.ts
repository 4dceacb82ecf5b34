import { sentences } from './sentences.js';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';
export type Decoded = { text: string; encoding: Encoding };

/** The file is not text. `code` is a key of `sentences`, which say what to do about it. */
export class Unreadable extends Error {
  constructor(readonly code: keyof typeof sentences & `file.${string}`) {
    super(code);
  }
}

/** How files begin that people mistake for text, and what such a file is. */
const BEGINNINGS: readonly (readonly [code: Unreadable['code'], bytes: readonly number[]])[] = [
  ['file.pdf', [0x25, 0x50, 0x44, 0x46]],
  ['file.word', [0x50, 0x4b, 0x03, 0x04]],
  ['file.word', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
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

/**
 * The text of a file, with line ends as '\n' and without a byte order mark; nothing else is changed, so that what is kept is what was sent.
 * Without a mark: UTF-8 when the bytes are valid UTF-8, else UTF-16 when every other byte says so, else GB18030 (which GBK and GB2312 are part of).
 */
export function decodeText(bytes: Uint8Array): Decoded {
  if (bytes.length === 0) throw new Unreadable('file.empty');
  const marked = byMark(bytes);
  if (!marked) refuseKnownFormats(bytes);
  const decoded = marked ?? byContent(bytes);
  const text = decoded.text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  if (text.trim() === '') throw new Unreadable('file.empty');
  if (looksBinary(text)) throw new Unreadable('file.binary');
  return { text, encoding: decoded.encoding };
}

function refuseKnownFormats(bytes: Uint8Array) {
  for (const [code, beginning] of BEGINNINGS) {
    // «BM» also begins words; a bitmap has zero bytes at 6 to 9.
    if (code === 'file.image' && beginning.length === 2 && !(bytes[6] === 0 && bytes[7] === 0)) continue;
    if (beginning.every((byte, i) => bytes[i] === byte)) throw new Unreadable(code);
  }
}

function byMark(bytes: Uint8Array): Decoded | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return strictly('utf-8', bytes.subarray(3));
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return strictly('utf-16le', bytes.subarray(2));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return strictly('utf-16be', bytes.subarray(2));
  return null;
}

function byContent(bytes: Uint8Array): Decoded {
  const wide = unmarkedWide(bytes);
  if (wide) return strictly(wide, bytes);
  if (bytes.includes(0)) throw new Unreadable('file.binary');
  const utf8 = attempt('utf-8', bytes);
  if (utf8 !== null) return { text: utf8, encoding: 'utf-8' };
  return strictly('gb18030', bytes);
}

/** UTF-16 without a mark shows in its line ends and ASCII digits: one of every two bytes is zero there, always on the same side. */
function unmarkedWide(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes.length % 2 !== 0) return null;
  let [even, odd] = [0, 0];
  for (let i = 0; i < bytes.length; i += 2) {
    if (bytes[i] === 0 && bytes[i + 1] === 0) return null;
    if (bytes[i] === 0) even += 1;
    if (bytes[i + 1] === 0) odd += 1;
  }
  if (odd > 0 && even === 0) return 'utf-16le';
  return even > 0 && odd === 0 ? 'utf-16be' : null;
}

function strictly(encoding: Encoding, bytes: Uint8Array): Decoded {
  const text = attempt(encoding, bytes);
  if (text === null) throw new Unreadable('file.encoding');
  return { text, encoding };
}

function attempt(encoding: Encoding, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return null;
    throw error;
  }
}

/** Control characters do not occur in documents, except tabs, line ends and the form feeds of a printer. */
function looksBinary(text: string): boolean {
  let controls = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0 || code === 0xfffd) return true;
    if (code < 32 && code !== 9 && code !== 10 && code !== 12) controls += 1;
  }
  return controls * 100 > text.length;
}
