import { addDays, daysBetween } from '@app/calendar/days.js';
import { addWorkingDays } from '@app/calendar/working-days.js';
import type { Assignment } from '@app/domain/assignment-rules.js';
import type { Settings } from '@app/domain/guideline.js';
import type { TaskStanding } from '@app/domain/task.js';

/** Who hears a reminder; `audience.ts` says who they are. */
export type Audience = 'unit' | 'head' | 'supervisors';

/**
 * `on` is the day the rule names, a day off or not, never the day it is sent: due-7 of 31 December is always `due-7` on the 24th. Together
 * they say which date is meant, so a moved date makes a new reminder, and whatever happens to the old one, it is the same reminder.
 */
export type Reminder = Readonly<{ rule: string; on: string; audience: Audience }>;

/** What the plan needs to know of one unit's share; `reminders` are `rule@on` of those already sent. */
export type Share = Pick<Assignment, 'role' | 'status' | 'reminders'> &
  Readonly<{ taskStanding: TaskStanding; dueOn: string | null; acknowledgeBy: string; assignedOn: string }>;

/**
 * The days a digest speaks for: those after `since`, up to `on` itself, and the days off that follow it. The numbers are the same days
 * counted from `on`, so that thousands of shares are planned without calendar sums: after `past`, up to `ahead`.
 */
export type Span = Readonly<{ on: string; since: string; past: number; ahead: number; lastWorkingDay: number }>;

/** A digest that was missed is made up for by the next one, unless it is older than this. */
const WORKING_DAYS_TO_MAKE_UP = 5;

/** What the digest of the working day `on` speaks for when the unit's last one was on `previous`; null when it never had one. */
export function spanOf(on: string, previous: string | null): Span {
  const lastWorkingDay = addWorkingDays(on, -1);
  const earliest = addWorkingDays(on, -WORKING_DAYS_TO_MAKE_UP - 1);
  const last = previous ?? lastWorkingDay;
  const since = last > earliest ? last : earliest;
  return {
    on,
    since,
    past: daysBetween(on, since),
    ahead: daysBetween(on, addWorkingDays(on, 1)) - 1,
    lastWorkingDay: daysBetween(on, lastWorkingDay),
  };
}

type Planned = Reminder & Readonly<{ about: 'acknowledgement' | 'due date'; late: boolean }>;

const SETTLED: readonly Assignment['status'][] = ['none', 'submitted', 'verified', 'released'];

/**
 * What must be said of a share in the digest of that span. A reminder that names a day off goes out on the working day before, one of
 * something overdue on the working day after. Of what was missed and is made up for, only the newest is said.
 */
export function planner(span: Span): (share: Share, settings: Settings) => Reminder[] {
  // Counting working days is dear, and shares that were issued together have the same limit.
  const byLimit = new Map<string, Planned[]>();
  const unsigned = (acknowledgeBy: string) => {
    const known = byLimit.get(acknowledgeBy) ?? aboutAcknowledgement(acknowledgeBy, span);
    byLimit.set(acknowledgeBy, known);
    return known;
  };
  return (share, settings) => {
    const { status, taskStanding, acknowledgeBy, assignedOn, reminders } = share;
    if (taskStanding !== 'open' || SETTLED.includes(status)) return [];
    const planned = [...(status === 'assigned' ? unsigned(acknowledgeBy) : []), ...aboutDueDate(share, settings, span)];
    return planned
      .filter((one) => one.on >= assignedOn && !(one.late && planned.some((other) => replaces(other, one))))
      .filter(({ rule, on }) => !reminders.includes(`${rule}@${on}`))
      .map(({ rule, on, audience }) => ({ rule, on, audience }));
  };
}

const replaces = (newer: Planned, { on, about, audience }: Planned) =>
  newer.about === about && newer.audience === audience && newer.on > on;

function aboutAcknowledgement(acknowledgeBy: string, span: Span): Planned[] {
  const { before, afterwards } = sending('acknowledgement', span);
  const limitAnd = (workingDays: number) => daysBetween(span.on, addWorkingDays(acknowledgeBy, workingDays));
  return [
    ...before('acknowledge-before', limitAnd(-1)),
    ...before('acknowledge-due', limitAnd(0)),
    ...afterwards('not-acknowledged-1', limitAnd(1), 'head'),
    ...afterwards('not-acknowledged-2', limitAnd(2), 'supervisors'),
  ];
}

function aboutDueDate({ role, dueOn }: Share, settings: Settings, span: Span): Planned[] {
  if (!dueOn) return [];
  const { before, afterwards } = sending('due date', span);
  const leads = role === 'lead' || role === 'responsible';
  const left = daysBetween(span.on, dueOn);
  const ahead = leads ? settings.leadRemindedBefore : settings.supportRemindedBefore;
  const planned = [...new Set(ahead)].flatMap((days) => before(`due-${days}`, left - days));
  if (!leads) return planned;

  const every = settings.overdueEvery;
  const first = Math.max(1, Math.floor((span.past - left) / every) + 1);
  for (let days = first * every; left + days <= 0; days += every) {
    planned.push(...afterwards(`overdue-${days}`, left + days, 'unit'), ...afterwards(`overdue-${days}-copy`, left + days, 'supervisors'));
  }
  return planned;
}

/** A reminder of the day `n` days from the digest's: a list of one, or of none when the span does not reach it. */
const sending = (about: Planned['about'], { on, past, ahead, lastWorkingDay }: Span) => {
  const send = (rule: string, n: number, audience: Audience, late: boolean) => [{ rule, on: addDays(on, n), audience, about, late }];
  return {
    before: (rule: string, n: number): Planned[] => (past < n && n <= ahead ? send(rule, n, 'unit', n < 0) : []),
    afterwards: (rule: string, n: number, audience: Audience): Planned[] =>
      past < n && n <= 0 ? send(rule, n, audience, n <= lastWorkingDay) : [],
  };
};
