import { randomUUID } from 'node:crypto';
import {
  type Batch,
  type Envelope,
  type EventStore,
  type NewEvent,
  NO_STREAM,
  type Position,
  type Recorded,
  StoreError,
} from './event-store.js';

/** What the contract needs to know of an adapter. */
export type Subject = Readonly<{
  /** One more adapter, as another process would have it: on the same log when the subject is `shared`. The log may hold other events. */
  open(): EventStore;
  /** An adapter that finds its server at this port of 127.0.0.1, and where that server really is. For `line`. */
  openAt?(port: number): EventStore;
  server?: Readonly<{ host: string; port: number }>;
  /** Ends the server as a crash does and starts it again. For `crash`. */
  crash?(): Promise<void>;
  end?(): Promise<void>;
}>;

/** Cases are left out, visibly, where an adapter has no shared log or its server cannot be disturbed. */
export type Faculty = 'shared' | 'line';

export type Given = Readonly<{
  /** Open during the whole contract. */
  readonly store: EventStore;
  readonly subject: Subject;
  /** Adapters that are closed at the end of the contract. */
  borrow(store: EventStore): EventStore;
}>;

export const envelope: Envelope = {
  by: { accountId: randomUUID(), name: '经办人', unitId: randomUUID(), unitName: '科技处', roles: ['member'] },
  at: new Date('2026-11-23T09:30:00.123Z'),
  commandId: 'a command',
};

export const aStream = () => `letter-${randomUUID()}`;

export const anEvent = (data: unknown = { text: '督办' }, id: string = randomUUID()): NewEvent => ({
  id,
  type: 'LetterWritten',
  data: data as object,
});

export const events = (count: number) => Array.from({ length: count }, (_, n) => anEvent({ n }));

/** Appends one event after another and answers the revision of the last. */
export async function write(store: EventStore, stream: string, count: number, expected = NO_STREAM): Promise<bigint> {
  let revision = expected;
  for (let n = 0; n < count; n++) revision = (await store.append(stream, [anEvent({ n })], revision, envelope)).revision;
  return revision;
}

/** The same over lines that break: what got no answer in its time is asked for again, event and revision as they were. */
export async function writeAnyhow(store: EventStore, stream: string, count: number): Promise<void> {
  let revision = NO_STREAM;
  for (let event = anEvent({ n: 0 }), n = 0; n < count;)
    try {
      ({ revision } = await store.append(stream, [event], revision, envelope));
      event = anEvent({ n: ++n });
    } catch (error) {
      if (!(error instanceof StoreError && error.retryable)) throw error;
    }
}

/** Everything after `after`, read by pages of `size`. */
export async function everything(store: EventStore, after: Position | null, size = 500): Promise<Recorded[]> {
  const all: Recorded[] = [];
  for (;;) {
    const page = await store.readAll(all.at(-1)?.position ?? after, size);
    all.push(...page);
    if (page.length < size) return all;
  }
}

/** Follows until `enough` says so of what has come; gives up, with what there is, when that takes too long. */
export async function followed(
  store: EventStore,
  options: { after: Position | null; batch?: number },
  enough: (events: readonly Recorded[], batch: Batch) => boolean,
  patienceMs = 45_000,
): Promise<Recorded[]> {
  const all: Recorded[] = [];
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), patienceMs);
  try {
    for await (const batch of store.follow({ ...options, signal: stop.signal })) {
      all.push(...batch.events);
      if (enough(all, batch)) break;
    }
  } finally {
    clearTimeout(late);
  }
  return all;
}

export const idsOf = (list: readonly Readonly<{ id: string }>[]) => list.map(({ id }) => id);
