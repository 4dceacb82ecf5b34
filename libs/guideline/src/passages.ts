import type { FoundList } from './found-list.js';
import type { Section } from './outline.js';
import { endOfLine, type View } from './text-view.js';

/** The text a list governs, in offsets of the view. `wide`: it holds numbered points that have no list of their own. */
export type Passage = { start: number; end: number; wide: boolean };

/**
 * A list governs the text before it, back to the list or heading before. One that follows its heading at once governs what comes behind,
 * up to the next heading or list. A row of a table knows its own passage.
 */
export function passagesOf(view: View, lists: readonly FoundList[], sections: readonly Section[]): Passage[] {
  let next = 0;
  return lists.map((list, i) => {
    while (next < sections.length && sections[next]!.start <= list.start) next += 1;
    if (list.passage) return { start: list.passage[0], end: list.passage[1], wide: false };
    const before = lists[i - 1]?.end ?? 0;
    const around = standsAlone(view, list) ? pointsAround(sections, next - 1, before) : null;
    const heading = around ?? sections[next - 1];
    const start = heading && heading.start >= before ? heading.start : skipMarks(view, before, list.start);
    const until = sections[next]?.start ?? view.text.length;
    const following = lists[i + 1]?.start ?? view.text.length;
    if (!around && heading && heading.start === start && standsInHeading(view, heading, list, lists[i + 1], until)) {
      const end = endOfPoints(sections, next, heading, following) ?? until;
      return { start, end: trimEnd(view, list.end, Math.min(end, following)), wide: false };
    }
    const end = list.form === 'sentence' && view.text.charAt(list.end) === ',' ? endOfSentence(view, list.end) : list.start;
    return { start, end: trimEnd(view, start, end), wide: around !== null };
  });
}

/** Where the points end that stand under a heading, when none of them has a list of its own; null when one has. */
function endOfPoints(sections: readonly Section[], next: number, heading: Section, following: number): number | null {
  let at = next;
  while (at < sections.length && sections[at]!.start < following && sections[at]!.level > heading.level) at += 1;
  const end = sections[at]?.start ?? Infinity;
  return at > next && following < end ? null : Math.min(end, following);
}

/** A sentence that goes on behind who does it says what they do, and by when. */
function endOfSentence({ text }: View, from: number): number {
  const rest = text.slice(from, from + 300).search(/[。;\n]/);
  return rest < 0 ? Math.min(text.length, from + 300) : from + rest;
}

/** Whether the list has its lines for itself. */
const standsAlone = ({ text }: View, { form, start }: FoundList) => form !== 'sentence' && (start === 0 || text.charAt(start - 1) === '\n');

/** The heading above, when this is the last of several numbered points under it and none of them has had a list. */
function pointsAround(sections: readonly Section[], at: number, before: number): Section | null {
  const last = sections[at];
  if (!last || last.start < before || (sections[at + 1]?.level ?? 0) >= last.level) return null;
  let points = 0;
  for (let i = at; i >= 0 && sections[i]!.start >= before; i--) {
    if (sections[i]!.level < last.level) return points > 1 ? sections[i]! : null;
    if (sections[i]!.level === last.level) points += 1;
  }
  return null;
}

/**
 * 1.压减事项(省发展改革委牵头) with its text on the next lines, or behind it on the same one. Where more lists follow on that line,
 * each holds for what stands before it.
 */
function standsInHeading({ text }: View, heading: Section, list: FoundList, following: FoundList | undefined, until: number): boolean {
  const between = text.slice(heading.end, list.start);
  // Labels on the heading's own line: 第一节 防洪——牵头部门:省水利厅
  const mayStand =
    list.form === 'bracket' || list.form === 'sentence' || (list.form === 'labels' && !between.includes('\n') && between !== '');
  if (!mayStand || heading.end > list.start || /[^\s.:,—]/.test(between)) return false;
  const lineEnd = endOfLine(text, list.end);
  if (lineEnd < text.length && /^[。\s]*$/.test(text.slice(list.end, lineEnd))) return true;
  return until - list.end > 8 && (following === undefined || following.start >= until);
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
