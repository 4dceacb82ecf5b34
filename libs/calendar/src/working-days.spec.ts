import fc from 'fast-check';
import { addDays } from './days.js';
import {
  addWorkingDays,
  calendarKnows,
  isWorkingDay,
  workingDayOnOrAfter,
  workingDayOnOrBefore,
  workingDaysBetween,
} from './working-days.js';

const someDay = fc.integer({ min: 0, max: 9_000 }).map((n) => addDays('2004-01-01', n));

describe('a working day in China', () => {
  it.each([
    ['2024-08-16', true, 'a Friday'],
    ['2024-08-17', false, 'a Saturday'],
    ['2024-10-01', false, 'National Day'],
    ['2024-10-12', true, 'a Saturday that makes up for the holiday'],
    ['2024-09-29', true, 'a Sunday that makes up for the holiday'],
    ['2025-01-26', true, 'the Sunday before Spring Festival'],
    ['2025-01-28', false, 'the eve of Spring Festival, a day off since 2025'],
    ['2026-02-23', false, 'the ninth day of the Spring Festival holiday'],
  ])('%s: %s (%s)', (day, works) => {
    expect(isWorkingDay(day)).toBe(works);
  });

  it('is any weekday in a year nobody has announced', () => {
    expect(calendarKnows(2024)).toBe(true);
    expect(calendarKnows(2090)).toBe(false);
    expect(isWorkingDay('2090-10-02')).toBe(true);
    expect(isWorkingDay('2090-10-01')).toBe(false);
  });
});

describe('counting working days', () => {
  it.each([
    ['2024-08-16', 15, '2024-09-06'],
    ['2024-09-27', 3, '2024-10-08'],
    ['2024-09-30', 1, '2024-10-08'],
    ['2024-10-08', -1, '2024-09-30'],
    ['2024-10-05', 0, '2024-10-05'],
  ])('%s and %d is %s', (day, n, then) => {
    expect(addWorkingDays(day, n)).toBe(then);
  });

  it('comes back from where it went', () => {
    fc.assert(
      fc.property(someDay, fc.integer({ min: -60, max: 60 }), (day, n) => {
        expect(workingDaysBetween(day, addWorkingDays(day, n))).toBe(n);
      }),
    );
  });

  it('lands on a working day, and passes none', () => {
    fc.assert(
      fc.property(someDay, (day) => {
        const [before, after] = [workingDayOnOrBefore(day), workingDayOnOrAfter(day)];
        expect(isWorkingDay(before) && isWorkingDay(after)).toBe(true);
        expect(before <= day && day <= after).toBe(true);
        expect(workingDaysBetween(before, after)).toBe(before === after ? 0 : 1);
      }),
    );
  });
});
