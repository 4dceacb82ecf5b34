import type { UnitRole } from '@app/domain/task.js';
import { readClauses } from './clauses.js';
import { emptyReading, type Reading } from './reading.js';
import { readEnglish } from './english.js';
import type { View } from './text-view.js';

/** No list is longer; what is would be somebody's mistake with a bracket or a column. */
const LONGEST = 6_000;

/** Reads one list in the grammar of its language. `given` is the role that its place says (the head of a column). */
export function readWords(text: string, given: UnitRole | null = null): Reading {
  if (text.length > LONGEST) return { ...emptyReading(), unread: [[0, LONGEST]] };
  return isLatin(text) ? readEnglish(text, given) : readClauses(text, given);
}

export const readLine = ({ text }: View): Reading => readWords(text);

export function isLatin(text: string): boolean {
  const length = Math.min(text.length, 400);
  let [latin, chinese] = [0, 0];
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122)) latin += 1;
    else if (code >= 0x3400 && code <= 0x9fff) chinese += 1;
  }
  return latin > 3 * chinese;
}
