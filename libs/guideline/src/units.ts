import type { UnitRole } from '@app/domain/task.js';
import type { Named, Rule } from './reading.js';
import type { FoundList } from './found-list.js';
import { namesIn } from './names.js';
import { markOf, type StandingRule } from './rules.js';
import { spanOf, type Span, type View, wordsIn } from './text-view.js';
import { droppedPrefix, mayBeTwo, mayLackPrefix } from './unit-names.js';
import { isLatin } from './read-line.js';

/** `name` is the unit's name, `written` what the text says (a prefix may be dropped there); `collective` when it stands for many units. */
export type ReadUnit = { name: string; written: string; role: UnitRole; span: Span; collective: boolean };
type Unsure = { code: string; details: Record<string, string> };

/** The units of a list in their final roles, the rules that had a part in that, and what is not certain about them. */
export function unitsOf(
  view: View,
  list: FoundList,
  rules: readonly StandingRule[],
  later: readonly StandingRule[],
  unplaced: ReadonlySet<string>,
): { units: ReadUnit[]; caused: StandingRule[]; unsure: Unsure[] } {
  const { line, reading } = list;
  const unsure: Unsure[] = [...list.notices, ...reading.notices];
  const named = reading.named.map((name): ReadUnit => unitOf(line, name, reading.named, unplaced, unsure));
  const inherited = list.inherited.map(({ name, written, role, many, start, end }): ReadUnit => ({
    name,
    written,
    role,
    span: spanOf(view, start, end),
    collective: many,
  }));
  const said = once([...named, ...inherited]);
  const marked = markedIn(view, list, rules);
  const of = (kind: Rule['kind']) => rules.find(({ rule }) => rule.kind === kind);
  const units = withRoles(said, of('first-leads') !== undefined, marked, list, unsure);
  const leadGivenBy = said.some(({ span }) => marked?.has(span[1])) ? of('marked-leads') : of('first-leads');
  const unled = said.some(({ role }) => role === 'responsible') && !said.some(({ role }) => role === 'lead');
  const caused = leadGivenBy && unled ? [leadGivenBy] : [];
  for (const standing of rules) {
    const more = added(standing, units);
    units.push(...more);
    if (more.length > 0) caused.push(standing);
  }
  for (const { text } of later) {
    if (units.filter(({ role }) => role === 'responsible').length > 1) unsure.push({ code: 'rule.later', details: { words: text } });
  }
  for (const [start, end] of reading.unread) unsure.push({ code: 'words.unread', details: { words: wordsIn(line, start, end) } });
  if (units.length > 0 && units.every(({ role }) => role === 'support')) unsure.push({ code: 'list.only-support', details: {} });
  if (units.length === 0) unsure.push({ code: 'list.empty', details: {} });
  for (const name of new Set(units.map((unit) => unit.name))) {
    if (units.filter((unit) => unit.name === name).length > 1) unsure.push({ code: 'unit.repeated', details: { name } });
  }
  return { units, caused, unsure };
}

function unitOf(
  line: View,
  { start, end, role, kind }: Named,
  all: readonly Named[],
  unplaced: ReadonlySet<string>,
  unsure: Unsure[],
): ReadUnit {
  const written = wordsIn(line, start, end);
  const folded = line.text.slice(start, end);
  const before = all.filter((other) => other.end <= start).map((other) => line.text.slice(other.start, other.end));
  const dropped = isLatin(folded) || unplaced.has(folded.slice(-1)) ? null : droppedPrefix(folded, before);
  // 省A、B厅、省C: whoever says 省 again right behind has dropped none.
  const next = all.find((other) => other.start > end);
  const again =
    dropped !== null && next !== undefined && line.text.slice(end, next.start) === '、' && line.text.startsWith(dropped, next.start);
  const prefix = again ? null : dropped;
  const name = (prefix ?? '') + written;
  if (prefix) unsure.push({ code: 'unit.prefix-restored', details: { written, name } });
  if ((kind === 'firm' || kind === 'loose') && mayBeTwo(folded)) unsure.push({ code: 'unit.run-together', details: { name } });
  if (kind === null) unsure.push({ code: 'unit.unrecognised', details: { name } });
  return { name, written, role, span: spanOf(line, start, end), collective: kind === 'many' };
}

/** How names end that this document also writes without a prefix where no name before could lend one: 财政厅 at the head of a list. */
export function unplacedEndings(lists: readonly FoundList[]): Set<string> {
  const firsts = lists.flatMap(({ line, reading: { named } }) => (named[0] ? [line.text.slice(named[0].start, named[0].end)] : []));
  return new Set(firsts.filter(mayLackPrefix).map((name) => name.slice(-1)));
}

const once = (units: readonly ReadUnit[]) =>
  units.filter((unit, i) => units.findIndex(({ name, role }) => name === unit.name && role === unit.role) === i);

/** Where the names end that a rule's mark follows; null where no such rule holds, none where the text has lost its marks. */
function markedIn({ source }: View, { line, reading }: FoundList, rules: readonly StandingRule[]): Set<number> | null {
  const standing = rules.find(({ rule: { kind } }) => kind === 'marked-leads');
  if (!standing) return null;
  const mark = markOf(standing);
  if (mark === null) return new Set();
  const ends = reading.named.map(({ start, end }) => spanOf(line, start, end)[1]);
  return new Set(
    ends.filter((end) =>
      source
        .slice(end, end + 6)
        .replace(/^[\s(（]+/, '')
        .startsWith(mark),
    ),
  );
}

/** 责任 beside 牵头 is support; where nobody is called the lead, a rule may say who leads. */
function withRoles(
  units: readonly ReadUnit[],
  firstLeads: boolean,
  marked: ReadonlySet<number> | null,
  list: FoundList,
  unsure: Unsure[],
): ReadUnit[] {
  const has = (role: UnitRole) => units.some((unit) => unit.role === role);
  const change = (to: (unit: ReadUnit, i: number) => UnitRole) => {
    let i = 0;
    return units.map((unit) => (unit.role === 'responsible' ? { ...unit, role: to(unit, i++) } : unit));
  };
  if (has('lead')) {
    // «A、B负责,A牵头» names the lead twice.
    const leads = new Set(list.reading.verbs > 0 ? units.flatMap(({ role, name }) => (role === 'lead' ? [name] : [])) : []);
    return once(
      change(() => 'support').filter(({ role, name }, i) => role !== 'support' || units[i]!.role !== 'responsible' || !leads.has(name)),
    );
  }
  if (marked && units.some(({ span }) => marked.has(span[1]))) {
    return units.map((unit) => (unit.role === 'responsible' ? { ...unit, role: marked.has(unit.span[1]) ? 'lead' : 'support' } : unit));
  }
  if (marked) unsure.push({ code: 'rule.mark-lost', details: {} });
  if (firstLeads) return change((_, i) => (i === 0 ? 'lead' : 'support'));
  // In Chinese 责任单位 beside 配合单位 is responsible; an English plan has its lead under «Responsible».
  if (!has('responsible') || !has('support') || list.inherited.length > 0 || !isLatin(list.line.text)) return [...units];
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
