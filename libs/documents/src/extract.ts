import { extensionOf, kindOf } from './kind.js';
import { limits } from './limits.js';
import { plainText, withMismatch } from './plain.js';
import { type ChildLimits, parseInChild } from './run-child.js';
import type { Extracted } from './text-writer.js';
import { Turns } from './turns.js';
import { Unreadable } from './unreadable.js';

/** Plain text up to this size is decoded here and now: that takes less time than a process needs to start, and opens nothing. */
const SMALL_TEXT = 256 * 1024;
const AT_ONCE = 2;
const MOST_WAITING = 30;

const turns = new Turns(AT_ONCE, MOST_WAITING);

/**
 * The text of a file, and where in the file each part of it stands. What the file is, its bytes say; the name's extension only helps.
 * Throws Unreadable with the reason, within 20 s of its turn. At most two files are read at once, by processes of their own.
 */
export async function extractText(
  { name, bytes }: { name: string; bytes: Uint8Array },
  smaller: Partial<ChildLimits> = {},
): Promise<Extracted> {
  if (bytes.length > limits.fileBytes) throw new Unreadable('file.too-large');
  const extension = extensionOf(name);
  const kind = kindOf(bytes, extension);
  if ((kind === 'text' || kind === 'markdown') && bytes.length <= SMALL_TEXT) return withMismatch(plainText(bytes, kind), extension);
  return turns.take(
    () => parseInChild(bytes, extension, { ...limits, ...smaller }),
    () => new Unreadable('file.busy'),
  );
}
