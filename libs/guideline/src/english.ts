import { dueDatesIn } from '@app/calendar/due-dates.js';
import type { UnitRole } from '@app/domain/task.js';
import { emptyReading, type Named, type Reading } from './reading.js';

/** The list grammar of English action plans: Lead: A; Supporting: B, C; Timeline: Q4 2025 · A, with direction from B, and C. */

const NOUN =
  '(?:agenc(?:y|ies)|departments?|ministr(?:y|ies)|organi[sz]ations?|entit(?:y|ies)|bod(?:y|ies)|units?|offices?|partners?|institutions?|authorit(?:y|ies)|part(?:y|ies)|divisions?|directorates?|bureau[xs]?|councils?|stakeholders?|actors?|teams?)';
const NOUNS = `${NOUN}(?: ?/ ?${NOUN})?`;
const LABELS: readonly (readonly [role: UnitRole | 'due', label: RegExp])[] = [
  [
    'support',
    new RegExp(
      `(?:support(?:ing)?(?: ${NOUNS}| role)?|supported by|contributing(?: ${NOUN})?|contributors?|(?:key |delivery |implementing |external )?(?:partners?|stakeholders?|players|actors?)|partner ${NOUN}|(?<=^|[;|] ?)with|collaborat(?:ing ${NOUN}|ors?)|assisting ${NOUN}|participating ${NOUN}|other ${NOUN}|secondary ${NOUN}|in partnership with|consult(?:ed|ing ${NOUN}))(?: ?\\(s\\)| ?\\(ies\\))?$`,
      'i',
    ),
  ],
  ['guide', new RegExp(`(?:guidance|oversight(?: ${NOUN})?|overseen by|supervis(?:ed by|ing ${NOUN})|advis(?:ed by|ory ${NOUN}))$`, 'i')],
  [
    'lead',
    new RegExp(
      `(?:(?:joint |co-|action |project |overall )?lead(?:s|ing)?(?: (?:responsible )?${NOUNS}| responsibility)?|led by|(?:action )?owners?|accountable(?: ${NOUN})?|primary ${NOUN}|coordinating ${NOUN}|coordinator)(?: ?\\(s\\)| ?\\(ies\\))?$`,
      'i',
    ),
  ],
  [
    'responsible',
    new RegExp(
      `(?:(?:primary |main )?responsible(?: ${NOUNS})?|responsibility|(?:implementing|executing|delivery) ${NOUN}|implemented by|assigned to|assignee|who)(?: ?\\(s\\)| ?\\(ies\\))?$`,
      'i',
    ),
  ],
  [
    'due',
    /(?:time ?-?lines?|time ?-?frames?|timing|time ?scales?|deadlines?|due(?: date| by)?|(?:target |planned |expected |estimated )?(?:completion|delivery|target|end|start and end)(?: date)?|target dates?|by when|(?<=^|[;|] ?)by|when|dates?|schedule)$/i,
  ],
];
const OTHER = /(?:^|[.;] )([A-Z][A-Za-z()/&' -]{1,40})$/;

export type EnglishLabel = { role: UnitRole | 'due' | 'other'; length: number };

/** The label that ends with these words (what stands before a colon, at most 48 characters of it). */
export function englishLabelIn(before: string): EnglishLabel | null {
  for (const [role, pattern] of LABELS) {
    const found = pattern.exec(before);
    if (found && (found.index === 0 || /[\s.;,(|)]/.test(before.charAt(found.index - 1)))) return { role, length: found[0].length };
  }
  const other = OTHER.exec(before);
  return other ? { role: 'other', length: other[1]!.length } : null;
}

const WITH =
  /(?:^|, ?| \(?)(?:(?:with|under)(?: the)?(?: strategic| technical| overall| active)? (direction|guidance|oversight|supervision|support|assistance|input|participation|help|contributions?|advice)(?: from| of| by)|(supported by|assisted by|with support from|in (?:close )?(?:collaboration|partnership|consultation|coordination|co-ordination|cooperation|co-operation|conjunction|association) with|together with|working with|overseen by|guided by)) /i;
const GUIDING = /direction|guidance|oversight|supervision|overseen|guided|advice/i;
const HEAD =
  /\b(?:Department|Ministry|Office|Bureau|Agency|Administration|Authority|Commission|Commissioner|Council|Board|Committee|Cabinet|Treasury|Service|Services|Center|Centre|Institute|Institution|Corporation|Trust|Fund|Foundation|University|College|Police|Guard|Secretariat|Directorate|Division|Unit|Taskforce|Task Force|Bank|Court|Chancellery|Inspectorate|Ombudsman|Minister|Secretary|Attorney-General|Registrar|Federation|Association|Society|Museum|Library|Laboratory|Government|Governments|Parliament|Embassy|Mission|Company|Group|Network|Partnership|Hospital|District|City|County|Councils|Agencies|Departments|Ministries|Ltd|Inc|HQ)\b/i;
const PART_OF_ONE = /\b(?:Center|Centre|Office|Bureau|Division|Branch|Unit|Program|Programme|Directorate|Section|Laboratory)\b[^,]*$/;
const WHOLE = /^(?:the )?(?:U\.?S\.? )?(?:Department|Ministry) (?:of|for)\b/i;
/** EPA, DfE, UNICEF */
const ACRONYM = /^(?:[A-Z]{2,8}|[A-Z][A-Za-z]{0,5}[A-Z]s?)$/;
const STARTS_A_NAME =
  /^(?:the |all |other |relevant |local |state |regional |(?:Department|Ministry|Office|Bureau|Agency|Council|Commission|Board|Institute|Committee|Centre|Center|University|Government) (?:of|for|on) |National |Federal |[A-Z]{2,8}(?:$|[ ,;]))/;
const MANY =
  /^(?:all|each|every|relevant|other|local|state|regional|participating|various)\b|^(?:agencies|departments|ministries|councils)$/i;
const NOBODY = /^(?:none|n\/a|nil|-+|—+|tbd|tbc|to be (?:determined|confirmed))$/i;

/** Reads one line: labels with what follows them, separated by semicolons, full stops or commas. `given` is a label that stands outside. */
export function readEnglish(text: string, given: UnitRole | null = null): Reading {
  const reading = emptyReading();
  for (const { start, end, role, plural } of fieldsOf(text, given)) {
    if (role !== given || start > 0) reading.labels.push(role ?? 'other');
    if (role === 'due') reading.due.push({ start, end, field: true });
    else if (role !== 'other') readField(text, start, end, role, plural, reading);
  }
  return reading;
}

type Field = { start: number; end: number; role: UnitRole | 'due' | 'other'; plural: boolean };

function fieldsOf(text: string, given: UnitRole | null): Field[] {
  const fields: Field[] = [];
  let field: Field | null = given ? { start: 0, end: 0, role: given, plural: true } : null;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    const label = englishLabelIn(text.slice(Math.max(field?.start ?? 0, at - 48), at));
    if (!label) continue;
    if (field) fields.push({ ...field, end: at - label.length });
    field = { start: at + 1, end: 0, role: label.role, plural: /(?:s|s\))$/.test(text.slice(at - 2, at)) };
  }
  if (field) fields.push({ ...field, end: text.length });
  return fields;
}

function readField(text: string, start: number, end: number, role: UnitRole, plural: boolean, reading: Reading) {
  for (const [from, to] of cut(text, start, end, ';')) {
    if (isTime(text.slice(from, to))) {
      reading.due.push({ start: from, end: to, field: true });
      continue;
    }
    const found = WITH.exec(text.slice(from, to));
    if (!found) {
      readNames(text, from, to, role, plural || /;(?=\s*\S)/.test(text.slice(start, end)), reading);
      continue;
    }
    reading.verbs += 1;
    readNames(text, from, from + found.index, role, plural, reading);
    const behind = from + found.index + found[0].length;
    // «A, with direction from B, and C»: C is on a line with A again.
    const back = /, and /.exec(text.slice(behind, to));
    const until = back ? behind + back.index : to;
    readNames(text, behind, until, GUIDING.test(found[0]) ? 'guide' : 'support', true, reading);
    if (back) readNames(text, until + back[0].length, to, role, plural, reading);
  }
}

const isTime = (words: string) => words.length < 60 && dueDatesIn(words.trim(), { field: true }).length > 0 && !HEAD.test(words);

function readNames(text: string, start: number, end: number, role: UnitRole, plural: boolean, reading: Reading) {
  const pieces: [number, number][] = [];
  for (const [from, to] of cut(text, start, end, ',').flatMap(([a, b]) => partAtAnd(text, a, b))) {
    const last = pieces.at(-1);
    const before = last ? text.slice(...last) : '';
    // «Business, Energy and Industrial Strategy» goes on; so does a part of a department, up to the department.
    if (last && (goesOn(text, last[0], from, to, end) || topicsFirst(before, text.slice(from, to)))) last[1] = to;
    else if (last && !plural && PART_OF_ONE.test(before) && chains(text, from, to, end)) last[1] = to;
    else pieces.push([from, to]);
  }
  for (const [from, to] of pieces) addName(text, from, to, role, reading);
}

/** Department of Climate Change, Energy, the Environment and Water: its topics, up to the one behind «and». */
function goesOn(text: string, start: number, from: number, to: number, end: number): boolean {
  const before = text.slice(start, from);
  const words = text.slice(from, to).trim();
  if (!HEAD.test(before) || !/ (?:of|for) /.test(before) || / and [^,]*,\s*$/.test(before) || !isTopic(words)) return false;
  const rest = cut(text, from, end, ',').slice(0, 5);
  const last = rest.findIndex(([a, b]) => / and /.test(text.slice(a, b)));
  return last >= 0 && rest.slice(0, last + 1).every(([a, b]) => isTopic(text.slice(a, b).trim()));
}

const isTopic = (words: string) =>
  !HEAD.test(words.replace(LOCAL, '')) && !ACRONYM.test(words) && !STARTS_A_NAME.test(words.replace(/^the /, ''));
/** Culture, Sports and Tourism Bureau: topics first, what it is at the end. */
const topicsFirst = (before: string, words: string) =>
  !HEAD.test(before) && TOPIC.test(before.trim()) && (TOPIC.test(words.trim()) || (/ and /.test(words) && HEAD.test(words)));

/** Words that ministries are named after; a joined name with another word in it may be two. */
const TOPIC =
  /^(?:and |the |of |human |social |public |rural |local |regional |workplace |industrial |home |natural |economic |international |sustainable |higher |early |affairs|agriculture|arts|broadband|business|care|childcare|children|citizenship|city|climate|action|change|commerce|communications?|communities|community|culture|defence|development|digital|disability|disarmament|economy|education|employment|energy|enterprise|environment|equality|exports|family|families|finance|fisheries|food|foreign|forestry|forests|gender|government|growth|health|heritage|housing|immigration|industry|infrastructure|innovation|integration|investment|jobs|justice|labou?r|land|lands|learning|marine|media|mines|oceans|parks|pensions|planning|protection|reform|relations|relief|research|resources|science|security|seniors|services|skills|small|sports?|strategy|technology|tourism|towns?|trade|transport|treasury|universities|urban|veterans|water|welfare|wildlife|women|work|works|youth|,? )+$/i;
/** Topics that look like bodies. */
const LOCAL = /Local Government|Social Services|Human Services|Public Service|Health Services/g;

/** Whether the pieces from here on lead to the department that the one before is a part of. */
function chains(text: string, from: number, to: number, end: number): boolean {
  if (WHOLE.test(text.slice(from, to).trim())) return true;
  const next = text.indexOf(',', to);
  return PART_OF_ONE.test(text.slice(from, to)) && next >= 0 && next < end && WHOLE.test(text.slice(next + 1, end).trim());
}

function addName(text: string, start: number, end: number, role: UnitRole, reading: Reading) {
  let [from, to] = [start, end];
  while (from < to && /[\s,;.()]/.test(text.charAt(from))) from += 1;
  while (to > from && /[\s,;.(]/.test(text.charAt(to - 1))) to -= 1;
  // «A (with support from B)»: the closing bracket is not the name's.
  if (text.charAt(to - 1) === ')' && !text.slice(from, to).includes('(')) to -= 1;
  const lead = /^(?:and |by )?(the )?/.exec(text.slice(from, to))!;
  const formal = / (?:of|for|on) /.test(text.slice(from, to));
  const mark = / ?\((?:(joint |co-?)?lead(?: agency)?|chair|(support)(?:ing)?)\)$/i.exec(text.slice(from, to));
  if (mark) to -= mark[0].length;
  // A formal title stands without its article (Department of Education), a plain name is kept as it is called (the Coast Guard).
  from += lead[0].length - (lead[1] && !formal ? lead[1].length : 0);
  const words = text.slice(from, to);
  if (words === '' || NOBODY.test(words)) return;
  if (/^(?:others?|etc|and others)$/i.test(words)) {
    reading.openEnded = true;
    return;
  }
  if (words.length > 160) {
    reading.unread.push([from, to]);
    return;
  }
  const kind: Named['kind'] = MANY.test(words)
    ? 'many'
    : HEAD.test(words) || ACRONYM.test(words)
      ? 'firm'
      : /^[A-Z]/.test(words)
        ? 'loose'
        : null;
  const [left, right] = words.split(/ and /, 2) as [string, string?];
  const loose = right !== undefined && !HEAD.test(left) && !HEAD.test(right);
  if (loose && !MANY.test(words)) reading.notices.push({ code: 'unit.one-or-several', details: { name: words } });
  const topics = / (?:of|for) (?:the )?([^,]+,.*)$/.exec(words);
  if (topics && !TOPIC.test(topics[1]!)) reading.notices.push({ code: 'unit.one-or-several', details: { name: words } });
  else if (words.includes(',') && WHOLE.test(words.slice(words.lastIndexOf(',') + 1).trim())) {
    reading.notices.push({ code: 'unit.one-or-several', details: { name: words } });
  }
  reading.named.push({ start: from, end: to, kind, marked: null, role: mark ? (mark[2] ? 'support' : 'lead') : role });
}

function cut(text: string, start: number, end: number, separator: string): [number, number][] {
  const pieces: [number, number][] = [];
  let [from, depth] = [start, 0];
  for (let at = start; at <= end; at++) {
    const char = at === end ? separator : text.charAt(at);
    if (char === '(') depth += 1;
    else if (char === ')') depth = Math.max(0, depth - 1);
    else if (char === separator && (depth === 0 || at === end)) {
      if (at > from) pieces.push([from, at]);
      from = at + 1;
    }
  }
  return pieces;
}

/** Cuts at an «and» between two names, not at the one inside Department of Health and Human Services. */
function partAtAnd(text: string, start: number, end: number): [number, number][] {
  for (let at = text.indexOf(' and ', start); at >= 0 && at < end - 5; at = text.indexOf(' and ', at + 1)) {
    const left = text.slice(start, at);
    const right = text.slice(at + 5, end);
    const twoNames = HEAD.test(left) && (STARTS_A_NAME.test(right) || (HEAD.test(right) && !/ (?:of|for|on) /.test(left)));
    if (twoNames || (ACRONYM.test(left.trim()) && (STARTS_A_NAME.test(right) || HEAD.test(right))))
      return [[start, at], ...partAtAnd(text, at + 5, end)];
  }
  return [[start, end]];
}
