import type { UnitRole } from '@app/domain/task.js';
import { beginsWithPost, isPost } from './english-posts.js';
import type { Named, Reading } from './reading.js';

/** What names of bodies look like in English, and how a line of them is parted. */

export const HEAD =
  /\b(?:Department|Ministry|Office|Bureau|Agency|Administration|Authority|Commission|Commissioner|Council|Board|Committee|Cabinet|Treasury|Service|Services|Center|Centre|Institute|Institution|Corporation|Trust|Fund|Foundation|University|College|Police|Guard|Secretariat|Directorate|Division|Units?|Chamber|Union|Alliance|Confederation|Academy|Taskforce|Task Force|Bank|Court|Chancellery|Inspectorate|Ombudsman|Minister|Secretary|Attorney-General|Registrar|Federation|Association|Society|Museum|Library|Laboratory|Government|Governments|Parliament|Embassy|Mission|Company|Group|Network|Partnership|Hospital|District|City|County|Municipality|Force|Brigade|Observatory|Registry|Ltd|Inc|HQ|Departments|Ministries|Agencies|Authorities|Commissions|Councils|Boards|Committees|Offices|Bureaux|Institutes|Corporations|Foundations|Universities|Colleges|Secretariats|Directorates|Associations|Federations|Organi[sz]ations?|Societies|Companies|Alliances)\b/i;
/** Whether words at the head of a column are the name of a body. */
export const isEnglishUnit = (words: string): boolean =>
  words.length <= 60 && (HEAD.test(words) || ACRONYM.test(words)) && !/^(?:lead|support)/i.test(words);
const IMPERATIVE =
  /^(?:Establish|Develop|Create|Publish|Review|Strengthen|Improve|Build|Launch|Conduct|Complete|Ensure|Prepare|Support|Set|Update|Implement|Deliver|Design|Amend|Adopt|Train|Provide|Increase|Expand|Promote|Appoint|Convene|Commission|Reform|Modernise|Modernize|Identify|Introduce)\b/;
/** Whether words begin with the name of a body, up to the first comma: Ministry of Health, by 30 June. */
export function beginsWithBody(words: string): boolean {
  const first = words
    .trim()
    .split(/[,;.\n()]| and /, 1)[0]!
    .replace(/^the /i, '');
  if (!(HEAD.test(first) || ACRONYM.test(first)) || IMPERATIVE.test(first)) return false;
  return first.split(' ').every((word) => /^(?:[A-Z&][\w'’-]*|of|for|and|the|on|in|to)$/.test(word));
}

/** Country Fire\nAuthority: whether a line breaks off before the word that says what body it names, and the next begins with that word. */
export function endsInHalfName(line: string, next: string): boolean {
  const half = line.split(/[,;]\s*| and /).at(-1)!;
  const rest = next.trim().split(/[,;.()]| and /, 1)[0]!;
  // A word alone on its line may be a name, and the next line another.
  const mayGoOn = half !== line || / /.test(half) || !/ /.test(rest);
  return (
    mayGoOn &&
    rest.split(' ').length <= 4 &&
    isNameLike(half) &&
    isNameLike(rest) &&
    !HEAD.test(half) &&
    !ACRONYM.test(half) &&
    HEAD.test(rest)
  );
}
const isNameLike = (words: string) => words !== '' && words.split(' ').every((word) => /^(?:\p{Lu}[\w'’-]*|of|for|and|&|the)$/u.test(word));

/** How well English words stand where a column says who: above nought where they are names of bodies, below where they say what is to be done. */
export function fitOfEnglish(words: string): number {
  const pieces = words.split(/[,;/]/).map((piece) => piece.trim());
  const isName = (piece: string) => piece !== '' && (beginsWithBody(piece) || isPost(piece));
  const isPlain = (piece: string) => /^(?:(?:[A-Z&][\w'’&-]*|of|for|and|the|on|in|to)(?: |$))+$/.test(piece);
  if (pieces.some(isName) && pieces.every((piece) => isName(piece) || isPlain(piece) || MANY.test(piece))) return 2;
  // Save the Children is a name, Review the process is none.
  if (/^[A-Z][a-z]+ (?:the|an?) [a-z]/.test(words)) return -1;
  const small = words.match(/\b(?!(?:of|for|and|the|on|in|to|with)\b)[a-z]{2,}/g)?.length ?? 0;
  return !HEAD.test(words) && !MANY.test(words) && small > 3 && small > words.split(' ').length / 2 ? -1 : 0;
}
const PART_OF_ONE = /\b(?:Center|Centre|Office|Bureau|Division|Branch|Unit|Program|Programme|Directorate|Section|Laboratory)\b[^,]*$/;
const WHOLE = /^(?:the )?(?:U\.?S\.? )?(?:Department|Ministry) (?:of|for)\b/i;
/** EPA, DfE, UNICEF */
const ACRONYM = /^(?:UN[- ][A-Z][a-z]+|[A-Z]{2,8}|[A-Z][A-Za-z]{0,5}[A-Z]s?)$/;
const STARTS_A_NAME =
  /^(?:the |all |other |relevant |local |state |regional |(?:Department|Ministry|Office|Bureau|Agency|Council|Commission|Board|Institute|Committee|Centre|Center|University|Government) (?:of|for|on) |National |Federal |UN-[A-Z]|[A-Z]{2,8}(?:$|[ ,;]))/;
const MANY =
  /^(?:all|each|every|relevant|other|local|state|regional|participating|various)\b|^(?:agencies|departments|ministries|councils)$/i;
const NOBODY = /^(?:none|n\/a|nil|-+|—+|tbd|tbc|to be (?:determined|confirmed))$/i;

/** The names between two offsets. `plural`: the label said there are several. */
export function readNames(text: string, start: number, end: number, role: UnitRole, plural: boolean, reading: Reading) {
  const pieces: [number, number][] = [];
  const groups = cut(text, start, end, ',').map(([from, to]) => partAtAnd(text, from, to, reading));
  for (const [i, group] of groups.entries())
    for (const [j, [from, to]] of group.entries()) {
      const last = pieces.at(-1);
      const before = last ? text.slice(...last) : '';
      const rest = j > 0 ? [] : groups.slice(i, i + 5).map(([first]) => text.slice(...first!));
      // «Business, Energy and Industrial Strategy» goes on; so does a part of a department, up to the department.
      if (last && (goesOn(text.slice(last[0], from), rest) || topicsFirst(before, text.slice(from, to)))) last[1] = to;
      else if (last && !plural && PART_OF_ONE.test(before) && chains(text, from, to, end)) last[1] = to;
      else pieces.push([from, to]);
    }
  for (const [from, to] of pieces) addName(text, from, to, role, reading);
}

/** Department of Climate Change, Energy, the Environment and Water: its topics, up to the one behind «and». `rest` are the words behind the comma. */
function goesOn(before: string, rest: readonly string[]): boolean {
  const closed = / and [^,]*,\s*$/.test(before.replace(QUALIFIERS, ''));
  const hasTopics = (HEAD.test(before) && / (?:of|for) /.test(before)) || beginsWithPost(before.replace(/[\s,]+/g, ' ').trim());
  if (rest.length === 0 || !hasTopics || closed) return false;
  const last = rest.findIndex((words) => / and /.test(words));
  return last >= 0 && rest.slice(0, last + 1).every((words) => isTopic(words.trim()));
}

/** Two words that qualify one topic: Primary and Secondary Education. Their «and» ends no row of topics. */
const QUALIFIERS = / (?:Further|Primary|Early|Rural|Social|Human) and (?:Higher|Secondary|Regional|Urban|Economic|Local)(?= [A-Z])/;

const isTopic = (words: string) =>
  !HEAD.test(words.replace(LOCAL, '')) && !ACRONYM.test(words) && !isPost(words) && !STARTS_A_NAME.test(words.replace(/^the /, ''));
/** Culture, Sports and Tourism Bureau: topics first, what it is at the end. */
const topicsFirst = (before: string, words: string) =>
  !HEAD.test(before) && TOPIC.test(before.trim()) && (TOPIC.test(words.trim()) || (/ and /.test(words) && HEAD.test(words)));

/** Words that ministries are named after; a joined name with another word in it may be two. */
const TOPIC =
  /^(?:and |the |of |human |social |public |rural |local |regional |workplace |industrial |home |natural |economic |international |sustainable |higher |early |civil |affairs|agriculture|arts|broadband|business|care|childcare|children|citizenship|city|climate|action|change|commerce|communications?|communities|community|culture|defence|development|digital|disability|disarmament|economy|education|employment|energy|enterprise|environment|equality|exports|further|family|families|finance|fisheries|food|foreign|forestry|forests|gender|government|growth|health|heritage|housing|immigration|industry|infrastructure|innovation|integration|investment|jobs|justice|labou?r|land|lands|learning|marine|media|mines|oceans|parks|pensions|planning|protection|reform|relations|relief|research|resources|science|security|seniors|services|skills|small|sports?|strategy|technology|tourism|towns?|trade|transport|treasury|universities|urban|veterans|water|welfare|wildlife|women|work|works|youth|,? )+$/i;
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
  while (from < to && /[\s,;.()|]/.test(text.charAt(from))) from += 1;
  while (to > from && /[\s,;.(|]/.test(text.charAt(to - 1))) to -= 1;
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
  // A line end that is lost leaves HealthSupporting agencies: Police.
  if (/[a-z]{3}[A-Z][a-z]{3}|[a-z)]:/.test(words)) reading.notices.push({ code: 'unit.run-together', details: { name: words } });
  if (words.length > 160) {
    reading.unread.push([from, to]);
    return;
  }
  const kind: Named['kind'] = MANY.test(words)
    ? 'many'
    : HEAD.test(words) || ACRONYM.test(words) || isPost(words)
      ? 'firm'
      : /^\p{Lu}/u.test(words)
        ? 'loose'
        : null;
  const [left, right] = words.split(/ and /, 2) as [string, string?];
  const loose =
    right !== undefined &&
    !HEAD.test(left) &&
    (!(HEAD.test(right) || ENDS_AS_BODY.test(right)) || !(TOPIC.test(left) || / (?:of|for) /.test(left)));
  const said = reading.notices.some(({ code, details }) => code === 'unit.and' && details['name']?.startsWith(words));
  if (loose && !said && !MANY.test(words) && !isPost(words))
    reading.notices.push({ code: 'unit.one-or-several', details: { name: words } });
  const topics = / (?:of|for) (?:the )?([^,]+,.*)$/.exec(words);
  if (topics && !TOPIC.test(topics[1]!) && !beginsWithPost(words))
    reading.notices.push({ code: 'unit.one-or-several', details: { name: words } });
  else if (words.includes(',') && WHOLE.test(words.slice(words.lastIndexOf(',') + 1).trim())) {
    reading.notices.push({ code: 'unit.one-or-several', details: { name: words } });
  }
  reading.named.push({ start: from, end: to, kind, marked: null, role: mark ? (mark[2] ? 'support' : 'lead') : role });
}

export function cut(text: string, start: number, end: number, separator: string): [number, number][] {
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

/** The first half of one name, never a name: City and County Surveyors. */
const PLACE_WORD = /^(?:the )?(?:County|City|District)$/;
/** What a ministry may be of: Ministry of Defence and National Security. */
const NATIONAL_TOPIC = /^National (?:Administration|Development|Planning|Security|Heritage|Coordination|Resources|Unity|Defence)$/;
/** What an institution is; alone before «and» it may be the half of another's name: Museum and Library Service. */
const INSTITUTION = /^(?:the )?(?:Museum|Library|Court|Courts|Police|Bank|Hospital|University|College|Chamber|Trust|Fund|Union)$/;

/** Words that end the names of bodies and are no topics of a ministry, as Services and Government may be. */
const ORGANISATION =
  '(?:Departments?|Ministr(?:y|ies)|Agenc(?:y|ies)|Authorit(?:y|ies)|Commission(?:er)?s?|Councils?|Boards?|Committees?|Offices?|Bureau[xs]?|Institutes?|Corporations?|Foundations?|Universit(?:y|ies)|Colleges?|Secretariats?|Directorates?|Inspectorates?|Associations?|Federations?|Confederations?|Organi[sz]ations?|Societ(?:y|ies)|Compan(?:y|ies)|Trusts?|Alliances?|Chambers?|Guard|Task ?force|Ltd|Inc)';
/** Health Canada, Tourism Ireland: a topic, then the country it is for. */
const COUNTRY =
  '(?:Canada|Australia|Ireland|Scotland|Wales|England|Britain|(?:New )?Zealand|Jamaica|Malta|Kenya|India|Singapore|Malaysia|Ghana|Nigeria|Uganda|Europe|International|UK|NZ|NI|NSW|Queensland|Tasmania|Ontario|Manitoba|Alberta)';
const ENDS_AS_BODY = new RegExp(`(?:^|[\\w’'-] )${ORGANISATION}$|[\\w’'-] ${COUNTRY}$|(?:University|College) [A-Z]\\w+$`);
const ENDS_IN_COUNTRY = new RegExp(` ${COUNTRY}$`);
/** Department of Finance, Territorial Bureau of Statistics: what stands before «of» says what it is. */
const FORMAL = new RegExp(
  `^(?:the )?(?:[A-Z][\\w’'-]* ){0,3}(?:${ORGANISATION} (?:of|for|on)|(?:City|Town|Village|Region|Shire|County|District|Borough|Municipality|Province|State|Port|Bank) of) `,
);
/** Things that may have others working on them and may as well be a ministry's topic. */
const MAY_BE_BODY =
  /[\w’'-] (?:Program(?:me)?s?|Service|Group|Network|Partnership|Initiative|Bank|Museum|Fund|Project|Mission|Force|(?<!(?:Public|Local|Land|Civil|General|Government|National|Regional) )Administration)$/;
const CAPITALISED = /^(?:the )?\p{Lu}/u;
const TREASURY = /^(?:the )?Treasury$/;

const lastWord = (words: string) => words.trim().split(' ').at(-1)!;
const isNameOfSeveral = (words: string) => / /.test(words) && CAPITALISED.test(words) && !TOPIC.test(words);

type Joint = { parts: boolean; doubt: boolean };

/**
 * Whether «and» between these words parts two names (true), joins the halves of one (false), or does either as far as words tell: `doubt`.
 * `right` goes to the end of the piece, `next` to its next «and».
 */
function partsNames(left: string, right: string, next: string): Joint {
  const [one, two, oneOrTwo, twoOrOne] = [false, true, false, true].map((parts, i) => ({ parts, doubt: i > 1 })) as [
    Joint,
    Joint,
    Joint,
    Joint,
  ];
  if (left === '' || right === '') return one;
  if ((PLACE_WORD.test(left) && / /.test(right) && !STARTS_A_NAME.test(right)) || (WHOLE.test(left) && NATIONAL_TOPIC.test(right)))
    return one;
  if (FORMAL.test(right)) return two;
  if (isPost(left)) {
    if (isPost(next) || beginsWithPost(right)) return two;
    // Manager Parks and Gardens is one post; Town Clerk and Leadership Team are two.
    return beginsWithPost(left) ? (ENDS_AS_BODY.test(right) ? twoOrOne : one) : HEAD.test(right) ? two : twoOrOne;
  }
  const isBody = CAPITALISED.test(right) && (HEAD.test(right) || ENDS_AS_BODY.test(right));
  // relevant agencies and Tourism Ireland
  if (!CAPITALISED.test(left)) return MANY.test(left) && HEAD.test(left) && isBody ? two : one;
  if (TOPIC.test(left) && !TREASURY.test(left)) {
    // …, Housing and Urban Development and National Planning Authority: the topics have had their «and».
    if (/ and /.test(left) && / /.test(next) && ENDS_AS_BODY.test(next)) return two;
    return / .* /.test(left) && HEAD.test(lastWord(left)) && ENDS_IN_COUNTRY.test(right) ? twoOrOne : one;
  }
  if (ACRONYM.test(left)) return STARTS_A_NAME.test(right) || HEAD.test(right) || ACRONYM.test(right) ? two : one;
  if (INSTITUTION.test(left) && HEAD.test(right) && !STARTS_A_NAME.test(right)) return oneOrTwo;
  if (lastWord(left) === lastWord(right) && CAPITALISED.test(lastWord(left))) return two;
  const formal = FORMAL.test(left) || (HEAD.test(left) && / (?:of|for|on) /.test(left));
  if (!HEAD.test(left) && !formal)
    return ENDS_AS_BODY.test(left) && isNameOfSeveral(right) ? (ENDS_AS_BODY.test(right) ? two : twoOrOne) : one;
  // The Gaeltacht is what a department is for, the Treasury is one.
  if (STARTS_A_NAME.test(right)) return formal && right.startsWith('the ') && !HEAD.test(right) ? oneOrTwo : two;
  if (!formal) {
    if (HEAD.test(right)) return two;
    const whole = / /.test(left) && HEAD.test(lastWord(left));
    return whole && CAPITALISED.test(right) && !TOPIC.test(right) ? (ENDS_AS_BODY.test(right) ? two : twoOrOne) : one;
  }
  // Department of Health and Welfare and Roads Agency: the first «and» is the topic's, the second parts.
  if (ENDS_AS_BODY.test(next)) return / and /.test(left) && !TOPIC.test(left.replace(/^.*? (?:of|for|on) /, '')) ? twoOrOne : two;
  return next === right && / /.test(right) && !TOPIC.test(right) && MAY_BE_BODY.test(right) ? twoOrOne : one;
}

/** Cuts at an «and» between two names, not at the one inside Department of Health and Human Services. Says where that is not certain. */
function partAtAnd(text: string, start: number, end: number, reading: Reading): [number, number][] {
  const pieces: [number, number][] = [];
  const joints = [...text.slice(start, end).matchAll(/ (?:and|&|as well as) | ?\/ ?/g)].map(({ index, 0: words }) => [
    start + index,
    start + index + words.length,
  ]);
  const words = (a: number, b: number) => text.slice(a, b).replace(/^[\s,;.(]+|[\s,;.]+$/g, '');
  let from = start;
  for (const [i, [at, behind]] of (joints as [number, number][]).entries()) {
    const { parts, doubt } = partsNames(words(from, at), words(behind, end), words(behind, joints[i + 1]?.[0] ?? end));
    if (text.slice(at, behind).includes('/') && !(isPost(words(from, at)) && isPost(words(behind, joints[i + 1]?.[0] ?? end)))) continue;
    if (doubt) reading.notices.push({ code: 'unit.and', details: { name: words(from, end) } });
    if (!parts) continue;
    pieces.push([from, at]);
    from = behind;
  }
  return [...pieces, [from, end]];
}
