import { addDays, isDay, lastDayOfMonth } from './days.js';

/**
 * A point in time as Chinese documents write it. `last` is the last day of it, null when the year is neither said nor known.
 * `sort`: how it was said; 'part' is a half, a quarter, the end or middle of something. `form` is its words.
 */
export type Point = { end: number; last: string | null; yearSaid: boolean; sort: 'year' | 'month' | 'day' | 'part'; form: string };

const DIGITS: Readonly<Record<string, number>> = {
  〇: 0,
  '○': 0,
  零: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};

/** The number that begins at `at`: 15, 十五, 二十, 半. Chinese numerals up to 99. */
export function numberAt(text: string, at: number): { value: number; end: number } | null {
  let end = at;
  while (end < at + 6 && isDigit(text.charAt(end))) end += 1;
  if (end > at) return isDigit(text.charAt(end)) ? null : { value: Number(text.slice(at, end)), end };
  if (text.charAt(at) === '半') return { value: 0.5, end: at + 1 };
  while (end < at + 4 && (text.charAt(end) in DIGITS || text.charAt(end) === '十')) end += 1;
  if (end === at) return null;
  const [tens, ones] = text.slice(at, end).split('十') as [string, string?];
  if (ones === undefined) return tens.length === 1 ? { value: DIGITS[tens]!, end } : null;
  if (tens.length > 1 || ones.length > 1) return null;
  return { value: (tens === '' ? 1 : DIGITS[tens]!) * 10 + (ones === '' ? 0 : DIGITS[ones]!), end };
}

const isDigit = (char: string) => char >= '0' && char <= '9';

/**
 * The point in time that begins at `at`, or null: 2025年底 · 二〇二五年六月 · 民国113年 · “十四五”末 · 6月底 (in `year`) · 2026-06-30.
 * `year` is the one meant where none is said.
 */
export function pointAt(text: string, at: number, year: number | null): Point | null {
  if (isDigit(text.charAt(at - 1)) && isDigit(text.charAt(at))) return null;
  return planAt(text, at) ?? numericAt(text, at) ?? inYear(text, at, year);
}

function inYear(text: string, at: number, known: number | null): Point | null {
  const said = yearAt(text, at, known);
  const from = said?.end ?? at;
  const year = said ? said.year : known;
  const done = (end: number, last: string | null, sort: Point['sort']): Point => ({
    end,
    last,
    yearSaid: said !== null && !said.spoken,
    sort,
    form: text.slice(at, end),
  });
  const feast = said ? FEAST.exec(text.slice(from, from + 14)) : null;
  if (feast) return done(from + feast[0].length, year === null ? null : dayBefore(feast[1]!, year), 'part');
  const part = partOfYear(text, from);
  if (part && (said || /^(?:年|上半年|下半年|第?[一二三四1-4]季度)/.test(text.slice(from, part.end))))
    return done(part.end, year === null ? null : lastDayOfMonth(year, part.month), 'part');
  const season = said ? /^[春夏秋冬][季天]/.exec(text.slice(from, from + 2)) : null;
  if (season) return done(from + 2, null, 'part');
  const month = numberAt(text, from);
  if (month && text.charAt(month.end) === '月' && month.value >= 1 && month.value <= 12)
    return inMonth(text, month.end + 1, year, month.value, done);
  if (!said) return null;
  return done(said.end, year === null ? null : lastDayOfMonth(year, 12), 'year');
}

/** 2026年春节前, 2025年汛期前: the year is not the date. Only feasts of the sun's calendar have the same day every year. */
const FEAST = /^(?!上半|下半|第)([\u4e00-\u9fff]{1,7}?(?:节|旦|一|季|期|学|会|运))(?:来临|到来|开始|结束)?(?:之?前|以前)/;
const FEASTS: readonly (readonly [words: RegExp, day: string])[] = [
  [/^元旦节?$/, '01-01'],
  [/^(?:五一|国际劳动节|劳动节|五一劳动节)$/, '05-01'],
  [/^七一$/, '07-01'],
  [/^八一$/, '08-01'],
  [/^(?:国庆节|十一|国庆)$/, '10-01'],
];
function dayBefore(feast: string, year: number): string | null {
  const day = FEASTS.find(([words]) => words.test(feast))?.[1];
  return day ? addDays(`${year}-${day}`, -1) : null;
}

function inMonth(
  text: string,
  at: number,
  year: number | null,
  month: number,
  done: (end: number, last: string | null, sort: Point['sort']) => Point,
): Point | null {
  const date = numberAt(text, at);
  if (date && /[日号]/.test(text.charAt(date.end))) {
    const day =
      year === null ? null : `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date.value).padStart(2, '0')}`;
    return done(date.end + 1, day !== null && isDay(day) ? day : null, 'day');
  }
  const last = year === null ? null : lastDayOfMonth(year, month);
  const part = /^(?:份)?(上旬|中旬|下旬|底|末|月底|月末|中|初)?/.exec(text.slice(at, at + 3))!;
  const days = part[1]?.startsWith('上') || part[1] === '初' ? 10 : part[1]?.startsWith('中') ? 20 : 0;
  const end = at + part[0].length;
  if (days > 0) return done(end, last === null ? null : `${last.slice(0, 8)}${days}`, 'part');
  return done(end, last, part[1] ? 'part' : 'month');
}

/** The last month of a part of a year: 上半年 6, 第三季度 9, 底 12. */
function partOfYear(text: string, at: number): { month: number; end: number } | null {
  const found = /^(?:年?(?:底|末|终)|上半年|下半年|年?中(?=前|旬|,|$)|全年|年内|内|第?([一二三四1-4])季度?末?|[Qq]([1-4]))/.exec(
    text.slice(at, at + 6),
  );
  if (!found) return null;
  const [words, inWords, quarter] = found;
  const end = at + words.length - (words.endsWith('内') ? 1 : 0);
  const number = inWords ?? quarter;
  if (number) return { month: 3 * (DIGITS[number] ?? Number(number)), end };
  return { month: words === '上半年' || words.endsWith('中') ? 6 : 12, end: words === '内' ? at : end };
}

/** Years that documents speak of; other four digits are something else. */
export const isYear = (year: number) => year >= 1900 && year < 2200;

type Year = { year: number | null; end: number; spoken: boolean };

function yearAt(text: string, at: number, known: number | null): Year | null {
  const head = text.slice(at, at + 12);
  const said = (year: number, length: number): Year | null => (isYear(year) ? { year, end: at + length, spoken: false } : null);
  const republic = /^(?:中华)?民国/.exec(head);
  if (republic) {
    const count = numberAt(text, at + republic[0].length);
    return count && text.charAt(count.end) === '年' ? said(1911 + count.value, count.end + 1 - at) : null;
  }
  // Taiwan writes 115年底 without 民国; a count of years has no month, part or end behind it.
  const bare = /^(1[0-4]\d)年(?=度?(?:底|末|\d{1,2}月|上半年|下半年|第|前|$|[,;。)、至到~—-]))/.exec(head);
  if (bare) return said(1911 + Number(bare[1]), bare[0].length);
  const wordedBare =
    /^一([〇○零一二三四])([〇○零一二三四五六七八九])年(?=度?(?:底|末|[一二三四五六七八九十]{1,2}月|上半年|下半年|第|前))/.exec(head);
  if (wordedBare) return said(2011 + 10 * DIGITS[wordedBare[1]!]! + DIGITS[wordedBare[2]!]!, 4);
  const plain = /^(\d{4})年度?/.exec(head);
  if (plain) return said(Number(plain[1]), plain[0].length);
  const worded = /^([一二三四五六七八九〇○零]{4})年度?/.exec(head);
  if (worded) return said(Number(worded[1]!.replace(/./g, (char) => String(DIGITS[char]))), worded[0].length);
  const spoken = /^([今本当次翌明后])年度?(?!第)/.exec(head);
  if (!spoken) return null;
  const ahead = '后'.includes(spoken[1]!) ? 2 : '次翌明'.includes(spoken[1]!) ? 1 : 0;
  return { year: known === null ? null : known + ahead, end: at + spoken[0].length, spoken: true };
}

/** Five-year plans: the twelfth ran from 2011 to 2015. */
function planAt(text: string, at: number): Point | null {
  const found = /^[“"]?十([一二三四五六七])五[”"]?(?:规划)?(末|期末|时期末|期间末|时期|期间)/.exec(text.slice(at, at + 14));
  if (!found) return null;
  const year = 1955 + 5 * (10 + DIGITS[found[1]!]!);
  return {
    end: at + found[0].length,
    last: `${year}-12-31`,
    yearSaid: true,
    sort: found[2]!.endsWith('末') ? 'part' : 'year',
    form: found[0],
  };
}

/** 2026-06-30 · 2026/6/30 · 2026.6 */
function numericAt(text: string, at: number): Point | null {
  const found = /^(\d{4})([-./])(\d{1,2})(?:\2(\d{1,2}))?(?!\d)/.exec(text.slice(at, at + 12));
  if (!found) return null;
  const [form, year, , month, date] = found;
  if (Number(month) < 1 || Number(month) > 12 || !isYear(Number(year))) return null;
  const last = lastDayOfMonth(Number(year), Number(month));
  const day = date === undefined ? last : `${last.slice(0, 8)}${date.padStart(2, '0')}`;
  return { end: at + form.length, last: isDay(day) ? day : null, yearSaid: true, sort: date === undefined ? 'month' : 'day', form };
}
