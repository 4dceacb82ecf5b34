import type { DataSource } from 'typeorm';
import { todayIn } from '@app/calendar/days.js';
import { DecideAssignment } from '@app/commands/decide-assignment.js';
import { SYSTEM } from '@app/domain/actor.js';
import { Refused } from '@app/domain/decider.js';
import type { Settings } from '@app/domain/guideline.js';
import { idFrom } from '@app/domain/ids.js';
import type { Outcome, Position } from '@app/event-store/event-store.js';
import type { ViewProgress } from '@app/read-models/progress.js';
import type { Clock } from '@app/runtime/clock.js';
import { listeners, type People, type Person } from './audience.js';
import type { Channel } from './channels.js';
import { messagesSince, writeMessages } from './inbox.js';
import { planner, type Reminder, type Share, type Span, spanOf } from './plan.js';

/** Whose digest of which day. Who hears what is found out when it is held. */
export type Hint = Readonly<{ unitId: string; on: string }>;

export type DigestParts = Readonly<{
  db: DataSource;
  progress: Pick<ViewProgress, 'reached'>;
  clock: Clock;
  ask: (command: DecideAssignment) => Promise<Outcome>;
  channels: readonly Channel[];
}>;

type Due = Readonly<{ assignmentId: string; reminder: Reminder; to: string[] }>;
type ShareRow = Share & Readonly<{ id: string; unitId: string; handlerId: string | null; settings: Settings; assignedAt: Date }>;

const AT_ONCE = 16;
/** Longer than a process has time to stop, and the next sweep asks again. */
const VIEWS_WITHIN_MS = 5_000;

/**
 * Holds a unit's digest: records what is due as facts, writes each person's message out of the facts, hands the messages to the channels,
 * and only then notes that the digest was held. It may stop anywhere and start again, or run twice at once: the store records a reminder
 * once, the inbox takes a reminder once and one message a day, a channel sends a key once. A hint that comes on another day does nothing,
 * because that day's digest makes up for it.
 */
export async function holdDigest({ unitId, on }: Hint, { db, progress, clock, ask, channels }: DigestParts): Promise<void> {
  if (todayIn(clock.now()) !== on || (await wasHeld(db, unitId, on))) return;
  const { due, accountIds, supervises, span } = await planDigest(db, { unitId, on });
  // The plan leaves out what the shares say was recorded, a moment ago perhaps, and the view of reminders may not have it yet.
  const planned = await placeOf(db, 'assignment');
  const position = [await record(due, ask), planned].reduce(later);
  if (position) await untilSeen(position, db, progress);

  await writeMessages(db, accountIds, supervises ? null : unitId, on, clock.now());
  if (channels.length > 0)
    for (const message of await messagesSince(db, accountIds, span.since, on))
      for (const channel of channels) await channel.deliver(message);
  await db.query(`insert into app.digest ("unitId", "on", "doneAt") values ($1, $2, $3) on conflict do nothing`, [unitId, on, clock.now()]);
}

/** What the digest has to say, to whom, and since which day it speaks; changes nothing. */
export async function planDigest(db: DataSource, { unitId, on }: Hint) {
  const people = await peopleOf(db, unitId);
  const accountIds = people.unit.map(({ accountId }) => accountId);
  const supervises = accountIds.some((accountId) => people.supervisors.includes(accountId));
  const span = spanOf(on, await lastHeld(db, unitId, on));
  const due = [...(await dueIn(db, unitId, span, people)), ...(supervises ? await copiesDue(db, span, people) : [])];
  return { due, accountIds, supervises, span };
}

async function wasHeld(db: DataSource, unitId: string, on: string): Promise<boolean> {
  const rows = await db.query<unknown[]>(`select from app.digest where "unitId" = $1 and "on" = $2`, [unitId, on]);
  return rows.length > 0;
}

async function lastHeld(db: DataSource, unitId: string, on: string): Promise<string | null> {
  const [{ last }] = await db.query<[{ last: string | null }]>(
    `select max("on") as last from app.digest where "unitId" = $1 and "on" < $2`,
    [unitId, on],
  );
  return last;
}

async function peopleOf(db: DataSource, unitId: string): Promise<People> {
  const rows = await db.query<(Person & { unitId: string })[]>(
    `select id as "accountId", "unitId", roles from app.account
     where standing = 'active' and (roles ? 'supervisor' or "unitId" = $1 and roles ?| array['member', 'head']) order by id`,
    [unitId],
  );
  return {
    unit: rows.filter((person) => person.unitId === unitId),
    supervisors: rows.filter(({ roles }) => roles.includes('supervisor')).map(({ accountId }) => accountId),
  };
}

const SHARES = `
  select a.id, a."unitId", a.role, a.status, a."taskStanding", a."dueOn", a."acknowledgeBy", a."assignedAt", a."handlerId", a.reminders, g.settings
  from app.assignment a join app.guideline g on g.id = a."guidelineId"
  where a.bucket is not null and a."taskStanding" = 'open' and g.standing = 'issued'`;

async function dueIn(db: DataSource, unitId: string, span: Span, people: People): Promise<Due[]> {
  const shares = await db.query<ShareRow[]>(`${SHARES} and a."unitId" = $1`, [unitId]);
  return planned(shares, span, people).filter(({ reminder }) => reminder.audience !== 'supervisors');
}

/** What supervisors hear of all units: only what is late, wherever it is. */
async function copiesDue(db: DataSource, span: Span, people: People): Promise<Due[]> {
  const shares = await db.query<ShareRow[]>(`${SHARES} and (a."dueOn" < $1 or a.status = 'assigned' and a."acknowledgeBy" < $1)`, [
    span.on,
  ]);
  return planned(shares, span, people).filter(({ reminder }) => reminder.audience === 'supervisors');
}

function planned(shares: readonly ShareRow[], span: Span, people: People): Due[] {
  const plan = planner(span);
  return shares.flatMap(({ id, handlerId, settings, assignedAt, ...share }) =>
    plan({ ...share, assignedOn: todayIn(assignedAt) }, settings)
      .map((reminder) => ({ assignmentId: id, reminder, to: listeners(reminder.audience, handlerId, people) }))
      .filter(({ to }) => to.length > 0),
  );
}

/** Answers the position of the newest of the facts. */
async function record(due: readonly Due[], ask: DigestParts['ask']): Promise<Position | null> {
  const positions: (Position | null)[] = [];
  for (let from = 0; from < due.length; from += AT_ONCE)
    positions.push(...(await Promise.all(due.slice(from, from + AT_ONCE).map((one) => recordOne(one, ask)))));
  return positions.reduce(later, null);
}

const later = (one: Position | null, other: Position | null) => ((one ?? '') > (other ?? '') ? one : other);

async function placeOf(db: DataSource, view: string): Promise<Position | null> {
  const [place] = await db.query<{ position: Position }[]>('select position from app.checkpoint where view = $1', [view]);
  return place?.position || null;
}

/** What the rules refuse here was overtaken: the task was closed or suspended after the plan was made. */
async function recordOne({ assignmentId, reminder: { rule, on }, to }: Due, ask: DigestParts['ask']): Promise<Position | null> {
  const id = idFrom('reminder', assignmentId, rule, on);
  try {
    const { position } = await ask(new DecideAssignment(assignmentId, { type: 'RecordReminder', data: { rule, on, to } }, SYSTEM, { id }));
    return position;
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

/** A message is written out of the view, so the view must have the facts; one that was set aside by an error has not. */
async function untilSeen(position: Position, db: DataSource, progress: DigestParts['progress']): Promise<void> {
  const reached = await progress.reached(position, VIEWS_WITHIN_MS);
  if (!reached || ((await placeOf(db, 'reminder')) ?? '') < position) throw new Error(`the view of reminders has not reached ${position}`);
}
