import { sentence, type SentenceCode, type SentenceDetails } from './sentences.js';

/** The product cannot start here as things are. Show `sentence(code, details, language)`, never the stack. */
export class Unstartable extends Error {
  constructor(
    readonly code: SentenceCode,
    readonly details: SentenceDetails = {},
    options?: ErrorOptions,
  ) {
    super(sentence(code, details, 'en'), options);
  }
}

const FULL = new Set(['ENOSPC', 'EDQUOT']);
const FORBIDDEN = new Set(['EACCES', 'EPERM', 'EROFS']);

/** Gives an error of the file system its sentence; any other error comes back unchanged. */
export function explained(error: unknown, path: string, user: string): unknown {
  const { code, path: at } = error as NodeJS.ErrnoException;
  if (code !== undefined && FULL.has(code)) return new Unstartable('postgres.disk-full', { dir: path }, { cause: error });
  if (code !== undefined && FORBIDDEN.has(code))
    return new Unstartable('postgres.no-permission', { path: at?.startsWith(path) ? path : (at ?? path), user }, { cause: error });
  return error;
}
