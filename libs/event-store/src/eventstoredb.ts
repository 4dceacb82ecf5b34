import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '@app/domain/decider.js';
import { backoff, ignore } from './backoff.js';
import {
  type Appended,
  type Batch,
  type Envelope,
  EventStore,
  type NewEvent,
  type Position,
  type Recorded,
  StoreError,
  StreamMoved,
} from './event-store.js';
import { Line } from './eventstoredb-line.js';
import { allRequest, CallFailed, ours, placeOf, streamRequest, verdictOf } from './eventstoredb-messages.js';
import { EventStoreDBNews } from './eventstoredb-news.js';
import { following, untilAborted } from './following.js';
import { demand, type ValidAppend, validateAppend } from './validate-append.js';

const defaults = {
  /** A read that fails for a passing reason is repeated for so long. */
  patienceMs: 5_000,
  /** A connection that says nothing for so long is taken for dead. The server gives an append of its own 2 s. */
  silenceMs: 3_000,
};

const MOST_AT_ONCE = 4_000;

/** What an append knows of itself when its time is up. */
type Progress = { sent: boolean; mayBeWritten: boolean };

/** Where a follower's search for its next event has come to, over events that are not ours. */
type Bookmark = { of: Position | null; seen: Position | null };

/** The store of facts in EventStoreDB 23.10 or later, or KurrentDB: `esdb://`, `esdb+discover://`, `kurrentdb://`. */
export class EventStoreDBEventStore extends EventStore {
  private readonly times: typeof defaults;
  private line: Promise<Line> | null = null;
  private readonly news = new EventStoreDBNews(() => this.current());
  private readonly closing = new AbortController();
  private readonly underWay = new Set<Promise<unknown>>();
  private closed: Promise<void> | null = null;

  constructor(
    private readonly url: string,
    times: Partial<typeof defaults> = {},
  ) {
    super();
    this.times = { ...defaults, ...times };
  }

  override async read<E extends Message>(stream: string, from = 0n): Promise<Recorded<E>[]> {
    demand(from >= 0n, `no event has revision ${from}`);
    const replies = await this.patiently((line, signal) => line.read(streamRequest(stream, from, 0x7fffffff), signal));
    return replies.filter(ours) as Recorded<E>[];
  }

  override async append(
    stream: string,
    events: readonly NewEvent[],
    expected: bigint,
    envelope: Envelope,
    { timeoutMs = 5_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<Appended> {
    this.demandOpen();
    const append = validateAppend(stream, events, expected, envelope);
    const aborted = () => new StoreError('aborted', `append to ${stream}`, { cause: signal?.reason });
    if (signal?.aborted) throw aborted();

    const progress: Progress = { sent: false, mayBeWritten: false };
    const stop = new AbortController();
    const appending = new Promise<Appended>((resolve, reject) => {
      const abort = () => reject(aborted());
      const late = setTimeout(() => reject(overdue(append, progress, timeoutMs)), timeoutMs);
      signal?.addEventListener('abort', abort);
      this.appendPatiently(append, progress, stop.signal).then(resolve, reject);
      stop.signal.addEventListener('abort', () => {
        clearTimeout(late);
        signal?.removeEventListener('abort', abort);
      });
    }).finally(() => {
      stop.abort();
      this.underWay.delete(appending);
    });
    this.underWay.add(appending);
    return appending;
  }

  override async readAll(after: Position | null, limit: number): Promise<Recorded[]> {
    return this.page({ of: after, seen: after }, limit, this.closing.signal, this.times.patienceMs);
  }

  override async head(): Promise<Position | null> {
    for (let count = 1; ; count *= 16) {
      const replies = await this.patiently((line, signal) => line.read(allRequest('end', count), signal));
      const event = replies.find(ours);
      if (event) return event.position;
      if (replies.length < count) return null;
    }
  }

  override async *follow(options: { after: Position | null; signal: AbortSignal; batch?: number }): AsyncGenerator<Batch, void> {
    const { news } = this;
    this.demandOpen();
    const mark: Bookmark = { of: options.after, seen: options.after };
    const leave = news.join(options.signal);
    try {
      const log = {
        page: (after: Position | null, limit: number, signal: AbortSignal) => {
          if (mark.of !== after) Object.assign(mark, { of: after, seen: after });
          return untilAborted(this.page(mark, limit, signal, Infinity), signal);
        },
        get news() {
          return news.heard;
        },
        longerThan: (_: Position | null, known: number, signal: AbortSignal) => news.after(known, signal),
      };
      yield* following(log, options, this.closing.signal);
    } finally {
      leave();
    }
  }

  override async describe(): Promise<string> {
    const [version, nodes] = await this.patiently(async (line) => [line.version, await line.nodes()] as const);
    return `EventStoreDB ${version}, ${nodes.join(', ') || 'no node alive'}`;
  }

  override close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  private async end() {
    this.closing.abort();
    this.news.close();
    await Promise.allSettled(this.underWay);
    const line = await this.line?.catch(ignore);
    line?.break(new StoreError('closed', 'the event store was closed'));
  }

  private demandOpen() {
    if (this.closing.signal.aborted) throw new StoreError('closed', 'the event store was closed');
  }

  /** The line there is, or a new one when that is broken. */
  private async current(): Promise<Line> {
    const before = this.line;
    if (before) {
      const line = await before.catch(() => null);
      if (line && !line.broken) return line;
      if (this.line !== before) return this.current();
    }
    this.line = Line.open(this.url, this.times.silenceMs);
    const line = await this.line;
    if (this.closing.signal.aborted && this.underWay.size === 0) line.break(new Error('closed'));
    return line;
  }

  /** A call until it succeeds, as long as the failure may pass; then `unavailable`. */
  private async patiently<T>(
    call: (line: Line, signal: AbortSignal) => Promise<T>,
    signal = this.closing.signal,
    patienceMs = this.times.patienceMs,
  ): Promise<T> {
    this.demandOpen();
    const deadline = Date.now() + patienceMs;
    for (let attempt = 0; ; attempt++) {
      try {
        return await call(await this.current(), signal);
      } catch (error) {
        if (!(error instanceof CallFailed)) throw error;
        if (signal.aborted) throw new StoreError('closed', 'the event store was closed', { cause: error.cause });
        if (error.aftermath === 'wrong') throw error.cause;
        const pause = backoff(attempt);
        if (Date.now() + pause > deadline)
          throw new StoreError('unavailable', `the event store does not answer: ${error.message}`, { cause: error.cause });
        await sleep(pause, undefined, { signal }).catch(ignore);
      }
    }
  }

  /** At most `limit` events after the bookmark, which moves over those that are not ours. */
  private async page(mark: Bookmark, limit: number, signal: AbortSignal, patienceMs: number): Promise<Recorded[]> {
    demand(Number.isInteger(limit) && limit > 0, `a page of ${limit} events`);
    const found: Recorded[] = [];
    for (let count = limit; ; count = Math.min(MOST_AT_ONCE, count * 2)) {
      const from = mark.seen;
      const replies = await this.patiently(
        (line, stop) => line.read(allRequest(placeOf(from), from === null ? count : count + 1), stop),
        signal,
        patienceMs,
      );
      // Reading starts at the place itself.
      const fresh = from !== null && replies[0] && positionOf(replies[0]) === from ? replies.slice(1) : replies;
      for (const seen of fresh) {
        if (ours(seen)) found.push(seen);
        if (found.length === limit) return found;
      }
      if (fresh.length > 0) mark.seen = positionOf(fresh.at(-1)!);
      if (fresh.length < count) return found;
    }
  }

  /** Repeats the identical append until there is a verdict or nobody waits for it any more. */
  private async appendPatiently(append: ValidAppend, progress: Progress, ended: AbortSignal): Promise<Appended> {
    for (let attempt = 0; ; attempt++) {
      try {
        const line = await this.current();
        if (ended.aborted) throw new StoreError('aborted', `append to ${append.stream}`);
        progress.sent = true;
        const verdict = verdictOf(append, await line.append(append));
        if (!(verdict instanceof StreamMoved)) return verdict;
        const first = progress.mayBeWritten ? await this.firstResult(append) : null;
        if (first) return first;
        throw verdict;
      } catch (error) {
        if (!(error instanceof CallFailed)) throw error;
        progress.sent = false;
        progress.mayBeWritten ||= error.aftermath === 'lost';
        if (error.aftermath === 'wrong') throw progress.mayBeWritten ? unknown(append, error.cause) : error.cause;
        if (this.closing.signal.aborted)
          throw progress.mayBeWritten ? unknown(append, error.cause) : new StoreError('closed', 'the event store was closed');
        await sleep(backoff(attempt), undefined, { signal: ended }).catch(ignore);
      }
    }
  }

  /** What an earlier try has written, if the stream holds exactly that where the append wanted it. */
  private async firstResult({ stream, expected, events }: ValidAppend): Promise<Appended | null> {
    const replies = await (await this.current()).read(streamRequest(stream, expected + 1n, events.length), this.closing.signal);
    const kept = replies.filter(ours);
    if (!events.every(({ id }, n) => kept[n]?.id === id)) return null;
    const { revision, position } = kept.at(-1)!;
    return { revision, position };
  }
}

const positionOf = (seen: Recorded | Position) => (ours(seen) ? seen.position : seen);

const unknown = ({ stream }: ValidAppend, cause?: unknown) =>
  new StoreError('outcome-unknown', `no reply to the append to ${stream}`, { cause });

const overdue = (append: ValidAppend, { sent, mayBeWritten }: Progress, timeoutMs: number) =>
  sent || mayBeWritten
    ? unknown(append)
    : new StoreError('unavailable', `the append to ${append.stream} found no way through within ${timeoutMs} ms`);
