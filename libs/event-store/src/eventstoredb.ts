import { setMaxListeners } from 'node:events';
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
import { ALL, allRequest, CallFailed, MARK, NAMESPACED, ours, streamRequest, verdictOf } from './eventstoredb-messages.js';
import { EventStoreDBNews } from './eventstoredb-news.js';
import type { Reading } from './eventstoredb-reading.js';
import { settingsOf } from './eventstoredb-url.js';
import { either, following, untilAborted } from './following.js';
import { demand, type ValidAppend, validateAppend } from './validate-append.js';

const defaults = {
  /** A read that fails for a passing reason is repeated for so long. */
  patienceMs: 5_000,
  /** A connection that says nothing for so long is taken for dead. The server gives an append of its own 2 s. */
  silenceMs: 3_000,
};

/**
 * The nodes of a cluster name a leader that has fallen silent until they have elected another: better to ask again soon. Where a line
 * cannot be opened so fast, it is the network that is slow.
 */
const OPEN_MS = 1_500;
const SHORT_TRIES = 8;

/** What an append knows of itself when its time is up; `over` when nobody waits for it any more. */
type Progress = { sent: boolean; mayBeWritten: boolean; over: boolean };

/** Where a search for the next events has come to, over events that are not ours, and the read that may go on from there. */
type Bookmark = { seen: Position | null; reading: Reading | null };

/** The store of facts in EventStoreDB 23.10 or later, or KurrentDB: `esdb://`, `esdb+discover://`, `kurrentdb://`. */
export class EventStoreDBEventStore extends EventStore {
  override readonly mark = MARK;
  private readonly times: typeof defaults;
  private line: Promise<Line> | null = null;
  /** Lines since the last that could be opened. */
  private unopened = 0;
  /** Before the names of our streams on the server. */
  private readonly prefix: string;
  private readonly news: EventStoreDBNews;
  private readonly closing = new AbortController();
  private readonly underWay = new Set<Promise<unknown>>();
  private closed: Promise<void> | null = null;

  constructor(
    private readonly url: string,
    times: Partial<typeof defaults> = {},
  ) {
    super();
    this.times = { ...defaults, ...times };
    this.prefix = settingsOf(url).prefix;
    // Every call under way listens to its end.
    setMaxListeners(0, this.closing.signal);
    this.news = new EventStoreDBNews(() => this.current(), this.prefix);
  }

  override async read<E extends Message>(stream: string, from = 0n): Promise<Recorded<E>[]> {
    demand(from >= 0n, `no event has revision ${from}`);
    const replies = await this.patiently((line, signal) => line.read(streamRequest(this.prefix + stream, from, ALL), signal));
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
    demand(!NAMESPACED.test(stream), `${stream} looks as if it were another province's`);
    const aborted = () => new StoreError('aborted', `append to ${stream}`, { cause: signal?.reason });
    if (signal?.aborted) throw aborted();

    const progress: Progress = { sent: false, mayBeWritten: false, over: false };
    let giveUp!: (error: StoreError) => void;
    const givenUp = new Promise<never>((_, reject) => (giveUp = reject));
    const abort = () => giveUp(aborted());
    const late = setTimeout(() => giveUp(overdue(append, progress, timeoutMs)), timeoutMs);
    signal?.addEventListener('abort', abort);
    const appending = Promise.race([this.appendPatiently(append, progress), givenUp]).finally(() => {
      progress.over = true;
      clearTimeout(late);
      signal?.removeEventListener('abort', abort);
      this.underWay.delete(appending);
    });
    this.underWay.add(appending);
    return appending;
  }

  override async readAll(after: Position | null, limit: number): Promise<Recorded[]> {
    const mark: Bookmark = { seen: after, reading: null };
    try {
      return await this.page(mark, limit, limit + 1, this.closing.signal, this.times.patienceMs);
    } finally {
      mark.reading?.leave();
    }
  }

  override async head(): Promise<Position | null> {
    for (let count = 1; ; count *= 16) {
      const replies = await this.patiently((line, signal, searches) => line.read(allRequest('end', count, this.prefix), signal, searches));
      const event = replies.find(ours);
      if (event) return event.position;
      if (replies.length < count) return null;
    }
  }

  override async *follow(options: { after: Position | null; signal: AbortSignal; batch?: number }): AsyncGenerator<Batch, void> {
    const { news } = this;
    this.demandOpen();
    const mark: Bookmark = { seen: options.after, reading: null };
    const leave = news.join(options.signal);
    try {
      const log = {
        page: (_: Position | null, limit: number, signal: AbortSignal) =>
          untilAborted(this.page(mark, limit, ALL, signal, Infinity), signal),
        get news() {
          return news.heard;
        },
        longerThan: (_: Position | null, known: number, signal: AbortSignal) => news.after(known, signal),
      };
      yield* following(log, options, this.closing.signal);
    } finally {
      mark.reading?.leave();
      leave();
    }
  }

  override async describe(): Promise<string> {
    const [version, nodes] = await this.patiently(async (line) => [line.version, await line.nodes()] as const);
    const product = Number.parseInt(version, 10) >= 25 ? 'KurrentDB' : 'EventStoreDB';
    return `${product} ${version}, ${nodes.join(', ') || 'no node alive'}`;
  }

  override close(): Promise<void> {
    this.closed ??= this.finish();
    return this.closed;
  }

  private async finish() {
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
    const { silenceMs } = this.times;
    this.line = Line.open(this.url, this.unopened < SHORT_TRIES ? Math.min(OPEN_MS, silenceMs) : silenceMs, silenceMs);
    this.unopened++;
    const line = await this.line;
    this.unopened = 0;
    if (this.closing.signal.aborted && this.underWay.size === 0) line.break(new Error('closed'));
    return line;
  }

  /** A call until it succeeds, as long as the failure may pass; `unavailable` when `patienceMs` are over, whatever it is doing then. */
  private async patiently<T>(
    call: (line: Line, signal: AbortSignal, searches: () => void) => Promise<T>,
    signal = this.closing.signal,
    patienceMs = this.times.patienceMs,
  ): Promise<T> {
    this.demandOpen();
    const [ended, end] = either(signal);
    const late = Number.isFinite(patienceMs) ? setTimeout(end, patienceMs) : undefined;
    // A search through the events of others has all its time anew whenever the server shows that it is still at it.
    const searches = () => void (ended.aborted || late?.refresh());
    // What is kept for the next call must not end with this one.
    const asked = late ? ended : signal;
    let failure: unknown = new Error(`no reply within ${patienceMs} ms`);
    try {
      for (let attempt = 0; ; attempt++) {
        try {
          return await untilAborted(
            this.current().then((line) => call(line, asked, searches)),
            ended,
          );
        } catch (error) {
          if (signal.aborted) throw new StoreError('closed', 'the event store was closed', { cause: error });
          if (!ended.aborted && !(error instanceof CallFailed)) throw error;
          if (error instanceof CallFailed && error.aftermath === 'wrong') throw error.cause;
          if (error instanceof CallFailed) failure = error.cause;
        }
        await sleep(backoff(attempt), undefined, { signal: ended }).catch(ignore);
        if (ended.aborted)
          throw new StoreError('unavailable', `the event store does not answer: ${messageOf(failure)}`, { cause: failure });
      }
    } finally {
      clearTimeout(late);
      end();
    }
  }

  /**
   * At most `limit` events after the bookmark, which moves over those that are not ours. Fewer only when nothing newer was there.
   * A read asks for `count` events, and for more the next time if too few of them were ours.
   */
  private async page(mark: Bookmark, limit: number, count: number, signal: AbortSignal, patienceMs: number): Promise<Recorded[]> {
    demand(Number.isInteger(limit) && limit > 0, `a page of ${limit} events`);
    const found: Recorded[] = [];
    let asked = count;
    for (let fresh = false; found.length < limit && !fresh; asked = Math.min(ALL, asked * 4)) {
      const take = async (line: Line, stop: AbortSignal, searches: () => void) => {
        const { reading: before } = mark;
        mark.reading = null;
        // Where the events of others end, for the next search to begin there.
        const end = before || !this.prefix ? null : await this.end(line, stop);
        const reading = before ?? line.open(mark.seen, asked, stop, searches);
        found.push(...(await reading.take(limit - found.length)));
        mark.seen = reading.seen ?? mark.seen;
        // A read that began earlier may have ended before what has come since.
        fresh = reading.ended && reading.heard < asked && before === null;
        if (!reading.ended) mark.reading = reading;
        else if (fresh && end !== null && (mark.seen ?? '') < end) mark.seen = end;
      };
      await this.patiently(take, signal, patienceMs);
    }
    return found;
  }

  private async end(line: Line, signal: AbortSignal): Promise<Position | null> {
    const [last] = await line.read(allRequest('end', 1), signal);
    return last === undefined ? null : ours(last) ? last.position : last;
  }

  /** Repeats the identical append until there is a verdict or nobody waits for it any more. */
  private async appendPatiently(append: ValidAppend, progress: Progress): Promise<Appended> {
    for (let attempt = 0; !progress.over; attempt++) {
      try {
        const line = await this.current();
        if (progress.over) break;
        progress.sent = true;
        const verdict = verdictOf(append, await line.append({ ...append, stream: this.prefix + append.stream }));
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
        await sleep(backoff(attempt), undefined, { ref: false });
      }
    }
    throw new StoreError('aborted', `append to ${append.stream}`);
  }

  /** What an earlier try has written, if the stream holds exactly that where the append wanted it. */
  private async firstResult({ stream, expected, events }: ValidAppend): Promise<Appended | null> {
    const replies = await (
      await this.current()
    ).read(streamRequest(this.prefix + stream, expected + 1n, events.length), this.closing.signal);
    const kept = replies.filter(ours);
    if (!events.every(({ id }, n) => kept[n]?.id === id)) return null;
    const { revision, position } = kept.at(-1)!;
    return { revision, position };
  }
}

const messageOf = (failure: unknown) => (failure instanceof Error ? failure.message : String(failure));

const unknown = ({ stream }: ValidAppend, cause?: unknown) =>
  new StoreError('outcome-unknown', `no reply to the append to ${stream}`, { cause });

const overdue = (append: ValidAppend, { sent, mayBeWritten }: Progress, timeoutMs: number) =>
  sent || mayBeWritten
    ? unknown(append)
    : new StoreError('unavailable', `the append to ${append.stream} found no way through within ${timeoutMs} ms`);
