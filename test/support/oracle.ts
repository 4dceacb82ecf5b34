import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { DataSource } from 'typeorm';
import { everything } from '@app/event-store/contract-given.js';
import type { EventStore, Recorded } from '@app/event-store/event-store.js';
import { openEventStore } from '@app/event-store/open-event-store.js';
import { databaseOptions } from '@app/read-models/database.js';
import { Checkpoint } from '@app/read-models/checkpoint.js';
import { ENTITIES } from '@app/read-models/entities.js';
import type { ReminderRow } from '@app/read-models/reminders.js';
import { LIVE, Tables } from '@app/read-models/tables.js';
import { type AnyView, foldRows } from '@app/read-models/view.js';
import { VIEWS } from '@app/read-models/views.js';
import { eventually, PATIENCE_MS } from './eventually.js';
import type { Ledger } from './ledger.js';
import type { Answer, Problem } from './visitor.js';

/** A digest that failed or fell with its worker is held again by a sweep, one a minute, once its lock of 20 s has run out. */
export const TOLD_WITHIN_MS = 120_000;

/** A promise that was not kept: its number, and what is there instead. */
export type Broken = string;

/**
 * Whether nothing was lost and nothing doubled, whatever happened: an empty list says so. Knows no store's own numbers, so that the events
 * may be anywhere.
 */
export async function broken(place: { databaseUrl: string; eventStoreUrl?: string }, ledger: Ledger): Promise<Broken[]> {
  const store = await openEventStore(place.eventStoreUrl ?? place.databaseUrl);
  const db = await new DataSource({ ...databaseOptions(place.databaseUrl), entities: ENTITIES }).initialize();
  try {
    const { events, untold } = await allTold(store, db);
    return [...inLog(events, ledger), ...(await inViews(events, db)), ...untold, ...inFailures(ledger.failures)];
  } finally {
    await db.destroy();
    await store.close();
  }
}

/** Everything there is, once each reminder in it was told as it should be; what is still wrong after `TOLD_WITHIN_MS` stays so. */
async function allTold(store: EventStore, db: DataSource) {
  for (const deadline = Date.now() + TOLD_WITHIN_MS; ; await wait(500)) {
    const events = await caughtUp(store, db);
    const untold = await inReminders(events, db);
    if (untold.length === 0 || Date.now() > deadline) return { events, untold };
  }
}

/** Everything there is, as soon as the views have taken it in. */
export async function caughtUp(store: EventStore, db: DataSource, withinMs = PATIENCE_MS): Promise<Recorded[]> {
  const names = VIEWS.map(({ name }) => name);
  let missing = '';
  return eventually(
    async () => {
      const head = await store.head();
      const places = new Map((await db.manager.find(Checkpoint)).map((place) => [place.view, place]));
      const behind = names.filter((name) => (places.get(name)?.position ?? '') < (head ?? ''));
      missing = `of ${head}: ${JSON.stringify(behind.map((name) => places.get(name)))}`;
      if (behind.length > 0) return null;
      const events = await everything(store, null, 2_000);
      return (events.at(-1)?.position ?? null) === head && events;
    },
    'the views caught up',
    withinMs,
  ).catch((error: Error) => {
    throw new Error(`${error.message} ${missing}`);
  });
}

/** I1: each acknowledged command is there once, where it was said to be. I2: no id twice. I3: the others once or never. I4: no gaps. */
export function inLog(events: readonly Recorded[], { sent, acknowledged, unknown, refused }: Ledger): Broken[] {
  const found: Broken[] = [];
  const keys = new Map([...sent].map(([key, { commandId, records }]) => [`${commandId} ${records}`, key]));
  const times = new Map<string, number>();
  const ids = new Set<string>();
  const places = new Set<string>();
  const lengths = new Map<string, bigint>();
  let last = '';
  for (const { id, commandId, type, stream, revision, position } of events) {
    const key = keys.get(`${commandId} ${type}`);
    if (key !== undefined) times.set(key, (times.get(key) ?? 0) + 1);
    if (ids.has(id)) found.push(`I2 the event ${id} is there twice`);
    ids.add(id);
    places.add(`${position} ${stream} ${revision}`);
    const length = lengths.get(stream) ?? 0n;
    if (revision !== length) found.push(`I4 ${stream} goes on with ${revision} after ${length - 1n}`);
    lengths.set(stream, revision + 1n);
    if (position <= last) found.push(`I4 ${position} comes after ${last}`);
    last = position;
  }
  const streamsOf = new Map([...lengths.keys()].map((stream) => [stream.slice(stream.indexOf('-') + 1), stream]));
  for (const [key, { id, revision, position }] of acknowledged) {
    if (times.get(key) !== 1) found.push(`I1 ${key} was acknowledged and is there ${times.get(key) ?? 0} times`);
    if (!places.has(`${position} ${streamsOf.get(id)} ${revision}`)) found.push(`I1 ${key} is not at ${position}, ${revision} of ${id}`);
  }
  for (const key of unknown) if ((times.get(key) ?? 0) > 1) found.push(`I3 ${key} is there ${times.get(key)} times`);
  for (const key of refused) if (times.has(key)) found.push(`I3 ${key} was refused and is there`);
  return found;
}

/** I5: every row, every version of one and every counter as if folded afresh, and nothing passed over. */
export async function inViews(events: readonly Recorded[], db: DataSource, views: readonly AnyView[] = VIEWS): Promise<Broken[]> {
  const found: Broken[] = [];
  for (const view of views) {
    const { rows, versions } = new Tables(db, LIVE, view);
    const fresh = foldRows<Row, never>(view, [], events);
    found.push(...differences(view.name, await db.query<Row[]>(`select * from ${rows}`), fresh.after.values(), ({ id }) => id));
    if (view.versioned) {
      const all = fresh.versions.map(({ row, from }) => ({ ...row, from }));
      found.push(
        ...differences(view.name, await db.query<typeof all>(`select * from ${versions}`), all, ({ id, from }) => `${id} from ${from}`),
      );
    }
    const counted = new Map<string, number>();
    for (const row of fresh.after.values()) for (const key of view.tally?.(row) ?? []) counted.set(key, (counted.get(key) ?? 0) + 1);
    const tally = [...counted].map(([key, n]) => ({ key: `${view.name}:${key}`, n }));
    const kept = await db.query<typeof tally>('select key, n from app.tally where n <> 0 and starts_with(key, $1)', [`${view.name}:`]);
    found.push(...differences('counter', kept, tally, ({ key }) => key));
  }
  const parked = await db.query<{ view: string; stream: string; error: string }[]>('select view, stream, error from app.parked');
  return [...found, ...parked.map(({ view, stream, error }) => `I5 ${view} has parked ${stream}: ${error}`)];
}

type Row = { id: string };

function differences<R extends object>(what: string, live: readonly R[], fresh: Iterable<R>, keyOf: (row: R) => string): Broken[] {
  const found: Broken[] = [];
  const left = new Map(live.map((row) => [keyOf(row), row]));
  for (const row of fresh) {
    const [key, is] = [keyOf(row), left.get(keyOf(row))];
    if (!is || !(isDeepStrictEqual(is, row) || isDeepStrictEqual(plain(is), plain(row))))
      found.push(`I5 ${what} ${key} is ${JSON.stringify(is)}, not ${JSON.stringify(row)}`);
    left.delete(key);
  }
  return [...found, ...[...left.keys()].map((key) => `I5 ${what} ${key} is one too many`)];
}

/** As JSON has it: instants as text, nothing undefined. */
const plain = (row: object) => JSON.parse(JSON.stringify(row)) as unknown;

type Item = { assignmentId: string; rule: string; on: string };
const keyOf = ({ assignmentId, rule, on }: Item) => `${rule} of ${on} for ${assignmentId}`;

/** I6: each reminder is recorded once, and told once to each whom its fact names. */
export async function inReminders(events: readonly Recorded[], db: DataSource): Promise<Broken[]> {
  const found: Broken[] = [];
  const facts = new Map<string, readonly string[]>();
  for (const { type, stream, data } of events) {
    if (type !== 'ReminderSent') continue;
    const { to, ...named } = data as Pick<ReminderRow, 'rule' | 'on' | 'to'>;
    const key = keyOf({ ...named, assignmentId: stream.slice(stream.indexOf('-') + 1) });
    if (facts.has(key)) found.push(`I6 ${key} is recorded twice`);
    facts.set(key, to);
  }
  const told = new Map<string, number>();
  const messages = await db.query<{ accountId: string; items: Item[] }[]>('select "accountId", items from app.inbox');
  for (const { accountId, items } of messages)
    for (const item of items) told.set(`${keyOf(item)} to ${accountId}`, (told.get(`${keyOf(item)} to ${accountId}`) ?? 0) + 1);
  for (const [key, to] of facts)
    for (const accountId of to) {
      const times = told.get(`${key} to ${accountId}`) ?? 0;
      if (times !== 1) found.push(`I6 ${key} was told ${times} times to ${accountId}`);
      told.delete(`${key} to ${accountId}`);
    }
  return [...found, ...[...told.keys()].map((key) => `I6 ${key} was told without a fact`)];
}

/** I8: every failure says what it is in the one form, says when to come back if that helps, and tells nothing of the inside. */
export function inFailures(failures: readonly Answer<Problem>[]): Broken[] {
  const found: Broken[] = [];
  for (const { status, headers, body } of failures) {
    const says = (what: string) => found.push(`I8 ${what}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
    if (!headers.get('content-type')?.startsWith('application/problem+json')) says('no problem+json');
    if (status === 500) says('nobody foresaw it');
    if (!/^[\w-]+(\.[\w-]+)+$/.test(body.code) || body.title === body.code || !/^[0-9a-f]{32}$/.test(body.traceId))
      says('no code, sentence or trace');
    if ((status === 503 || status === 507) && !/^\d+$/.test(headers.get('retry-after') ?? '')) says('not when to come back');
    if (/\bat .+:\d+:\d+|node_modules|insert into|select /i.test(JSON.stringify(body))) says('tells of the inside');
  }
  return found;
}
