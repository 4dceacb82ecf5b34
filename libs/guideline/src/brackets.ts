import type { Reading } from './reading.js';
import { readLine } from './read-line.js';
import type { FoundList } from './found-list.js';
import { joinLines, lineOf, type View } from './text-view.js';

/** A list in a sentence's bracket: …能力。(牵头单位:A,配合单位:B) */
export type Bracket = { start: number; end: number; height: number };

const LONGEST = 2_000;
/** A unit's own bracket may hold one more; a bracket around deeper ones is no list. */
const HIGHEST = 3;

/** Pairs of brackets, outermost first. A closing one that fits nothing is passed over, an opening one stays unclosed. */
export function bracketsIn({ text }: View): Bracket[] {
  const found: Bracket[] = [];
  const open: { at: number; kind: string; height: number }[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '(' || char === '[') open.push({ at, kind: char === '(' ? ')' : ']', height: 0 });
    else if (char === ')' || char === ']') {
      const last = open.at(-1);
      if (last?.kind !== char) continue;
      open.pop();
      if (last.height <= HIGHEST && at - last.at <= LONGEST) found.push({ start: last.at, end: at + 1, height: last.height });
      const around = open.at(-1);
      if (around) around.height = Math.max(around.height, last.height + 1);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

export function listsInBrackets(view: View, brackets: readonly Bracket[], free: (start: number, end: number) => boolean): FoundList[] {
  const lists: FoundList[] = [];
  let behind = 0;
  for (const { start, end } of brackets) {
    if (end - start < 4 || start < behind || !free(start, end) || countLines(view.text, start, end) > 12) continue;
    const line = lineOf(view, start + 1, end - 1);
    const reading = readLine(line);
    const last = lists.at(-1);
    if (last && last.end <= start && view.text.slice(last.end, start).trim() === '' && carriesOn(last.reading, reading)) {
      const joined = joinLines(view.source, [
        { line: last.line, mark: ';' },
        { line, mark: '' },
      ]).line;
      Object.assign(last, { end, line: joined, reading: readLine(joined) });
      behind = end;
      continue;
    }
    if (!isList(view.text, start, end, line, reading)) continue;
    behind = end;
    lists.push({ start, end, line, reading, form: 'bracket', passage: null, path: null, title: null, notices: [], inherited: [] });
  }
  return lists;
}

/** (牵头单位:A)(配合单位:B) and (责任单位:A)(完成时限:2025年底前) are one list in two brackets. */
function carriesOn(before: Reading, { named, labels, due }: Reading): boolean {
  if (labels.length > 0) return labels.every((label) => label !== 'lead' && label !== 'other' && !before.labels.includes(label));
  return named.length === 0 && due.length > 0;
}

const countLines = (text: string, start: number, end: number) => text.slice(start, end).split('\n').length - 1;

/** Whether a bracket names who does it. Labels say so; verbs with names do; names alone do where a sentence has ended. */
function isList(text: string, start: number, end: number, line: View, { named, labels, verbs, unread }: Reading): boolean {
  if (labels.some((label) => label !== 'due' && label !== 'person' && label !== 'other')) return true;
  if (named.length === 0 || /解释|简称/.test(line.text)) return false;
  const sure = named.filter(({ kind }) => kind === 'firm' || kind === 'many').length;
  const unknown = named.filter(({ kind }) => kind === null).length;
  const words = unread.reduce((sum, [from, to]) => sum + to - from, 0);
  const ended = /[。;!?”"…\n]|^$/.test(text.charAt(start - 1));
  if (verbs > 0) {
    if (sure > 0) return unknown <= named.length / 2 && words <= line.text.length / 2;
    return ended && words === 0 && named.every((name) => name.end - name.start <= 20);
  }
  if (words > 0) return false;
  const placed = named.every(
    ({ start: from, kind }) => kind === 'many' || (kind !== null && /[省市县区州国中]/.test(line.text.charAt(from))),
  );
  if (
    ended &&
    named.length > 1 &&
    (placed || (sure > 1 && unknown * 3 <= named.length && named.every((name) => name.end - name.start <= 20)))
  )
    return true;
  if (unknown > 0 || sure === 0 || sure * 2 < named.length) return false;
  if (ended) return true;
  return /[。;\n]|^$/.test(text.charAt(end)) && !/[厅局委部办院署会室府组]/.test(text.charAt(start - 1));
}
