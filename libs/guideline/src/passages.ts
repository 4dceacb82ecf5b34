import type { FoundList } from './found-list.js';
import type { Section } from './outline.js';
import type { View } from './text-view.js';

/** The text a list governs, in offsets of the view. */
export type Passage = { start: number; end: number };

/**
 * A list governs the text before it, back to the list or heading before. One that follows its heading at once governs what comes behind,
 * up to the next heading or list. A row of a table knows its own passage.
 */
export function passagesOf(view: View, lists: readonly FoundList[], sections: readonly Section[]): Passage[] {
  let next = 0;
  return lists.map((list, i) => {
    while (next < sections.length && sections[next]!.start <= list.start) next += 1;
    if (list.passage) return { start: list.passage[0], end: list.passage[1] };
    const heading = sections[next - 1];
    const before = lists[i - 1]?.end ?? 0;
    const start = heading && heading.start >= before ? heading.start : skipMarks(view, before, list.start);
    if (heading && heading.start === start && standsInHeading(view, heading, list)) {
      const until = Math.min(sections[next]?.start ?? view.text.length, lists[i + 1]?.start ?? view.text.length);
      return { start, end: trimEnd(view, list.end, until) };
    }
    return { start, end: trimEnd(view, start, list.start) };
  });
}

/** 1.压减事项(省发展改革委牵头) with its text on the next lines. */
function standsInHeading({ text }: View, heading: Section, list: FoundList): boolean {
  const [titleEnd, lineEnd] = [heading.end, text.indexOf('\n', list.start)];
  if (list.form !== 'bracket' || titleEnd > list.start || /[^\s。.:,]/.test(text.slice(titleEnd, list.start))) return false;
  return lineEnd >= 0 && /^[。\s]*$/.test(text.slice(list.end, lineEnd));
}

function skipMarks({ text }: View, start: number, end: number): number {
  let at = start;
  while (at < end && /[\s。;,.、)]/.test(text.charAt(at))) at += 1;
  return at;
}

function trimEnd({ text }: View, start: number, end: number): number {
  let at = end;
  while (at > start && /\s/.test(text.charAt(at - 1))) at -= 1;
  return at;
}
