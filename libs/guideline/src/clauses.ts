import type { UnitRole } from '@app/domain/task.js';
import { emptyReading, type Named, type Reading } from './reading.js';
import { ruleIn } from './rules.js';
import { type NamePiece, namesIn } from './names.js';
import { kindOf } from './unit-names.js';
import { doesAt, labelIn, type Label, phraseAt, togetherAt } from './vocabulary.js';
import { isTimeWords } from './time-words.js';

type Part = { start: number; end: number; label: Label | null };

/**
 * Reads the inside of a list: 牵头单位:A,配合单位:B、C · A牵头,B、C等配合 · A会同B负责 · A、B,各市人民政府按职责分工负责,长期坚持.
 * A label holds for what follows it, a verb for the names before it back to the last verb; a verb that says more than the label wins.
 * `given` is the label that stands outside (the head of a column).
 */
export function readClauses(text: string, given: UnitRole | null = null): Reading {
  const reading = emptyReading();
  const state: State = { text, label: given, waiting: [], main: [], lastVerb: null };
  for (const part of partsOf(text)) {
    const rule = reading.rules.at(-1);
    // 下同 behind a comma is the end of the rule before it.
    if (!rule || part.start >= rule.end) readPart(text, part, state, reading);
  }
  settle(state, reading);
  reading.named.sort((a, b) => a.start - b.start);
  return reading;
}

type State = { text: string; label: Label['role'] | null; waiting: NamePiece[]; main: NamePiece[]; lastVerb: UnitRole | null };

function readPart(text: string, { start, end: partEnd, label }: Part, state: State, reading: Reading) {
  let end = partEnd;
  if (label) {
    if (label.role !== 'other') settle(state, reading);
    state.label = label.role;
    state.lastVerb = null;
    reading.labels.push(label.role);
    if (label.ambiguous) {
      const first = reading.named.length;
      readNames(text, start, end, state, reading);
      settle(state, reading);
      if (!tellsMainFromCo(text, reading.named.slice(first)) || text.charAt(end) === ',')
        reading.notices.push({ code: 'role.ambiguous', details: { words: text.slice(start - label.length - 1, start - 1) } });
      return;
    }
  }
  if (start >= end) return;
  const words = text.slice(start, end);
  const rule = /\([^()]{6,60}\)$/.test(words) ? null : ruleIn(text, start, end);
  if (rule) {
    reading.rules.push(rule);
    return;
  }
  const behind = /\(([^()]{6,60})\)$/.exec(words);
  const ruleBehind = behind ? ruleIn(text, end - behind[0].length + 1, end - 1) : null;
  if (ruleBehind) {
    reading.rules.push(ruleBehind);
    end -= behind![0].length;
  }
  const called = /^(.{2,30}?)(?:为|是)((?:总?牵头|主办|责任|配合|协办)(?:单位|部门))$/.exec(words);
  const role = called ? labelIn(called[2]!)?.role : undefined;
  if (called && role && isRole(role)) {
    call(take(text, start, start + called[1]!.length, reading), role, text, state, reading);
    return;
  }
  if (state.label === 'due' && !label && namesIn(text, start, end).names.some(({ kind }) => kind === 'firm') && !isTimeWords(words))
    state.label = null;
  if (state.label === 'due') {
    const last = reading.due.at(-1);
    // «2025年6月底前出台方案,12月底前落地»: the year holds on.
    if (last?.field && !label && /^[,;、]$/.test(text.slice(last.end, start))) last.end = end;
    else reading.due.push({ start, end, field: true });
    return;
  }
  if (state.label === 'person') return;
  if (isTimeWords(words)) {
    reading.due.push({ start, end, field: false });
    return;
  }
  if (state.label === 'other') {
    // 适用范围:全省 is not about who; a unit behind a label nobody knows is.
    if (namesIn(text, start, end).names.some(({ kind }) => kind === 'firm')) reading.unread.push([start, end]);
    return;
  }
  readNames(text, start, end, state, reading);
}

/** 主(协)办单位:A、(B): who stands in the brackets supports; a name alone leads. False where the words do not tell. */
export function tellsMainFromCo(text: string, named: Named[]): boolean {
  const isCo = ({ start }: Named) => text.charAt(start - 1) === '(';
  if (!named.some(isCo) && named.length !== 1) return false;
  for (const name of named) if (name.role === 'responsible') name.role = isCo(name) && named.length > 1 ? 'support' : 'lead';
  return true;
}

/** Names and verbs up to the next comma. */
function readNames(text: string, start: number, end: number, state: State, reading: Reading) {
  let from = start;
  let together = false;
  for (let at = start, depth = 0; at < end;) {
    const char = text.charAt(at);
    if (char === '(' || char === '[') depth += 1;
    if (char === ')' || char === ']') depth -= 1;
    const joins = depth === 0 ? togetherAt(text, at) : 0;
    if (joins > 0) {
      state.main.push(...state.waiting, ...take(text, from, at, reading));
      state.waiting = [];
      together = true;
      from = at += joins;
      continue;
    }
    // 由A牵头,会同B、C完成事项梳理: the verb's object ends the sentence.
    if (together && depth === 0 && state.lastVerb === 'lead' && doesAt(text, at) && endsInName(text, from, at)) {
      assign(take(text, from, at, reading), 'support', reading);
      return;
    }
    const phrase = depth === 0 && at > start - 1 ? phraseAt(text, at) : null;
    if (!phrase || phrase.end > end) {
      at += 1;
      continue;
    }
    const names = [...state.waiting, ...take(text, from, at, reading)];
    state.waiting = [];
    reading.verbs += 1;
    if (together || state.main.length > 0) {
      assign(names, together ? 'support' : roleUnder(state.label, phrase.role), reading);
      // Behind «A牵头», «B会同C推进» are all support.
      assign(state.main, phrase.role !== 'responsible' ? phrase.role : state.lastVerb === 'lead' ? 'support' : 'lead', reading);
      state.main = [];
    } else {
      assign(names, roleUnder(state.label, phrase.role), reading);
    }
    state.lastVerb = phrase.role;
    together = false;
    from = at = phrase.end;
    if (text.charAt(from) === '、') from = at += 1;
  }
  if (from >= end) return;
  const names = take(text, from, end, reading);
  // 市教育局负责方案制定: what stands right behind a verb and is no name is what they do.
  if (from > start && !/[、,]/.test(text.charAt(from - 1)) && names.length > 0 && names.every(({ kind }) => kind === null)) {
    reading.unread.push([from, end]);
    return;
  }
  if (together) assign(names, 'support', reading);
  else if (isRole(state.label)) assign(names, state.label, reading);
  else state.waiting.push(...names);
}

const endsInName = (text: string, from: number, at: number) =>
  kindOf(text.slice(Math.max(from, text.lastIndexOf('、', at - 1) + 1), at)) !== null;

function take(text: string, start: number, end: number, reading: Reading): NamePiece[] {
  const { names, openEnded, unread } = namesIn(text, start, end);
  if (openEnded) reading.openEnded = true;
  reading.unread.push(...unread);
  return names;
}

/** Names that no verb and no label claimed. */
function settle(state: State, reading: Reading) {
  assign(state.main, 'lead', reading);
  const role: UnitRole = isRole(state.label)
    ? state.label
    : state.lastVerb === 'lead' || state.lastVerb === 'support'
      ? 'support'
      : 'responsible';
  if (state.lastVerb !== null) {
    for (const { start, end } of state.waiting) {
      reading.notices.push({ code: 'role.unsaid', details: { name: state.text.slice(start, end), role } });
    }
  }
  assign(state.waiting, role, reading);
  state.main = [];
  state.waiting = [];
}

const assign = (names: readonly NamePiece[], role: UnitRole, reading: Reading) =>
  reading.named.push(...names.map((name) => ({ ...name, role: name.marked ?? role })));

/** 省科技厅为牵头单位: a role for a unit that may have been named before. */
function call(names: readonly NamePiece[], role: UnitRole, text: string, state: State, reading: Reading) {
  settle(state, reading);
  const words = (name: NamePiece) => text.slice(name.start, name.end);
  for (const name of names) {
    const before = reading.named.find((other) => words(other) === words(name));
    if (before) before.role = role;
    else reading.named.push({ ...name, role });
  }
}

const isRole = (label: Label['role'] | null): label is UnitRole =>
  label !== null && label !== 'due' && label !== 'person' && label !== 'other';

/** A label is stronger than «负责», weaker than a verb that names a role. */
const roleUnder = (label: Label['role'] | null, verb: UnitRole): UnitRole => (isRole(label) && verb === 'responsible' ? label : verb);

/** The list cut at its commas, semicolons and labels. */
function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let [start, depth] = [0, 0];
  let label: Label | null = null;
  const close = (end: number) => {
    let [from, to] = trimmed(text, start, end);
    const told = label ? null : labelInWords(text.slice(from, Math.min(to, from + 16)));
    if (told) {
      label = told.label;
      from += told.length;
    }
    if (from < to || label) parts.push({ start: from, end: to, label });
    label = null;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '(' || char === '[' || char === '“' || char === '《') depth += 1;
    else if (char === ')' || char === ']' || char === '”' || char === '》') depth = Math.max(0, depth - 1);
    else if (depth > 0) continue;
    else if (char === ':') {
      const found = labelIn(text.slice(Math.max(start, at - 24), at), text.slice(at + 1, at + 40));
      if (!found) continue;
      close(at - found.length);
      label = found;
      start = at + 1;
    } else if (char === '/' && /^(?:\d{4}[年/.-]|\d{1,2}月|每|长期|持续)/.test(text.slice(at + 1, at + 6))) {
      // 市总工会/2026年6月
      close(at);
      start = at + 1;
    } else if (char === ',' || char === ';' || char === '。' || char === '|' || char === '\t') {
      close(at);
      start = at + 1;
    }
  }
  close(text.length);
  return parts;
}

/** 牵头单位是省科技厅: a label without its colon. */
function labelInWords(words: string): { label: Label; length: number } | null {
  const found = /^([\u4e00-\u9fff]{2,10}?(?:单位|部门))(?:(?:为|是|有|包括)(?=[^牵主])|(?=同[上前]))/.exec(words);
  const label = found ? labelIn(found[1]!) : null;
  return found && label && label.role !== 'other' && label.length === found[1]!.length ? { label, length: found[0].length } : null;
}

export function trimmed(text: string, start: number, end: number): [number, number] {
  let [from, to] = [start, end];
  while (from < to && /[\s、,;。.:]/.test(text.charAt(from))) from += 1;
  while (to > from && /[\s、,;。.:]/.test(text.charAt(to - 1))) to -= 1;
  return [from, to];
}
