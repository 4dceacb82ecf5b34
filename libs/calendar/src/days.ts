const DAY = 86_400_000;
const SHANGHAI = 8 * 3_600_000;

/**
 * Calendar days of Asia/Shanghai, written 'YYYY-MM-DD'. Such strings sort as dates do.
 * Shanghai keeps UTC+8 all year since 1992; instants before that are out of this product's reach.
 */
export function isDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

/** Whole days since 1970-01-01. Throws RangeError on anything that is not a day of the calendar. */
function ordinal(day: string): number {
  if (!isDay(day)) throw new RangeError(`not a calendar day: ${day}`);
  return Date.parse(`${day}T00:00:00Z`) / DAY;
}

function fromOrdinal(days: number): string {
  const [day = ''] = new Date(days * DAY).toISOString().split('T');
  if (!isDay(day)) throw new RangeError(`beyond the calendar: ${day}`);
  return day;
}

/** The Shanghai day an instant falls on. */
export const todayIn = (instant: Date): string => new Date(instant.getTime() + SHANGHAI).toISOString().slice(0, 10);

/** The instant a Shanghai clock shows `time` ('HH:mm', 09:00 unless told) on that day. */
export function instantAt(day: string, time = '09:00'): Date {
  ordinal(day);
  return new Date(`${day}T${time}:00+08:00`);
}

export const addDays = (day: string, days: number): string => fromOrdinal(ordinal(day) + days);

/** Days from one day to the other: 1 from today to tomorrow, negative backwards. */
export const daysBetween = (from: string, to: string): number => ordinal(to) - ordinal(from);

/** 0 is Sunday, 6 is Saturday. 1970-01-01 was a Thursday. */
export const weekdayOf = (day: string): number => (((ordinal(day) + 4) % 7) + 7) % 7;

/** `month` counts from 1. */
export const lastDayOfMonth = (year: number, month: number): string => addDays(firstDayOfMonth(year, month + 1), -1);

/** `month` counts from 1; 13 is January of the next year. */
export function firstDayOfMonth(year: number, month: number): string {
  const months = year * 12 + month - 1;
  const text = (n: number, width: number) => String(n).padStart(width, '0');
  return `${text(Math.floor(months / 12), 4)}-${text((((months % 12) + 12) % 12) + 1, 2)}-01`;
}

/** The same day of a later (or, negative, an earlier) month; the month's last day where that month is shorter. */
export function addMonths(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  ordinal(day);
  const last = addDays(firstDayOfMonth(year, month + months + 1), -1);
  return `${last.slice(0, 8)}${String(Math.min(date, Number(last.slice(8)))).padStart(2, '0')}`;
}
