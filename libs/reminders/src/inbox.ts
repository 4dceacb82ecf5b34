import { Column, type DataSource, Entity, Index, LessThan, PrimaryColumn } from 'typeorm';
import { addDays } from '@app/calendar/days.js';
import { idFrom } from '@app/domain/ids.js';
import type { Message, MessageItem } from './channels.js';

/** What one person heard on one day: the only message of that day, never changed but for the moment it was read. */
@Entity('inbox')
@Index(['accountId', 'on', 'id'])
export class InboxRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') accountId: string;
  @Column('date') on: string;
  @Column('jsonb') items: MessageItem[];
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) readAt: Date | null;
}

/** The person's messages, newest first; `before` continues a list after the day it ended with. */
export const messagesOf = (db: DataSource, accountId: string, { limit = 50, before }: { limit?: number; before?: string } = {}) =>
  db.manager.find(InboxRow, { where: { accountId, ...(before ? { on: LessThan(before) } : {}) }, order: { on: 'DESC' }, take: limit });

export async function unreadOf(db: DataSource, accountId: string): Promise<number> {
  const [{ n }] = await db.query<[{ n: number }]>(`select count(*)::int as n from app.inbox where "accountId" = $1 and "readAt" is null`, [
    accountId,
  ]);
  return n;
}

/** Keeps the moment it was first read. False when the person has no such message. */
export async function markRead(db: DataSource, accountId: string, id: string, at: Date): Promise<boolean> {
  const [, found] = await db.query<[unknown, number]>(
    `update app.inbox set "readAt" = coalesce("readAt", $3) where "accountId" = $1 and id = $2`,
    [accountId, id, at],
  );
  return found > 0;
}

/** A fact older than this that nobody was told of is history, not news. */
const DAYS_OF_NEWS = 30;

/**
 * Writes the day's message of each of these people: every reminder addressed to them that no message of theirs holds yet, so that each is
 * told once, whoever recorded it and however often this is asked. A person's day has one message: what is recorded after it waits for the
 * next. `unitId` narrows the search to reminders of one unit's shares.
 */
export async function writeMessages(
  db: DataSource,
  accountIds: readonly string[],
  unitId: string | null,
  on: string,
  at: Date,
): Promise<void> {
  await db.query(
    `with told as materialized (
       select i."accountId", (item ->> 'reminderId')::uuid as "reminderId"
       from app.inbox i cross join lateral jsonb_array_elements(i.items) item
       where i."accountId" = any($2::uuid[]) and i."on" >= $6
     )
     insert into app.inbox (id, "accountId", "on", items, "createdAt")
     select p.id, p."accountId", $3, jsonb_agg(jsonb_build_object(
         'reminderId', r.id, 'assignmentId', a.id, 'taskId', t.id, 'title', t.title, 'unitId', u.id, 'unitName', u.name,
         'role', a.role, 'rule', r.rule, 'on', r."on", 'dueOn', a."dueOn", 'acknowledgeBy', a."acknowledgeBy"
       ) order by a."dueKey", t.id, u.id, r."on", r.rule), $4
     from unnest($1::uuid[], $2::uuid[]) p (id, "accountId")
     join app.reminder r on r."to" ? p."accountId"::text and r."on" >= $5 and ($7::uuid is null or r."unitId" = $7)
     join app.assignment a on a.id = r."assignmentId" join app.task t on t.id = r."taskId" join app.unit u on u.id = r."unitId"
     where not exists (select from told where told."accountId" = p."accountId" and told."reminderId" = r.id)
     group by p.id, p."accountId"
     on conflict (id) do nothing`,
    [
      accountIds.map((accountId) => idFrom('inbox', keyOf(accountId, on))),
      accountIds,
      on,
      at,
      addDays(on, -DAYS_OF_NEWS),
      addDays(on, -2 * DAYS_OF_NEWS),
      unitId,
    ],
  );
}

const keyOf = (accountId: string, on: string) => `${accountId}:${on}`;

/** The messages of these people after the day `since`, up to `on`, oldest first: what channels have to carry. */
export async function messagesSince(db: DataSource, accountIds: readonly string[], since: string, on: string): Promise<Message[]> {
  const rows = await db.query<InboxRow[]>(
    `select "accountId", "on", items from app.inbox where "accountId" = any($1) and "on" > $2 and "on" <= $3 order by "on", "accountId"`,
    [accountIds, since, on],
  );
  return rows.map(({ accountId, on, items }) => ({ key: keyOf(accountId, on), accountId, on, items }));
}
