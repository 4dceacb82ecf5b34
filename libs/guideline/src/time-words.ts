import { dueDatesIn } from '@app/calendar/due-dates.js';

/** Whether a part of a list says when, and nothing else: 2024年6月底前完成 · 长期坚持 · 持续推进. */
export function isTimeWords(words: string): boolean {
  if (words.length > 40 || words.length < 2) return false;
  let covered = 0;
  for (const { start, end } of dueDatesIn(words, { field: true })) covered += end - start;
  if (covered === 0) return false;
  const rest = words.length - covered;
  return rest <= 6;
}
