import type { AssignmentStatus } from './assignment-rules.js';
import type { TaskStanding } from './task.js';

export type Light = Readonly<{ colour: 'grey' | 'red' | 'yellow' | 'green'; why: string; days?: number }>;

type Watched = Readonly<{
  status: AssignmentStatus;
  taskStanding: TaskStanding;
  dueOn: string | null;
  acknowledgeBy: string;
  acknowledgedAt: Date | null;
}>;

const DAY = 86_400_000;
const daysUntil = (today: string, day: string) => (Date.parse(day) - Date.parse(today)) / DAY;

/**
 * Derived, never stored: grey closed · red past due, or nobody signed in time · yellow due within `yellowWithin` days, or blocked · green
 * otherwise. `why` is the key of the reason that stands beside the light; days are calendar days.
 */
export function lightOf(
  { status, taskStanding, dueOn, acknowledgeBy, acknowledgedAt }: Watched,
  today: string,
  yellowWithin: number,
): Light {
  if (status === 'verified' || status === 'released') return { colour: 'grey', why: `light.${status}` };
  if (taskStanding !== 'open') return { colour: 'grey', why: `light.task-${taskStanding}` };
  const left = dueOn === null ? null : daysUntil(today, dueOn);
  if (left !== null && left < 0 && status !== 'submitted') return { colour: 'red', why: 'light.overdue', days: -left };
  const late = acknowledgedAt === null && status === 'assigned' ? -daysUntil(today, acknowledgeBy) : 0;
  if (late > 0) return { colour: 'red', why: 'light.not-acknowledged', days: late };
  if (status === 'blocked') return { colour: 'yellow', why: 'light.blocked' };
  if (left !== null && left >= 0 && left <= yellowWithin && status !== 'submitted')
    return { colour: 'yellow', why: 'light.due-soon', days: left };
  return { colour: 'green', why: 'light.on-time', ...(left === null ? {} : { days: left }) };
}
