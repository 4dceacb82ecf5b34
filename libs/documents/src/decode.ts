import { Unreadable } from './unreadable.js';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030' | 'big5';
export type Decoded = { text: string; encoding: Encoding };

/**
 * The text of a file, with line ends as '\n' and without a byte order mark; nothing else is changed, so that what is kept is what was sent.
 * Without a mark: the encoding that the file `declared`, if its bytes are valid in it; else UTF-16 when there are zero bytes and it reads as
 * Chinese or English, else UTF-8 when they are valid UTF-8, else GB18030 (which GBK and GB2312 are part of).
 */
export function decodeText(bytes: Uint8Array, declared: Encoding | null = null): Decoded {
  if (bytes.length === 0) throw new Unreadable('file.empty');
  const decoded = byMark(bytes) ?? byDeclaration(bytes, declared) ?? byContent(bytes);
  const text = decoded.text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  if (text.trim() === '') throw new Unreadable('file.empty');
  if (looksBinary(text)) throw new Unreadable('file.binary');
  return { text, encoding: decoded.encoding };
}

function byMark(bytes: Uint8Array): Decoded | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return strictly('utf-8', bytes.subarray(3));
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return strictly('utf-16le', bytes.subarray(2));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return strictly('utf-16be', bytes.subarray(2));
  return null;
}

function byDeclaration(bytes: Uint8Array, declared: Encoding | null): Decoded | null {
  if (!declared) return null;
  const text = attempt(declared, bytes);
  return text === null ? null : { text, encoding: declared };
}

function byContent(bytes: Uint8Array): Decoded {
  if (bytes.includes(0)) {
    const wide = unmarkedWide(bytes);
    if (wide) return wide;
    throw new Unreadable('file.binary');
  }
  const utf8 = attempt('utf-8', bytes);
  if (utf8 !== null) return { text: utf8, encoding: 'utf-8' };
  return strictly('gb18030', bytes);
}

/** Letters, digits, Chinese characters and the marks between them: what documents are written in. */
const WRITTEN = /[\t\n\r -~\u00a0-\u00ff\u2000-\u206f\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/g;

/**
 * UTF-16 without a mark. Zero bytes do not say which end comes first (一 and a line's end have theirs on different sides), but read the wrong
 * way round, line ends and digits become signs that no document has.
 */
function unmarkedWide(bytes: Uint8Array): Decoded | null {
  if (bytes.length % 2 !== 0) return null;
  const readings = (['utf-16le', 'utf-16be'] as const).flatMap((encoding) => {
    const text = attempt(encoding, bytes);
    return text === null || text.includes('\0') ? [] : [{ text, encoding, written: shareWritten(text.slice(0, 4_000)) }];
  });
  const [best] = readings.toSorted((a, b) => b.written - a.written);
  return best && best.written >= 0.9 ? { text: best.text, encoding: best.encoding } : null;
}

const shareWritten = (text: string) => (text.match(WRITTEN)?.length ?? 0) / text.length;

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
