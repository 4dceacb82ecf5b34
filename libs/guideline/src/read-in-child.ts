import { type ChildLimits, runChild } from '@app/documents/run-child.js';
import { type ReadGuideline, readGuideline } from './read.js';

/** A text up to this length is read here and now, in some 30 ms at the worst: less than a process needs to start. */
const SMALL = 3_000;
/** Four times what one event holds. */
const MOST_READ = 4_000_000;

/**
 * `readGuideline` for texts that others wrote: it takes milliseconds for a page, but a text may be made to take as many seconds, and this
 * process has others to answer. Throws Unreadable within 20 s of its turn where that costs too much.
 */
export async function readInChild(text: string, smaller: Partial<ChildLimits> = {}): Promise<ReadGuideline> {
  if (text.length <= SMALL) return readGuideline(text);
  const program = { path: 'libs/guideline/src/child.js', word: '', tooMuch: 'file.too-many-lists' } as const;
  return (await runChild<ReadGuideline>(program, Buffer.from(text), { answerBytes: MOST_READ, ...smaller })).about;
}
