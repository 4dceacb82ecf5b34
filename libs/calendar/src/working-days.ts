import { createRequire } from 'node:module';
import { addDays, daysBetween, weekdayOf } from './days.js';

/**
 * China's working days: weekdays, less the statutory holidays, plus the make-up days (调休) that the State Council's yearly notice names.
 * The package `chinese-days` carries those notices from 2004 on; each next year is announced in the November before and comes
 * with an update of the package. For a year it does not know, a working day is any weekday: ask `calendarKnows` before relying on it.
 */
export function isWorkingDay(day: string): boolean {
  const weekday = weekdayOf(day);
  return makeUpDays.has(day) || (weekday !== 0 && weekday !== 6 && !daysOff.has(day));
}

/** Whether the holidays of that year have been announced to this program. */
export const calendarKnows = (year: number): boolean => knownYears.has(year);

/** The n-th working day after `day` (before it when n is negative); `day` itself when n is 0, a working day or not. */
export function addWorkingDays(day: string, n: number): string {
  const step = Math.sign(n);
  let at = day;
  for (let left = Math.abs(n); left > 0;) {
    at = addDays(at, step);
    if (isWorkingDay(at)) left -= 1;
  }
  return at;
}

export const workingDayOnOrBefore = (day: string): string => (isWorkingDay(day) ? day : addWorkingDays(day, -1));
export const workingDayOnOrAfter = (day: string): string => (isWorkingDay(day) ? day : addWorkingDays(day, 1));

/**
 * Working days after `from` up to and including `to`; negative when `to` is earlier (those before `from`, back to and including `to`).
 * Undoes addWorkingDays: `workingDaysBetween(d, addWorkingDays(d, n))` is n.
 */
export function workingDaysBetween(from: string, to: string): number {
  const step = Math.sign(daysBetween(from, to));
  let count = 0;
  for (let at = from; at !== to;) {
    at = addDays(at, step);
    if (isWorkingDay(at)) count += step;
  }
  return count;
}

/**
 * The table behind the package, not its functions: those build their dates in the machine's own time zone,
 * and west of Greenwich every holiday is a day off (chinese-days 1.5.7).
 */
const table = createRequire(import.meta.url)('chinese-days/dist/chinese-days.json') as Record<
  'holidays' | 'workdays',
  Record<string, string>
>;

/** Days that are not what their weekday says. */
const daysOff = new Set(Object.keys(table.holidays));
const makeUpDays = new Set(Object.keys(table.workdays));
const knownYears = new Set([...daysOff].map((day) => Number(day.slice(0, 4))));
