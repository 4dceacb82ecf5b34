import { type Light, lightOf, type Watched, WHYS, worst } from './light.js';

const share: Watched = {
  status: 'in-progress',
  taskStanding: 'open',
  dueOn: '2026-12-31',
  acknowledgeBy: '2026-11-20',
};
const today = '2026-11-23';

it.each<[string, Partial<Watched>, Light]>([
  ['grey once it is verified', { status: 'verified' }, { colour: 'grey', why: 'light.verified' }],
  ['grey once it is released', { status: 'released' }, { colour: 'grey', why: 'light.released' }],
  ['grey while its task is suspended', { taskStanding: 'suspended' }, { colour: 'grey', why: 'light.task-suspended' }],
  ['red the day after it was due', { dueOn: '2026-11-22' }, { colour: 'red', why: 'light.overdue', days: 1 }],
  ['yellow on the day it is due', { dueOn: today }, { colour: 'yellow', why: 'light.due-soon', days: 0 }],
  ['yellow 15 days before it is due', { dueOn: '2026-12-08' }, { colour: 'yellow', why: 'light.due-soon', days: 15 }],
  ['green 16 days before it is due', { dueOn: '2026-12-09' }, { colour: 'green', why: 'light.on-time', days: 16 }],
  ['green without a date', { dueOn: null }, { colour: 'green', why: 'light.on-time' }],
  ['yellow while it is blocked', { status: 'blocked' }, { colour: 'yellow', why: 'light.blocked' }],
  [
    'red when it is both blocked and overdue',
    { status: 'blocked', dueOn: '2026-11-01' },
    { colour: 'red', why: 'light.overdue', days: 22 },
  ],
  ['red when nobody signed in time', { status: 'assigned' }, { colour: 'red', why: 'light.not-acknowledged', days: 3 }],
  ['not red on the last day to sign', { status: 'assigned', acknowledgeBy: today }, { colour: 'green', why: 'light.on-time', days: 38 }],
  [
    'not red while it waits to be verified',
    { status: 'submitted', dueOn: '2026-11-01' },
    { colour: 'green', why: 'light.on-time', days: -22 },
  ],
])('is %s', (_, changes, light) => {
  expect(lightOf({ ...share, ...changes }, today, 15)).toEqual(light);
  expect(WHYS).toContain(light.why);
});

it('of several shares is the most pressing of theirs, and grey without any', () => {
  expect(worst(['grey', 'green', 'yellow'])).toBe('yellow');
  expect(worst(['yellow', 'red'])).toBe('red');
  expect(worst([])).toBe('grey');
});
