import fc from 'fast-check';
import { addDays, addMonths, daysBetween, firstDayOfMonth, instantAt, isDay, lastDayOfMonth, todayIn, weekdayOf } from './days.js';

const someDay = fc.integer({ min: -20_000, max: 60_000 }).map((n) => addDays('1992-01-01', n));
const someDays = fc.integer({ min: -40_000, max: 40_000 });

describe('the day in Shanghai', () => {
  it.each([
    ['2026-11-23T15:59:59.999Z', '2026-11-23'],
    ['2026-11-23T16:00:00.000Z', '2026-11-24'],
    ['2024-12-31T16:00:00.000Z', '2025-01-01'],
    ['2024-02-28T16:00:00.000Z', '2024-02-29'],
  ])('at %s is %s', (instant, day) => {
    expect(todayIn(new Date(instant))).toBe(day);
  });

  it('contains every time of its own clock', () => {
    fc.assert(
      fc.property(someDay, fc.integer({ min: 0, max: 23 }), (day, hour) => {
        expect(todayIn(instantAt(day, `${String(hour).padStart(2, '0')}:30`))).toBe(day);
      }),
    );
  });

  it('has its nine o’clock at one in the morning of UTC', () => {
    expect(instantAt('2026-11-24').toISOString()).toBe('2026-11-24T01:00:00.000Z');
  });
});

describe('counting days', () => {
  it('comes back from where it went', () => {
    fc.assert(
      fc.property(someDay, someDays, (day, n) => {
        expect(daysBetween(day, addDays(day, n))).toBe(n);
        expect(addDays(addDays(day, n), -n)).toBe(day);
      }),
    );
  });

  it('keeps the order of the strings', () => {
    fc.assert(
      fc.property(someDay, someDay, (a, b) => {
        expect(Math.sign(daysBetween(a, b))).toBe(Number(a < b) - Number(a > b));
      }),
    );
  });

  it('knows the weekday', () => {
    fc.assert(
      fc.property(someDay, (day) => {
        expect(weekdayOf(day)).toBe(new Date(`${day}T00:00:00Z`).getUTCDay());
      }),
    );
  });

  it.each([
    [2024, 2, '2024-02-29'],
    [2023, 2, '2023-02-28'],
    [2025, 12, '2025-12-31'],
    [2026, 6, '2026-06-30'],
  ])('ends %d/%d on %s', (year, month, day) => {
    expect(lastDayOfMonth(year, month)).toBe(day);
  });

  it('starts the thirteenth month in January', () => {
    expect(firstDayOfMonth(2025, 13)).toBe('2026-01-01');
  });

  it.each([
    ['2024-01-31', 1, '2024-02-29'],
    ['2024-08-16', 6, '2025-02-16'],
    ['2024-03-31', -1, '2024-02-29'],
    ['2024-12-31', 12, '2025-12-31'],
  ])('%s and %d months is %s', (day, months, then) => {
    expect(addMonths(day, months)).toBe(then);
  });
});

describe('what is not a day', () => {
  it.each(['2023-02-29', '2024-13-01', '2024-1-1', '2024-00-10', '', '2024-01-01T00:00', '２０２４-01-01'])('%s is refused', (day) => {
    expect(isDay(day)).toBe(false);
    expect(() => addDays(day, 1)).toThrow(RangeError);
    expect(() => instantAt(day)).toThrow(RangeError);
  });

  it('is not answered either', () => {
    expect(() => addDays('9999-12-31', 1)).toThrow(RangeError);
    expect(() => addDays('2024-01-01', Number.NaN)).toThrow(RangeError);
  });
});
