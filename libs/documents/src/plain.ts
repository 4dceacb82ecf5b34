import { decodeText } from './decode.js';
import { formatNamed } from './kind.js';
import { limits } from './limits.js';
import { withoutRadicals } from './radicals.js';
import type { Extracted } from './text-writer.js';
import { Unreadable } from './unreadable.js';

/** Text as it was sent: only line ends are made one kind, and radicals the characters they look like. */
export function plainText(bytes: Uint8Array, format: 'text' | 'markdown'): Extracted {
  const { text, encoding } = decodeText(bytes);
  if (text.length > limits.textLength) throw new Unreadable('file.too-large');
  return { text: withoutRadicals(text), format, encoding, places: [], notes: [] };
}

/** Says so when the name promised something else than the bytes are. */
export function withMismatch(extracted: Extracted, extension: string): Extracted {
  const named = formatNamed(extension);
  return named === null || named === extracted.format ? extracted : { ...extracted, notes: [...extracted.notes, 'note.mismatch'] };
}
