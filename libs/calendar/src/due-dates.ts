import { addDays, addMonths, isDay } from './days.js';
import { dueInEnglish } from './due-dates-english.js';
import type { DueContext, DueFlag, DueWords } from './due-words.js';
import { isYear, numberAt, pointAt, type Point } from './points-in-time.js';
import { addWorkingDays, calendarKnows } from './working-days.js';

/**
 * Due dates in words, in the order of the text: 2025年底前 → 2025-12-31, 每季度 → a recurrence, 印发后15个工作日内 → counted when the day of issue is known.
 * The text is expected with half-width digits and without spaces between Chinese characters. Nothing is guessed: what gives no day carries a flag.
 */
export function dueDatesIn(text: string, { field = false, issuedOn = null }: DueContext = {}): DueWords[] {
  const found: DueWords[] = [];
  let year = issuedOn ? Number(issuedOn.slice(0, 4)) : null;
  for (let at = 0; at < text.length;) {
    const due = !BEGINS.has(text.charAt(at))
      ? null
      : (rhythmAt(text, at, field, year) ??
        atOnceAt(text, at, field) ??
        fiscalAt(text, at) ??
        yearsAt(text, at, field) ??
        startAt(text, at) ??
        dayAt(text, at, field, year, issuedOn) ??
        termAt(text, at, field, issuedOn) ??
        countedFromStartAt(text, at));
    if (due === null) at = behindQuotation(text, at);
    else if (typeof due === 'number') at = Math.max(at + 1, due);
    else {
      found.push(due);
      if (due.dueOn) year = Number(due.dueOn.slice(0, 4));
      at = Math.max(at + 1, due.end);
    }
  }
  const chinese = withYearBehind(text, found, field);
  const english = dueInEnglish(text, { field, issuedOn });
  return english.length === 0
    ? chinese
    : [...chinese, ...english.filter((due) => !chinese.some(({ start, end }) => start < due.end && due.start < end))].sort(
        (a, b) => a.start - b.start,
      );
}

/** 6月底前上线,2025年底前验收: a year that is said behind holds for what comes before it in that year. */
function withYearBehind(text: string, found: DueWords[], field: boolean): DueWords[] {
  const said = found.find(({ dueOn }) => dueOn !== null);
  if (!said) return found;
  return found.map((due) => {
    const again =
      due.flag === 'due.no-issue-date' && due.start < said.start
        ? dayAt(text, due.start, field, Number(said.dueOn!.slice(0, 4)), null)
        : null;
    return again !== null && typeof again === 'object' && again.dueOn !== null && again.dueOn <= said.dueOn! ? again : due;
  });
}

/** How words about time begin: most characters need no further look. */
const BEGINS = new Set(
  'T0123456789〇○零一二两三四五六七八九十半“"每逐按分自从到至截不最于在力争确计预民中今本当明后次翌年上下第全长持常日经滚贯即立边马Qq',
);

/** Names of documents keep their years to themselves: 《行动计划（2021—2025年）》. */
function behindQuotation(text: string, at: number): number {
  if (text.charAt(at) !== '《') return at + 1;
  const close = text.slice(at, at + 80).indexOf('》');
  return close < 0 ? at + 1 : at + close + 1;
}

/** What was found, or how far to pass over words that look like a date and are none. */
type Found = DueWords | number | null;

const EACH =
  /(?:每(?:个)?(?:[两二三四五六1-9]|半)?个?(?:年度?|季度?|月|周|星期|日|天|旬)|逐(?:年|季|月|周|日)|(?:按|分)(?:年度?|季度?|月|周|半年))(?:[一二三四五两1-9]次|(?:至少)?(?:召开|开展|报送|调度|通报|评估)?[一二三四五两1-9]次)?/y;
const GOES_ON =
  /(?:年内|全年|今年)?(?:长期|持续|常态化?|不断|日常|经常性?|滚动|全年)(?:性)?(?:坚持|推进|推动|开展|实施|落实|执行|进行|工作|深化|加强|完善|优化|做好|抓好|任务|办理|进行)?|贯穿(?:始终|全年)|常抓不懈/y;

/** 每季度, 逐月; in a field also 持续推进. A rhythm with a day in it (每年12月底前) is one rhythm. */
function rhythmAt(text: string, at: number, field: boolean, year: number | null): Found {
  const each = sticky(EACH, text, at);
  if (each) {
    if (/^[按分]/.test(each) && !field) return null;
    let end = at + each.length;
    const point = /^(?:每年|逐年)/.test(each) ? pointOfYear(text, end) : null;
    if (point) {
      end = tailEnd(text, point.end);
      // 每年6月底、12月底前
      const next = /[、和及]/.test(text.charAt(end)) ? pointAt(text, end + 1, 2000) : null;
      if (next && !next.yearSaid) end = tailEnd(text, next.end);
    }
    // 每年 in 每年级 or 每月球 counts nothing, but such words do not occur in what is read here.
    return { start: at, end, dueOn: null, recurrence: text.slice(at, end), flag: null };
  }
  if (!field) return null;
  const open = sticky(GOES_ON, text, at);
  if (!open) return null;
  const end = at + open.length;
  // 年内持续推进 goes on, and ends.
  if (/^(?:年内|今年)/.test(open))
    return {
      start: at,
      end,
      dueOn: year === null ? null : `${year}-12-31`,
      recurrence: null,
      flag: year ? 'due.year-unsaid' : 'due.no-issue-date',
    };
  return { start: at, end, dueOn: null, recurrence: text.slice(at, end), flag: 'due.open' };
}

const AT_ONCE =
  /立[行整]立改|即[知行]即改|边[督查]边改|马上(?:就办|整改|办理)|(?:立即|立刻|即刻|即时)(?:整改|办理|办结|落实|执行|实施|开展|启动|完成)?(?=$|[,;。、])/y;

/** 立行立改 in a field: at once, which is no day. */
function atOnceAt(text: string, at: number, field: boolean): Found {
  const words = field ? sticky(AT_ONCE, text, at) : null;
  return words ? { start: at, end: at + words.length, dueOn: null, recurrence: null, flag: 'due.at-once' } : null;
}

/** The point of a year that words give which say no year: 12月底, 国庆节前. */
function pointOfYear(text: string, at: number): { end: number } | null {
  const said = '2000年';
  const point = pointAt(said + text.slice(at, at + 16), 0, null);
  return point && point.end > said.length ? { end: at + point.end - said.length } : null;
}

/** 从2023年起 · 自2024年3月1日起: when it starts. What began with an event (自批准之日起) is not a date. */
function startAt(text: string, at: number): Found {
  const led = /[自从]/.test(text.charAt(at)) ? 1 : 0;
  const point = pointAt(text, at + led, led > 0 ? 2000 : null);
  if (!point || (!point.yearSaid && (led === 0 || !/^\d/.test(point.form)))) return null;
  const behind = /^(?:起|开始|以来|始|之日起)/.exec(text.slice(point.end, point.end + 4));
  if (behind?.[0] === '以来') return point.end + 2;
  if (!behind) return null;
  const end = point.end + behind[0].length;
  return { start: at, end, dueOn: null, recurrence: null, flag: 'due.start' };
}

const FISCAL = /\d{4}年?(?:[-—~–/]|至|到)(?:\d{4}|\d{2})年?(?:财政)?(?:年度|财年)(?![\u4e00-\u9fff]{0,6}》)/y;

/** 2024/25学年或之前: a year of school is due only where the words say so. */
const SCHOOL_YEAR = /\d{4}年?(?:[-—~–/]|至|到)(?:\d{4}|\d{2})年?学年(?:结束|开始|开学)?(?:或?之?前|或以前|内|之内|以内|底)/y;

/** 2025-26年度, 2025至26财政年度: years of accounts, whose months differ from place to place. */
function fiscalAt(text: string, at: number): Found {
  const words = /\d/.test(text.charAt(at - 1)) ? null : (sticky(SCHOOL_YEAR, text, at) ?? sticky(FISCAL, text, at));
  return words ? { start: at, end: at + words.length, dueOn: null, recurrence: null, flag: 'due.fiscal-year' } : null;
}

const YEARS = /(\d{4})年?(?:[-—~–]{1,2}|至|到)(\d{4})(?:年|(?![\d-]))/y;

/** 2024—2026年 in a field: a period of whole years. */
function yearsAt(text: string, at: number, field: boolean): Found {
  YEARS.lastIndex = at;
  const found = field && !/\d/.test(text.charAt(at - 1)) ? YEARS.exec(text) : null;
  if (!found || Number(found[2]) < Number(found[1]) || !isYear(Number(found[1])) || !isYear(Number(found[2]))) return null;
  return { start: at, end: at + found[0].length, dueOn: `${found[2]}-12-31`, recurrence: null, flag: 'due.period' };
}

const UNTIL =
  /(?:力争|争取|确保)(?=\d{4}年)|(?:力争|争取|确保|计划|预计)?(?:到|至|截至|截止到?|不晚于|不迟于|最迟(?:不超过|不晚于|于)?|最晚(?:不超过|不迟于|于)?|不超过(?=\d{4}年)|即日起至|于|在)/y;
const HOLDS = /(?:延长|延续|顺延|展期|延期|延缓|推迟|有效期|执行期限?)(?:全部)?$/;
const TAIL = /(?:(?:\d{1,2}[时点])?之?前|以前|或(?:之|以)前|底前|末前|内|之内|以内|止|为止)/y;

/** A day, month, quarter, half or year that something is due in or before. */
function dayAt(text: string, at: number, field: boolean, year: number | null, issuedOn: string | null): Found {
  const until = sticky(UNTIL, text, at) ?? '';
  const from = at + until.length;
  const point = pointAt(text, from, year);
  if (!point) return null;
  const period = periodEnd(text, point);
  const last = period ?? point;
  const end = tailEnd(text, last.end);
  const tail = end > last.end;
  if (/^(?:度|级|版|生|龄|货|初)/.test(text.slice(end, end + 1)) && !field) return end;
  // 年内无死亡事故
  if (!field && !point.yearSaid && point.form.endsWith('年') && /^内?[无不未没零]/.test(text.slice(point.end, point.end + 2))) return end;
  // 政策延长到年底, 6月前到期: how long something holds.
  if (!field && (HOLDS.test(text.slice(Math.max(0, at - 6), at)) || /^到期|^期满/.test(text.slice(end, end + 2)))) return end;
  const start = /^[于在]$/.test(until) ? from : at;
  const surely = tail || (until !== '' && !/^[于在]$/.test(until)) || (period !== null && point.yearSaid && point.sort === 'day');
  const done = !point.yearSaid && DONE.test(text.slice(end, end + 6));
  if (!field && !surely && !done && !impliesDue(text, at, last, end, issuedOn)) return last.end;
  if (!point.yearSaid && !tail && !field && !done && !/底|末/.test(point.form)) return last.end;
  if (/截至/.test(until) && issuedOn !== null && last.last !== null && last.last < issuedOn) return end;
  const flag: DueFlag | null = period
    ? 'due.period'
    : point.last === null
      ? point.yearSaid
        ? 'due.unread'
        : 'due.no-issue-date'
      : point.yearSaid
        ? null
        : 'due.year-unsaid';
  return { start, end, dueOn: last.last, recurrence: null, flag };
}

/** 9月上旬完成, 10月建成投用: no year is said, but what is to be reached. */
const DONE = /^(?:[前底]?(?:全面|基本|力争)?(?:完成|建成|竣工|投用|投入使用|印发|出台|上线|开工))(?!了|的|情况)/;

/** 2024年上半年, 2025年底 say a due date by their form, 2025年6月完成 by what follows; a bare year or month in a sentence says none. */
function impliesDue(text: string, at: number, point: Point, end: number, issuedOn: string | null): boolean {
  if (!point.yearSaid || (issuedOn !== null && point.last !== null && point.last < issuedOn)) return false;
  const behind = text.slice(end, end + 4);
  if (/^[的~—-]/.test(behind) || /^[起以开]/.test(behind)) return false;
  if (point.sort === 'part') return true;
  if (/^(?:,?(?:力争|争取)|完成|实现|建成|达到|基本|全面|出台|印发|启动|投入|投用|投产|竣工|通车)/.test(behind)) return true;
  // 2026年、2027年各建成10所
  if (/^(?:、\d{4}年){0,3}各(?:完成|建成|新增|建设|改造|新建)/.test(text.slice(end, end + 24))) return true;
  return point.sort === 'year' && /[。;,、:)\s]|^$/.test(text.charAt(at - 1)) && behind.startsWith(',');
}

/** The other end of 2019年1月1日至12月31日. */
function periodEnd(text: string, { end, last, yearSaid }: Point): Point | null {
  const joint = /^ ?(?:至|到|—+|-|~) ?/.exec(text.slice(end, end + 4));
  if (!joint || !yearSaid) return null;
  return pointAt(text, end + joint[0].length, last ? Number(last.slice(0, 4)) : null);
}

const tailEnd = (text: string, at: number) => at + (sticky(TAIL, text, at)?.length ?? 0);

const UNIT_OF_TIME = /(?:个)?(?:工作日|季度|月|年|周|天|日|星期)/y;
const WITHIN = /(?:之内|以内|内)/y;
/** 压缩至3个工作日内 is how fast a service is to be, not when it is due. */
const SERVICE =
  /(?:压缩|缩短|缩减|压减|减少|降低|控制|限定|精简)(?:至|到|在|为)?$|不(?:超过|得超过|少于|低于)$|(?:连续|近|过去|最近|每|前|分|间隔|满|超过|未来)$/;
const ISSUE = /(?:印发|发布|下发|公布|出台|发文|颁布|施行|实施|印送)(?:之日)?(?:后|起|之日起|以后)(?:的)?$/;
const EVENT = /[^,;。:、(]{1,24}?(?:之日起|之后|以后|后|起)(?:的)?$/;

/** 5年内 · 印发后15个工作日内 · 自验收之日起30日内 */
function termAt(text: string, at: number, field: boolean, issuedOn: string | null): Found {
  if (/[\d一二三四五六七八九十两半]/.test(text.charAt(at - 1))) return null;
  const count = numberAt(text, at);
  if (!count) return null;
  const unit = sticky(UNIT_OF_TIME, text, count.end);
  const within = unit ? sticky(WITHIN, text, count.end + unit.length) : null;
  if (!unit || !within) return null;
  const end = count.end + unit.length + within.length;
  const before = text.slice(Math.max(0, at - 32), at);
  if (SERVICE.test(before)) return end;
  const issue = ISSUE.exec(before);
  const long = /年|月|季度/.test(unit);
  if (issue) {
    // 自本意见印发之日起: the words go back to what was issued, if that is said.
    const named = /(?:[自从]?本[^,;。:、(本]{1,6}|[自从])$/.exec(before.slice(0, issue.index));
    const start = at - (named?.[0].length ?? 0) - issue[0].length;
    return { start, end, ...counted(issuedOn, count.value, unit), recurrence: null, base: text.slice(start, at) };
  }
  const event = EVENT.exec(before);
  if (event && (field || long)) {
    return { start: at - event[0].length, end, dueOn: null, recurrence: null, flag: 'due.event', base: event[0] };
  }
  if (event || (!long && !field)) return end;
  return { start: at, end, dueOn: null, recurrence: null, flag: 'due.relative' };
}

/** T+30日内: so many days after a start that is named elsewhere. */
function countedFromStartAt(text: string, at: number): Found {
  const words = /\w/.test(text.charAt(at - 1)) ? null : sticky(FROM_START, text, at);
  return words ? { start: at, end: at + words.length, dueOn: null, recurrence: null, flag: 'due.relative' } : null;
}

const FROM_START = /T\+\d{1,3}(?:个)?(?:工作日|日|天|周|个月|月)(?:之?内|以内|前)?/y;

/** The day a term ends that counts from the day after `from`. */
function counted(from: string | null, count: number, unit: string): { dueOn: string | null; flag: DueFlag | null } {
  if (from === null || !isDay(from)) return { dueOn: null, flag: 'due.no-issue-date' };
  if (count > 1_000) return { dueOn: null, flag: 'due.unread' };
  if (unit.endsWith('工作日')) {
    const dueOn = addWorkingDays(from, Math.ceil(count));
    return { dueOn, flag: calendarKnows(Number(dueOn.slice(0, 4))) ? null : 'due.calendar-unknown' };
  }
  const months = unit.endsWith('年') ? 12 * count : unit.endsWith('季度') ? 3 * count : unit.endsWith('月') ? count : 0;
  if (months > 0) return { dueOn: addMonths(from, Math.floor(months)), flag: null };
  return { dueOn: addDays(from, Math.ceil(/周|星期/.test(unit) ? 7 * count : count)), flag: null };
}

function sticky(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] || null;
}
