import { namesIn } from './names.js';
import { foldChar } from './text-view.js';

/** The units that a person typed one after the other, as they wrote them: 省科技厅、各市、县人民政府，省财政厅. What looks like no name stays whole. */
export function typedNames(words: string): string[] {
  const folded = words.replace(/[^]/g, foldChar);
  const { names, unread } = namesIn(folded, 0, folded.length);
  const pieces = [...names.map(({ start, end }) => [start, end] as const), ...unread].toSorted(([a], [b]) => a - b);
  return pieces.map(([start, end]) => words.slice(start, end).trim()).filter((name) => name !== '');
}
