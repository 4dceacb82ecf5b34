import { dueDatesIn } from '@app/calendar/due-dates.js';
import { kindOf } from './unit-names.js';

/** Whether a part of a list says when, and nothing else: 2024年6月底前完成 · 长期坚持 · 持续推进. */
export function isTimeWords(words: string): boolean {
  if (words.length > 40 || words.length < 2) return false;
  const found = dueDatesIn(words, { field: true });
  const covered = found.reduce((sum, { start, end }) => sum + end - start, 0);
  const first = found[0]?.start ?? 0;
  if (covered === 0) return false;
  const rest = words.length - covered;
  // «前取得实质性进展» behind the date; a name there would make it a part of the list that says who.
  const opens = first <= 1 || /^(?:于|在|力争|争取|确保|原则上|须?应?在|并在|每)/.test(words);
  return opens && (rest <= 6 || (rest <= 20 && first <= 2 && kindOf(words.slice(-rest)) === null));
}
