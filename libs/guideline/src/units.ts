import type { UnitRole } from '@app/domain/task.js';
import type { Named } from './reading.js';
import type { FoundList } from './found-list.js';
import { namesIn } from './names.js';
import type { StandingRule } from './rules.js';
import { spanOf, type Span, type View, wordsIn } from './text-view.js';
import { droppedPrefix } from './unit-names.js';
import { isLatin } from './read-line.js';

/** `name` is the unit's name, `written` what the text says (a prefix may be dropped there); `collective` when it stands for many units. */
export type ReadUnit = { name: string; written: string; role: UnitRole; span: Span; collective: boolean };
type Unsure = { code: string; details: Record<string, string> };

/** The units of a list in their final roles, and what is not certain about them. */
export function unitsOf(
  view: View,
  list: FoundList,
  rules: readonly StandingRule[],
  later: readonly StandingRule[],
): { units: ReadUnit[]; unsure: Unsure[] } {
  const { line, reading } = list;
  const unsure: Unsure[] = [...list.notices, ...reading.notices];
  const named = reading.named.map((name): ReadUnit => unitOf(line, name, reading.named, unsure));
  const inherited = list.inherited.map(({ name, written, role, many, start, end }): ReadUnit => ({
    name,
    written,
    role,
    span: spanOf(view, start, end),
    collective: many,
  }));
  const said = once([...named, ...inherited]);
  const units = withRoles(
    said,
    rules.some(({ rule }) => rule.kind === 'first-leads'),
    list,
    unsure,
  );
  for (const standing of rules) if (standing.rule.kind === 'adds') units.push(...added(standing, units));
  for (const { text } of later) {
    if (units.filter(({ role }) => role === 'responsible').length > 1) unsure.push({ code: 'rule.later', details: { words: text } });
  }
  for (const [start, end] of reading.unread) unsure.push({ code: 'words.unread', details: { words: wordsIn(line, start, end) } });
  if (units.length > 0 && units.every(({ role }) => role === 'support')) unsure.push({ code: 'list.only-support', details: {} });
  if (units.length === 0) unsure.push({ code: 'list.empty', details: {} });
  for (const name of new Set(units.map((unit) => unit.name))) {
    if (units.filter((unit) => unit.name === name).length > 1) unsure.push({ code: 'unit.repeated', details: { name } });
  }
  return { units, unsure };
}

function unitOf(line: View, { start, end, role, kind }: Named, all: readonly Named[], unsure: Unsure[]): ReadUnit {
  const written = wordsIn(line, start, end);
  const folded = line.text.slice(start, end);
  const before = all.filter((other) => other.end <= start).map((other) => line.text.slice(other.start, other.end));
  const prefix = isLatin(folded) ? null : droppedPrefix(folded, before);
  const name = (prefix ?? '') + written;
  if (prefix) unsure.push({ code: 'unit.prefix-restored', details: { written, name } });
  if (kind === null) unsure.push({ code: 'unit.unrecognised', details: { name } });
  return { name, written, role, span: spanOf(line, start, end), collective: kind === 'many' };
}

const once = (units: readonly ReadUnit[]) =>
  units.filter((unit, i) => units.findIndex(({ name, role }) => name === unit.name && role === unit.role) === i);

/** 责任 beside 牵头 is support; where nobody is called the lead, a rule, or support beside 责任, says who leads. */
function withRoles(units: readonly ReadUnit[], firstLeads: boolean, list: FoundList, unsure: Unsure[]): ReadUnit[] {
  const has = (role: UnitRole) => units.some((unit) => unit.role === role);
  const change = (to: (unit: ReadUnit, i: number) => UnitRole) => {
    let i = 0;
    return units.map((unit) => (unit.role === 'responsible' ? { ...unit, role: to(unit, i++) } : unit));
  };
  if (has('lead')) return once(change(() => 'support'));
  if (firstLeads) return change((_, i) => (i === 0 ? 'lead' : 'support'));
  if (!has('responsible') || !has('support') || list.inherited.length > 0) return [...units];
  unsure.push({ code: 'role.lead-implied', details: {} });
  return change(() => 'lead');
}

function added({ rule, line }: StandingRule, units: readonly ReadUnit[]): ReadUnit[] {
  if (rule.kind !== 'adds') return [];
  const role = rule.role === 'responsible' && units.some((unit) => unit.role === 'lead') ? 'support' : rule.role;
  return namesIn(line.text, rule.from, rule.to)
    .names.map(({ start, end, kind }): ReadUnit => {
      const name = wordsIn(line, start, end);
      return { name, written: name, role, span: spanOf(line, start, end), collective: kind === 'many' };
    })
    .filter(({ name }) => !units.some((unit) => unit.name === name));
}
