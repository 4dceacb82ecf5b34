import type { Reading } from './reading.js';
import { beginsWithBody } from './english-names.js';
import { isLatin, readLine, readWords } from './read-line.js';
import type { FoundList } from './found-list.js';
import { endOfLine, joinLines, lineOf, type View } from './text-view.js';
import { labelIn } from './vocabulary.js';

/** A list in a sentence's bracket: …能力。(牵头单位:A,配合单位:B) */
export type Bracket = { start: number; end: number; height: number; unclosed?: true };

const LONGEST = 2_000;
/** A unit's own bracket may hold one more; a bracket around deeper ones is no list. */
const HIGHEST = 3;

/** Pairs of brackets, outermost first. A closing one that fits nothing is passed over, an unclosed one ends with its line. */
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
  for (const [i, { at, kind, height }] of open.entries()) {
    const end = endOfLine(text, at, LONGEST);
    // The last of a line; labels in it are found by themselves.
    if (kind === ')' && (open[i + 1]?.at ?? end) >= end && !text.slice(at, end).includes(':'))
      found.push({ start: at, end, height, unclosed: true });
  }
  return found.sort((a, b) => a.start - b.start);
}

export function listsInBrackets(view: View, brackets: readonly Bracket[], free: (start: number, end: number) => boolean): FoundList[] {
  const lists: FoundList[] = [];
  let behind = 0;
  for (const { start, end, unclosed } of brackets) {
    if (
      end - start < 4 ||
      start < behind ||
      !/[\u4e00-\u9fffA-Za-z]{2}/.test(view.text.slice(start, end)) ||
      !free(start, end) ||
      countLines(view.text, start, end) > 12
    )
      continue;
    const line = lineOf(view, start + 1, unclosed ? end : end - 1);
    const reading = isBare(view, start, end, line) ? bareReading(line) : readLine(line);
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
    if (unclosed) {
      lists.push({ ...listOf(start, end, line, reading), notices: [{ code: 'bracket.unclosed', details: {} }] });
      continue;
    }
    const due = reading.due.length === 0 ? dueBehind(view, end) : null;
    if (due) {
      const { line: whole } = joinLines(view.source, [
        { line, mark: ';' },
        { line: due.line, mark: '' },
      ]);
      lists.push(listOf(start, due.end, whole, readLine(whole)));
      continue;
    }
    lists.push(listOf(start, end, line, reading));
  }
  return lists;
}

const listOf = (start: number, end: number, line: View, reading: Reading): FoundList => ({
  start,
  end,
  line,
  reading,
  form: 'bracket',
  passage: null,
  path: null,
  title: null,
  notices: [],
  inherited: [],
});

/** 完成时限:… on the line behind a bracket belongs to it, unless labels follow that say who. */
function dueBehind(view: View, from: number): { line: View; end: number } | null {
  const { text } = view;
  const start = from + /^[\s。;,]*/.exec(text.slice(from, from + 8))![0].length;
  const end = endOfLine(text, start, 80);
  const colon = text.slice(start, end).indexOf(':');
  const isLabel = (at: number, roles: (role: string) => boolean) => {
    const line = text.slice(at, endOfLine(text, at, 40));
    const label = line.includes(':') ? labelIn(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)) : null;
    return label !== null && label.length === line.indexOf(':') && roles(label.role);
  };
  if (colon < 2 || !isLabel(start, (role) => role === 'due') || isLabel(end + 1, (role) => role !== 'due' && role !== 'other')) return null;
  if (text.slice(start + colon + 1, end).includes(':')) return null;
  return { line: lineOf(view, start, end), end };
}

/** (牵头单位:A)(配合单位:B) and (责任单位:A)(完成时限:2025年底前) are one list in two brackets. */
function carriesOn(before: Reading, { named, labels, due }: Reading): boolean {
  if (labels.length > 0) return labels.every((label) => label !== 'lead' && label !== 'other' && !before.labels.includes(label));
  return named.length === 0 && due.length > 0;
}

/** (Ministry of Health, with support from the Red Cross) at the end of an English line, not behind what it would explain. */
function isBare({ text }: View, start: number, end: number, line: View): boolean {
  if (!isLatin(line.text) || /[:(]/.test(line.text) || !/^[.;]?\s*(?:\n|$)/.test(text.slice(end, end + 4))) return false;
  return (
    beginsWithBody(line.text) && !/(?:\b[A-Z]{2,}|\b[A-Z][\w-]+ [A-Z][\w-]+)$/.test(text.slice(Math.max(0, start - 40), start).trimEnd())
  );
}

function bareReading(line: View): Reading {
  const reading = readWords(line.text, 'responsible');
  const sure = reading.named.every(({ kind }) => kind === 'firm' || kind === 'many');
  return { ...reading, labels: sure ? ['responsible'] : [], notices: [...reading.notices, { code: 'list.bare', details: {} }] };
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
  // 市财政局(市教育局为主) is about the names before it.
  if (line.text.endsWith('为主') && /[局厅委部办院]/.test(text.charAt(start - 1))) return false;
  if (verbs > 0) {
    // A牵头 with names nobody knows behind it is one with doubts.
    if (sure > 0 && words === 0 && named.some(({ role, kind }) => role === 'lead' && kind === 'firm')) return true;
    if (sure > 0) return unknown <= named.length / 2 && words <= line.text.length / 2;
    return ended && words === 0 && named.every((name) => name.end - name.start <= 20);
  }
  // A、(B) is a list of names, where its label says so.
  if (words > 0 || text.charAt(start - 1) === '、') return false;
  const placed = named.every(
    ({ start: from, end: to, kind }) =>
      kind === 'many' ||
      (kind !== null &&
        (/[省市县区州国中]/.test(line.text.charAt(from)) || (to - from <= 6 && /[市县区州旗]/.test(line.text.charAt(to - 1))))),
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
