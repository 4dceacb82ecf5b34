import type { sentences } from './sentences.js';

export type UnreadableCode = keyof typeof sentences & `file.${string}`;

/** No text can be had from the file. `code` is a key of `sentences`, which say what to do about it; `cause` is for the log. */
export class Unreadable extends Error {
  constructor(
    readonly code: UnreadableCode,
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}
