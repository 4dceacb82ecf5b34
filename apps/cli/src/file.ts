import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Words } from './words.js';

/** The file that the user named from where they stand; null, and a sentence, when it cannot be read. */
export async function fileOf(name: string, say: Words): Promise<Buffer | null> {
  try {
    return await readFile(resolve(process.env['DUBAN_CWD'] ?? '', name));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = REASONS[code as keyof typeof REASONS];
    console.error(say('file.unreadable', { file: name, reason: reason ? say(reason) : message }));
    return null;
  }
}

const REASONS = { ENOENT: 'file.missing', ENOTDIR: 'file.missing', EISDIR: 'file.folder', EACCES: 'file.forbidden' } as const;
