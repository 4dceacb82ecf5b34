import type { Actor } from '@app/domain/actor.js';
import type { Message } from '@app/domain/decider.js';
import {
  type Appended,
  type Envelope,
  EventStore,
  type NewEvent,
  type Position,
  type Recorded,
  StoreError,
  StreamMoved,
} from './event-store.js';
import { following, type Log } from './following.js';
import { Numbering } from './position.js';
import { demand, type ValidAppend, validateAppend } from './validate-append.js';

const numbering = new Numbering('m1');

type Kept = Readonly<{ append: ValidAppend; nth: number; revision: bigint; position: Position }>;

/** A log that lives as long as the process: for tests and trials, with the rules of the real ones. */
export class MemoryEventStore extends EventStore {
  override readonly mark = numbering.mark;
  private readonly log: Kept[] = [];
  private readonly streams = new Map<string, Kept[]>();
  private readonly closing = new AbortController();
  private readonly waiting = new Set<() => void>();

  override async read<E extends Message>(stream: string, from = 0n): Promise<Recorded<E>[]> {
    this.demandOpen();
    demand(from >= 0n, `no event has revision ${from}`);
    return (this.streams.get(stream) ?? []).slice(Number(from)).map((kept) => recorded(kept) as Recorded<E>);
  }

  override async append(
    stream: string,
    events: readonly NewEvent[],
    expected: bigint,
    envelope: Envelope,
    { signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<Appended> {
    this.demandOpen();
    const append = validateAppend(stream, events, expected, envelope);
    if (signal?.aborted) throw new StoreError('aborted', `append to ${stream}`, { cause: signal.reason });

    // No await between here and the last push, or two writers would both be right.
    const kept = this.streams.get(stream) ?? [];
    const actual = BigInt(kept.length) - 1n;
    if (actual !== expected) return firstResult(append, kept, actual);
    for (const nth of append.events.keys()) {
      const one = { append, nth, revision: expected + 1n + BigInt(nth), position: numbering.position(BigInt(this.log.length + 1)) };
      kept.push(one);
      this.log.push(one);
    }
    this.streams.set(stream, kept);
    for (const wake of this.waiting) wake();
    const { revision, position } = kept.at(-1)!;
    return { revision, position };
  }

  override async readAll(after: Position | null, limit: number): Promise<Recorded[]> {
    this.demandOpen();
    demand(Number.isInteger(limit) && limit > 0, `a page of ${limit} events`);
    const start = Number(numbering.number(after));
    return this.log.slice(start, start + limit).map(recorded);
  }

  override async head(): Promise<Position | null> {
    this.demandOpen();
    return this.log.at(-1)?.position ?? null;
  }

  override follow(options: { after: Position | null; signal: AbortSignal; batch?: number }) {
    const size = () => this.log.length;
    const log: Log = {
      page: (after, limit) => this.readAll(after, limit),
      get news() {
        return size();
      },
      longerThan: (_, known, signal) => (size() === known ? this.next(signal) : Promise.resolve()),
    };
    return following(log, options, this.closing.signal);
  }

  override async describe() {
    return 'memory of this process, lost when it ends';
  }

  override async close() {
    this.closing.abort();
  }

  /** Settles with the next append, or when `signal` aborts. */
  private next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.waiting.add(wake);
      signal.addEventListener('abort', wake);
      if (signal.aborted) wake();
    });
  }

  private demandOpen() {
    if (this.closing.signal.aborted) throw new StoreError('closed', 'the event store was closed');
  }
}

/** The answer to an append whose events are all there already, where it would have put them. */
function firstResult({ stream, expected, events }: ValidAppend, kept: readonly Kept[], actual: bigint): Appended {
  const there = kept.slice(Number(expected) + 1, Number(expected) + 1 + events.length);
  const same = expected < actual && events.every(({ id }, n) => there[n]?.append.events[there[n].nth]!.id === id);
  if (!same) throw new StreamMoved(stream, expected, actual);
  const { revision, position } = there.at(-1)!;
  return { revision, position };
}

/** Parsed at every read, as from a real store, so that no reader can change what another will see. */
function recorded({ append: { stream, events, by, at, commandId }, nth, revision, position }: Kept): Recorded {
  const { id, type, body } = events[nth]!;
  return { stream, revision, position, id, type, data: JSON.parse(body), by: JSON.parse(by) as Actor, at: new Date(at), commandId };
}
