import type { AssignmentStatus } from './assignment-rules.js';
import type { TaskStanding } from './task.js';

/** Most pressing first. */
export const COLOURS = ['red', 'yellow', 'green', 'grey'] as const;
export type Colour = (typeof COLOURS)[number];

/** The reasons that stand beside a light, in the order in which they are looked for. */
export const WHYS = [
  'light.verified',
  'light.released',
  'light.task-unknown',
  'light.task-suspended',
  'light.task-closed',
  'light.task-withdrawn',
  'light.overdue',
  'light.not-acknowledged',
  'light.blocked',
  'light.due-soon',
  'light.on-time',
] as const;
export type Light = Readonly<{ colour: Colour; why: (typeof WHYS)[number]; days?: number }>;

/** All that the light of a share depends on, besides the day and the guideline's `yellowWithin`. */
export type Watched = Readonly<{ status: AssignmentStatus; taskStanding: TaskStanding; dueOn: string | null; acknowledgeBy: string }>;

const DAY = 86_400_000;
const daysUntil = (today: string, day: string) => (Date.parse(day) - Date.parse(today)) / DAY;

/**
 * Derived, never stored: grey closed · red past due, or nobody signed in time · yellow due within `yellowWithin` days, or blocked · green
 * otherwise. `why` is the key of the reason that stands beside the light; days are calendar days.
 */
export function lightOf({ status, taskStanding, dueOn, acknowledgeBy }: Watched, today: string, yellowWithin: number): Light {
  if (status === 'verified' || status === 'released') return { colour: 'grey', why: `light.${status}` };
  if (taskStanding !== 'open') return { colour: 'grey', why: `light.task-${taskStanding}` };
  const left = dueOn === null ? null : daysUntil(today, dueOn);
  if (left !== null && left < 0 && status !== 'submitted') return { colour: 'red', why: 'light.overdue', days: -left };
  const late = status === 'assigned' ? -daysUntil(today, acknowledgeBy) : 0;
  if (late > 0) return { colour: 'red', why: 'light.not-acknowledged', days: late };
  if (status === 'blocked') return { colour: 'yellow', why: 'light.blocked' };
  if (left !== null && left >= 0 && left <= yellowWithin && status !== 'submitted')
    return { colour: 'yellow', why: 'light.due-soon', days: left };
  return { colour: 'green', why: 'light.on-time', ...(left === null ? {} : { days: left }) };
}

/** The light of several shares together: the most pressing of theirs; grey when there is none. */
export const worst = (colours: Iterable<Colour>): Colour => {
  const shown = new Set(colours);
  return COLOURS.find((colour) => shown.has(colour)) ?? 'grey';
};
