import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Words } from './words.js';

/** The file that the user named from where they stand; null, and a sentence, when it cannot be read. */
export async function fileOf(name: string, say: Words): Promise<Buffer | null> {
  try {
    return await readFile(resolve(process.env['DUBAN_CWD'] ?? '', name));
  } catch (error) {
    console.error(say('file.unreadable', { file: name, reason: (error as Error).message }));
    return null;
  }
}
