import { extensionOf, kindOf } from './kind.js';
import { limits } from './limits.js';
import { plainText, withMismatch } from './plain.js';
import { type ChildLimits, runChild } from './run-child.js';
import type { Extracted } from './text-writer.js';
import { Unreadable } from './unreadable.js';

/** Plain text up to this size is decoded here and now: that takes less time than a process needs to start, and opens nothing. */
const SMALL_TEXT = 256 * 1024;

/**
 * The text of a file, and where in the file each part of it stands. What the file is, its bytes say; the name's extension only helps.
 * Throws Unreadable with the reason, within 20 s of its turn: files are read by processes of their own.
 */
export async function extractText(
  { name, bytes }: { name: string; bytes: Uint8Array },
  smaller: Partial<ChildLimits> = {},
): Promise<Extracted> {
  if (bytes.length > limits.fileBytes) throw new Unreadable('file.too-large');
  const extension = extensionOf(name);
  const kind = kindOf(bytes, extension);
  if ((kind === 'text' || kind === 'markdown') && bytes.length <= SMALL_TEXT) return withMismatch(plainText(bytes, kind), extension);
  const program = { path: 'libs/documents/src/child.js', word: extension, tooMuch: 'file.too-large' } as const;
  const { text, about } = await runChild<Omit<Extracted, 'text'>>(program, bytes, smaller);
  return { text, ...about };
}
