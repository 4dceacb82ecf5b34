import type { DueContext, DueWords } from './due-words.js';
import { addDays, addMonths, isDay, lastDayOfMonth } from './days.js';
import { isYear } from './points-in-time.js';
import { addWorkingDays, calendarKnows } from './working-days.js';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
/** One date, in the forms that plans use. The order is that of length: the longest form first. */
const DATE = new RegExp(
  `(?:(?<day>\\d{1,2})(?:st|nd|rd|th)? (?<dayMonth>${MONTH}),? ?(?<dayYear>\\d{4})` +
    `|(?<usMonth>${MONTH}) (?<usDay>\\d{1,2})(?:st|nd|rd|th)?, ?(?<usYear>\\d{4})` +
    `|(?:the )?end[ -](?:of )?(?<endMonth>${MONTH}),? (?<endMonthYear>\\d{4})|(?<month>${MONTH}),? (?<monthYear>\\d{4})` +
    `|(?<iso>\\d{4}-\\d{2}-\\d{2})` +
    `|(?:(?:q[1-4] ?[-–/&] ?)?(?<quarter>q[1-4]|[1-4]q)|(?<half>h[12]|(?:first|second|1st|2nd) half)|(?<ordinal>first|second|third|fourth|1st|2nd|3rd|4th) quarter)(?: of)?[,/]? ?(?:the )?(?<fiscal>(?:fy|fiscal year|financial year) ?)?(?<quarterYear>\\d{4}|\\d{2})(?!\\d)` +
    `|(?:the )?(?<part>end|close|mid|middle)[ -](?:of )?(?:the year )?(?:calendar year )?(?<fiscalPart>(?:fy|fiscal year|financial year) ?)?(?<partYear>\\d{4})` +
    `|(?<fiscalYear>(?:fy ?|(?:fiscal|financial) year )\\d{2,4}(?:[-–/]\\d{2,4})?(?: ?q[1-4])?|\\d{4}[-–/]\\d{2,4} (?:fiscal|financial) year)` +
    `|(?<twoYears>\\d{4}[-–/]\\d{2})(?!\\d)` +
    `|(?<season>(?:early|mid|late|spring|summer|autumn|fall|winter)(?:[ -]${MONTH})?,?(?: (?:of|in))? (?:19|20)\\d{2})` +
    `|(?<first>\\d{1,2})[/.](?<second>\\d{1,2})[/.](?<slashYear>(?:19|20)\\d{2})|(?<year>(?:19|20)\\d{2}))(?![\\d–-])`,
  'iy',
);
const BY = /(?:by|before|no later than|not later than|until|through|due(?: by| on)?|prior to)(?: the)? /iy;
const FROM = /(?:from|starting|beginning|commencing|since)(?: in| on)? /iy;
const UP_TO = / ?(?:to|until|through|[-–—]) ?(?:the )?/iy;
const TERM =
  /within (?:(\d{1,3})|(one|two|three|four|five|six|nine|ten|twelve|eighteen)) (business |working |calendar )?(day|week|month|year)s?(?: (?:of|after|from|following) ([a-z' -]{3,60}))?/iy;
const NUMBERS = ['', 'one', 'two', 'three', 'four', 'five', 'six', '', '', 'nine', 'ten', '', 'twelve'];
const RHYTHM =
  /(?:annual(?:ly)?|yearly|quarterly|monthly|weekly|daily|bi-?annual(?:ly)?|half-yearly|ongoing|on-going|continuous(?:ly)?|every (?:year|quarter|month|week|(?:two|three|four|five|ten|\d{1,2}|six) (?:years|months))|each (?:year|quarter|month)|twice (?:a|per) year|once (?:a|per) year|as needed|rolling)\b/iy;
const AT_ONCE = /(?:immediate(?:ly)?|at once|with immediate effect)(?=$|[ ,;.]*$|[,;])/iy;
const WORD = /[a-z]/i;

/** Due dates in English: by 30 June 2026, Q4 2025, within 3 months of issue, ongoing. In a sentence only «by …» counts. */
export function dueInEnglish(text: string, { field = false, issuedOn = null }: DueContext): DueWords[] {
  const found: DueWords[] = [];
  for (let at = 0; at < text.length; at++) {
    if (!mayStart(text, at)) continue;
    const due = dueAt(text, at, field, issuedOn);
    if (!due) continue;
    found.push(due);
    at = due.end - 1;
  }
  return found;
}

const mayStart = (text: string, at: number) => {
  const char = text.charAt(at);
  const before = text.charAt(at - 1);
  return (WORD.test(char) || (char >= '0' && char <= '9')) && !WORD.test(before) && !(before >= '0' && before <= '9') && before !== '-';
};

function dueAt(text: string, at: number, field: boolean, issuedOn: string | null): DueWords | null {
  const by = sticky(BY, text, at);
  const led = by ?? (field ? sticky(FROM, text, at) : null);
  const from = at + (led?.[0].length ?? 0);
  const date = by || field ? sticky(DATE, text, from) : null;
  if (date) {
    const end = from + date[0].length;
    const joint = field && !by ? sticky(UP_TO, text, end) : null;
    const last = joint ? sticky(DATE, text, end + joint[0].length) : null;
    if (joint && last) {
      const day = lastDay(last.groups ?? {});
      return { start: at, end: end + joint[0].length + last[0].length, recurrence: null, dueOn: day.dueOn, flag: day.flag ?? 'due.period' };
    }
    if (led && !by) return { start: at, end, dueOn: null, recurrence: null, flag: 'due.start' };
    return { start: at, end, recurrence: null, ...lastDay(date.groups ?? {}) };
  }
  const term = sticky(TERM, text, at);
  if (term && (field || term[5])) return { start: at, end: at + term[0].length, recurrence: null, ...counted(term, issuedOn) };
  const atOnce = field ? sticky(AT_ONCE, text, at) : null;
  if (atOnce) return { start: at, end: at + atOnce[0].length, dueOn: null, recurrence: null, flag: 'due.at-once' };
  const rhythm = field ? sticky(RHYTHM, text, at) : null;
  if (rhythm) return { start: at, end: at + rhythm[0].length, dueOn: null, recurrence: rhythm[0], flag: null };
  return null;
}

function lastDay(date: Record<string, string | undefined>): Pick<DueWords, 'dueOn' | 'flag'> {
  const day = date['day'] ?? date['usDay'];
  const month = date['dayMonth'] ?? date['usMonth'] ?? date['endMonth'] ?? date['month'];
  const year = Number(date['dayYear'] ?? date['usYear'] ?? date['endMonthYear'] ?? date['monthYear'] ?? date['partYear'] ?? date['year']);
  if (date['iso']) return known(date['iso']);
  if (date['twoYears']) return { dueOn: null, flag: twoYears(date['twoYears']) ? 'due.fiscal-year' : 'due.unread' };
  if (date['season']) return { dueOn: null, flag: 'due.unread' };
  if (date['slashYear']) return slashed(Number(date['first']), Number(date['second']), date['slashYear']);
  if (date['fiscalYear'] || date['fiscal'] || date['fiscalPart']) return { dueOn: null, flag: 'due.fiscal-year' };
  const quarter = date['quarter']?.replace(/q/i, '') ?? (date['ordinal'] ? ordinalOf(date['ordinal']) : undefined) ?? halfOf(date['half']);
  const unlikely: Pick<DueWords, 'dueOn' | 'flag'> = { dueOn: null, flag: 'due.unread' };
  if (!isYear(quarter ? Number(date['quarterYear']!.padStart(4, '20')) : year)) return unlikely;
  if (quarter) return known(lastDayOfMonth(Number(date['quarterYear']!.padStart(4, '20')), 3 * Number(quarter)));
  if (!month) return known(lastDayOfMonth(year, date['part']?.toLowerCase().startsWith('mid') ? 6 : 12));
  const last = lastDayOfMonth(year, MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1);
  return known(day ? `${last.slice(0, 8)}${day.padStart(2, '0')}` : last);
}

/** 2025–26 */
const twoYears = (words: string) => (Number(words.slice(2, 4)) + 1) % 100 === Number(words.slice(5));

/** The quarter in which a half ends. */
const halfOf = (half: string | undefined) => (half ? (/^(?:h1|first|1st)/i.test(half) ? '2' : '4') : undefined);

/** 31/12/2026 is a day; 6/7/2026 is one in June or one in July, so it is none. */
function slashed(first: number, second: number, year: string): Pick<DueWords, 'dueOn' | 'flag'> {
  if (first <= 12 && second <= 12 && first !== second) return { dueOn: null, flag: 'due.unread' };
  const [day, month] = second > 12 ? [second, first] : [first, second];
  return known(`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);
}

const ordinalOf = (word: string) =>
  String(['first', 'second', 'third', 'fourth'].indexOf(word.toLowerCase()) + 1 || Number(word.charAt(0)));
const known = (day: string): Pick<DueWords, 'dueOn' | 'flag'> =>
  isDay(day) ? { dueOn: day, flag: null } : { dueOn: null, flag: 'due.unread' };

function counted(
  [, digits, word, working, unit, base]: RegExpExecArray,
  issuedOn: string | null,
): Pick<DueWords, 'dueOn' | 'flag' | 'base'> {
  if (!base) return { dueOn: null, flag: 'due.relative' };
  if (!/(?:issu|publication|publish|release|approval of this|adoption)/i.test(base)) return { dueOn: null, flag: 'due.event', base };
  if (issuedOn === null) return { dueOn: null, flag: 'due.no-issue-date', base };
  const count = digits ? Number(digits) : word!.toLowerCase() === 'eighteen' ? 18 : NUMBERS.indexOf(word!.toLowerCase());
  if (working && !/calendar/i.test(working)) {
    const dueOn = addWorkingDays(issuedOn, count);
    return { dueOn, flag: calendarKnows(Number(dueOn.slice(0, 4))) ? null : 'due.calendar-unknown', base };
  }
  const [of] = unit!.toLowerCase();
  if (of === 'm' || of === 'y') return { dueOn: addMonths(issuedOn, of === 'm' ? count : 12 * count), flag: null, base };
  return { dueOn: addDays(issuedOn, of === 'w' ? 7 * count : count), flag: null, base };
}

function sticky(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
