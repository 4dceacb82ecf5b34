import { settings as defaults } from '@app/domain/guideline.js';
import { addDays } from '@app/calendar/days.js';
import { addWorkingDays, isWorkingDay, workingDayOnOrAfter } from '@app/calendar/working-days.js';
import { planner, type Reminder, type Share, spanOf } from './plan.js';

// 2026-11-23 is a Monday. National Day 2026: days off from 1 to 7 October, the Sunday 20 September and the Saturday 10 October make up for it.
const settings = defaults.parse({});
const share = (changes: Partial<Share> = {}): Share => ({
  role: 'lead',
  status: 'in-progress',
  taskStanding: 'open',
  dueOn: null,
  acknowledgeBy: '2026-01-06',
  assignedOn: '2026-01-04',
  reminders: [],
  ...changes,
});
const due = (dueOn: string, changes: Partial<Share> = {}) => share({ dueOn, ...changes });
const unsigned = (acknowledgeBy: string) => share({ status: 'assigned', acknowledgeBy });

const key = ({ rule, on, audience }: Reminder) => `${rule}@${on} ${audience}`;
const said = (of: Share, on: string, previous: string | null = addWorkingDays(on, -1)) =>
  planner(spanOf(on, previous))(of, settings).map(key);

type Row = [sentence: string, share: Share, on: string, expected: string[]];
const says = (rows: Row[]) =>
  it.each(rows)('%s', (_, share, on, expected) => {
    expect(said(share, on)).toEqual(expected);
  });

describe('a lead unit hears of its due date', () => {
  says([
    ['30 days before', due('2026-12-23'), '2026-11-23', ['due-30@2026-11-23 unit']],
    ['7 days before', due('2026-12-01'), '2026-11-24', ['due-7@2026-11-24 unit']],
    ['3 days before', due('2026-11-27'), '2026-11-24', ['due-3@2026-11-24 unit']],
    ['the day before', due('2026-11-25'), '2026-11-24', ['due-1@2026-11-24 unit']],
    ['on the day', due('2026-11-24'), '2026-11-24', ['due-0@2026-11-24 unit']],
    ['not in between', due('2026-11-30'), '2026-11-24', []],
    ['as the responsible unit too', due('2026-11-27', { role: 'responsible' }), '2026-11-24', ['due-3@2026-11-24 unit']],
    ['before it has signed', due('2026-11-27', { status: 'assigned' }), '2026-11-24', ['due-3@2026-11-24 unit']],
    ['while it is blocked', due('2026-11-27', { status: 'blocked' }), '2026-11-24', ['due-3@2026-11-24 unit']],
    ['never, without one', share(), '2026-11-24', []],
  ]);
});

describe('a supporting or guiding unit hears of the due date', () => {
  says([
    ['7 days before', due('2026-12-01', { role: 'support' }), '2026-11-24', ['due-7@2026-11-24 unit']],
    ['on the day', due('2026-11-24', { role: 'guide' }), '2026-11-24', ['due-0@2026-11-24 unit']],
    ['not 3 days before', due('2026-11-27', { role: 'support' }), '2026-11-24', []],
    ['not when it is overdue', due('2026-11-17', { role: 'support' }), '2026-11-24', []],
  ]);
});

describe('what is overdue is said', () => {
  says([
    ['after 7 days, with a copy', due('2026-11-17'), '2026-11-24', ['overdue-7@2026-11-24 unit', 'overdue-7-copy@2026-11-24 supervisors']],
    ['after 14 days', due('2026-11-10'), '2026-11-24', ['overdue-14@2026-11-24 unit', 'overdue-14-copy@2026-11-24 supervisors']],
    ['not the day after', due('2026-11-23'), '2026-11-24', []],
    ['not after 8 days', due('2026-11-16'), '2026-11-24', []],
  ]);
});

describe('a unit that has not signed', () => {
  says([
    ['hears of it 1 working day before the limit', unsigned('2026-11-25'), '2026-11-24', ['acknowledge-before@2026-11-24 unit']],
    ['hears of it at the limit', unsigned('2026-11-24'), '2026-11-24', ['acknowledge-due@2026-11-24 unit']],
    ['has its head told 1 working day later', unsigned('2026-11-23'), '2026-11-24', ['not-acknowledged-1@2026-11-24 head']],
    ['is escalated 2 working days later', unsigned('2026-11-20'), '2026-11-24', ['not-acknowledged-2@2026-11-24 supervisors']],
    ['hears nothing more after that', unsigned('2026-11-19'), '2026-11-24', []],
    ['counts over the weekend', unsigned('2026-11-20'), '2026-11-23', ['not-acknowledged-1@2026-11-23 head']],
    ['counts make-up days', unsigned('2026-10-09'), '2026-10-10', ['not-acknowledged-1@2026-10-10 head']],
    ['hears nothing once it has', { ...unsigned('2026-11-25'), status: 'acknowledged' }, '2026-11-24', []],
  ]);
});

describe('a day off', () => {
  says([
    ['moves a reminder to the Friday before', due('2026-12-05'), '2026-11-27', ['due-7@2026-11-28 unit']],
    [
      'moves one of something overdue to the Monday after',
      due('2026-11-14'),
      '2026-11-23',
      ['overdue-7@2026-11-21 unit', 'overdue-7-copy@2026-11-21 supervisors'],
    ],
    ['leaves what is overdue alone on the Friday', due('2026-11-14'), '2026-11-20', []],
    [
      'that is a holiday gathers on the last working day before it',
      due('2026-10-05'),
      '2026-09-30',
      ['due-3@2026-10-02 unit', 'due-1@2026-10-04 unit', 'due-0@2026-10-05 unit'],
    ],
    [
      'that is a holiday is made up for on the first working day after it',
      due('2026-09-26'),
      '2026-10-08',
      ['overdue-7@2026-10-03 unit', 'overdue-7-copy@2026-10-03 supervisors'],
    ],
    ['is none when it makes up for a holiday', due('2026-10-17'), '2026-10-10', ['due-7@2026-10-10 unit']],
    ['is none on the Friday before a make-up Saturday', due('2026-10-17'), '2026-10-09', []],
  ]);

  it('never loses or repeats a reminder, whatever the date', () => {
    for (let n = 0; n < 40; n++) {
      const dueOn = addDays('2026-09-15', n);
      const sent: string[] = [];
      for (let on = addDays(dueOn, -50); on <= workingDayOnOrAfter(addDays(dueOn, 7)); on = addDays(on, 1))
        if (isWorkingDay(on)) sent.push(...said(due(dueOn, { reminders: sent }), on).map((one) => one.split(' ')[0]!));
      const rules = sent.map((one) => one.split('@')[0]!).filter((rule) => !rule.startsWith('overdue-14'));
      expect(rules).toEqual(['due-30', 'due-7', 'due-3', 'due-1', 'due-0', 'overdue-7', 'overdue-7-copy']);
    }
  });
});

describe('nothing is said', () => {
  says([
    ['of a suspended task', due('2026-11-24', { taskStanding: 'suspended' }), '2026-11-24', []],
    ['of a closed task', due('2026-11-24', { taskStanding: 'closed' }), '2026-11-24', []],
    ['of a withdrawn task', due('2026-11-24', { taskStanding: 'withdrawn' }), '2026-11-24', []],
    ['of a share that waits for verification', due('2026-11-24', { status: 'submitted' }), '2026-11-24', []],
    ['of a verified share', due('2026-11-24', { status: 'verified' }), '2026-11-24', []],
    ['of a released share', due('2026-11-24', { status: 'released' }), '2026-11-24', []],
    ['twice', due('2026-11-24', { reminders: ['due-0@2026-11-24'] }), '2026-11-24', []],
    ['of days before the unit had the share', due('2026-11-14', { assignedOn: '2026-11-23' }), '2026-11-23', []],
  ]);
});

describe('a date that moves', () => {
  it('is reminded of anew', () => {
    expect(said(due('2026-12-08', { reminders: ['due-7@2026-11-24'] }), '2026-12-01')).toEqual(['due-7@2026-12-01 unit']);
  });

  it('and comes back is not said again', () => {
    expect(said(due('2026-12-01', { reminders: ['due-7@2026-11-24'] }), '2026-11-24')).toEqual([]);
  });

  it('to where its reminder would have gone out on Friday is said on Monday', () => {
    expect(said(due('2026-12-05'), '2026-11-30', '2026-11-27')).toEqual(['due-7@2026-11-28 unit']);
  });
});

describe('a digest that was missed', () => {
  it('is made up for by the next', () => {
    expect(said(due('2026-11-27'), '2026-11-25', '2026-11-23')).toEqual(['due-3@2026-11-24 unit']);
    expect(said(unsigned('2026-11-23'), '2026-11-25', '2026-11-23')).toEqual([
      'not-acknowledged-1@2026-11-24 head',
      'not-acknowledged-2@2026-11-25 supervisors',
    ]);
  });

  it('is made up for with the newest only', () => {
    expect(said(due('2026-11-27'), '2026-11-26', '2026-11-18')).toEqual(['due-1@2026-11-26 unit']);
    expect(said(due('2026-11-25'), '2026-11-26', '2026-11-20')).toEqual(['due-0@2026-11-25 unit']);
  });

  it('is forgotten after five working days', () => {
    expect(said(due('2026-11-23', { role: 'support' }), '2026-11-30', '2026-10-30')).toEqual(['due-0@2026-11-23 unit']);
    expect(said(due('2026-11-20', { role: 'support' }), '2026-11-30', '2026-10-30')).toEqual([]);
  });

  it('was none for a unit that never had one', () => {
    expect(said(due('2026-11-27'), '2026-11-25', null)).toEqual([]);
  });
});

it('plans 20,000 shares in a moment', () => {
  const shares = Array.from({ length: 20_000 }, (_, n) =>
    due(addDays('2026-10-01', n % 120), { status: n % 3 ? 'in-progress' : 'assigned', acknowledgeBy: addDays('2026-11-20', n % 8) }),
  );
  const start = process.cpuUsage();
  const plan = planner(spanOf('2026-11-24', '2026-11-23'));
  for (const share of shares) plan(share, settings);
  expect(process.cpuUsage(start).user / 1_000).toBeLessThan(2_000);
});
