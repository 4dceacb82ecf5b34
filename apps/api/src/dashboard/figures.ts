import { addDays, weekdayOf } from '@app/calendar/days.js';
import type { AssignmentStatus } from '@app/domain/assignment-rules.js';
import { type Colour, COLOURS, lightOf } from '@app/domain/light.js';
import type { Bucket } from '@app/read-models/assignments.js';
import type { Inputs, Lit } from '../assignments/lights.js';
import type { Dashboard, Lights, Number } from './dashboard.js';

type Counted = Readonly<{ leading: boolean; n: number }>;
/** Shares that the dashboard need not tell apart. Of those that nobody owes any more, days do not matter. */
export type Alike = (Pick<Inputs, 'status' | 'taskStanding'> & Counted & { bucket: null }) | (Inputs & Counted & { bucket: Bucket });
export type Owed = Inputs & Counted & Lit & { bucket: Bucket };

/** A number with the request that lists what it counts, in a view of the whole (or of one unit) as of the same moment. */
export type Opening = (n: number, list: 'assignments' | 'tasks', filters: Readonly<Record<string, string>>) => Number;
export const opening =
  (always: Readonly<Record<string, string>>): Opening =>
  (n, list, filters) => ({ n, opens: { path: `/api/${list}`, query: { ...always, ...filters } } });

export const owedOf = (alike: readonly Alike[], today: string): Owed[] =>
  alike.flatMap((one) => (one.bucket === null ? [] : { ...one, light: lightOf(one, today, one.yellowWithin) }));

const sum = <One extends { n: number }>(all: readonly One[], counts: (one: One) => boolean) =>
  all.reduce((total, one) => total + (counts(one) ? one.n : 0), 0);

const OVERDUE = { owed: 'true', why: 'light.overdue' };
export const isOverdue = ({ light }: Owed) => light.why === 'light.overdue';

export const headline = (owed: readonly Owed[], openTasks: number, open: Opening) => ({
  openTasks: open(openTasks, 'tasks', { standing: 'open' }),
  notAcknowledged: open(
    sum(owed, ({ bucket }) => bucket === 'acknowledge'),
    'assignments',
    { bucket: 'acknowledge' },
  ),
  overdue: open(sum(owed, isOverdue), 'assignments', OVERDUE),
  toVerify: open(
    sum(owed, ({ bucket }) => bucket === 'submitted'),
    'assignments',
    { bucket: 'submitted' },
  ),
});

/** Each stage that a leading share passes, and the statuses in which it stands there: who is at a later one has passed those before. */
const STAGES: readonly (readonly [Dashboard['funnel'][number]['stage'], readonly AssignmentStatus[]])[] = [
  ['issued', ['assigned', 'objected']],
  ['acknowledged', ['acknowledged']],
  ['in-progress', ['in-progress', 'blocked']],
  ['submitted', ['submitted']],
  ['verified', ['verified']],
];

export function funnel(alike: readonly Alike[], open: Opening): Dashboard['funnel'] {
  const leading = alike.filter((one) => one.leading && one.taskStanding !== 'withdrawn');
  return STAGES.map(([stage], n) => {
    const reached = STAGES.slice(n).flatMap(([, statuses]) => statuses);
    const filters = { role: 'lead,responsible', standing: 'open,suspended,closed', status: reached.join() };
    return {
      stage,
      ...open(
        sum(leading, ({ status }) => reached.includes(status)),
        'assignments',
        filters,
      ),
    };
  });
}

const WEEKS = 12;
const mondayOf = (day: string) => addDays(day, -((weekdayOf(day) + 6) % 7));

/** By the week in which they were due: the last twelve, and all before them together. */
export function overdueByWeek(owed: readonly Owed[], today: string, open: Opening): Dashboard['overdueByWeek'] {
  const overdue = owed.filter(isOverdue);
  const oldest = addDays(mondayOf(today), -7 * (WEEKS - 1));
  const weeks = [...new Set(overdue.map(({ dueOn }) => mondayOf(dueOn!)))].filter((week) => week >= oldest).sort();
  const within = (from: string, until: string) => sum(overdue, ({ dueOn }) => dueOn! >= from && dueOn! <= until);
  const before = addDays(oldest, -1);
  const earlier = within('', before);
  return [
    ...(earlier > 0 ? [{ week: null, ...open(earlier, 'assignments', { ...OVERDUE, dueUntil: before }) }] : []),
    ...weeks.map((week) => {
      const sunday = addDays(week, 6);
      return { week, ...open(within(week, sunday), 'assignments', { ...OVERDUE, dueFrom: week, dueUntil: sunday }) };
    }),
  ];
}

/** The lights of what is owed under one heading. */
export const lightsUnder = (counts: ReadonlyMap<Colour, number>, filters: Readonly<Record<string, string>>, open: Opening): Lights =>
  Object.fromEntries(
    COLOURS.map((light) => [light, open(counts.get(light) ?? 0, 'assignments', { owed: 'true', light, ...filters })]),
  ) as Lights;

/** The reddest first. */
export const byPressure = (a: { lights: Lights }, b: { lights: Lights }) =>
  b.lights.red.n - a.lights.red.n || b.lights.yellow.n - a.lights.yellow.n || b.lights.green.n - a.lights.green.n;
