import { setTimeout as sleep } from 'node:timers/promises';
import { backoff, ignore } from './backoff.js';
import { type Appended, StoreError, type StreamMoved } from './event-store.js';
import { CallFailed, unavailable } from './postgres-call.js';
import type { ValidAppend } from './validate-append.js';

/**
 * One transaction: a verdict for each append that `take` hands out, in order, within `patienceMs`. Calls `take` when nothing stands
 * between the appends and the store any more, once at most. Throws `CallFailed`.
 */
export type Commit = (take: () => Load) => Promise<readonly (Appended | StreamMoved)[]>;

/** Each stream occurs once. */
export type Load = Readonly<{ appends: readonly ValidAppend[]; patienceMs: number }>;

const MOST_APPENDS = 64;
const MOST_BYTES = 4 * 1024 * 1024;

type Waiting = {
  readonly append: ValidAppend;
  readonly deadline: number;
  readonly settle: (verdict: Appended | Error) => void;
  settled: boolean;
  sent: boolean;
  mayBeWritten: boolean;
  alone: boolean;
};

/**
 * Commits the appends that wait at the same time together: one flush to disk for all, a verdict for each.
 * One batch is under way at a time, since the head's lock lets no second one through; an append that finds none starts at once.
 */
export class AppendQueue {
  private waiting: Waiting[] = [];
  private running: Promise<void> | null = null;
  private readonly closing = new AbortController();

  constructor(private readonly commit: Commit) {}

  /** Settles within `timeoutMs`. A lost connection is bridged by sending the same again. */
  add(append: ValidAppend, timeoutMs: number, signal?: AbortSignal): Promise<Appended> {
    if (this.closing.signal.aborted) return Promise.reject(new StoreError('closed', 'the event store was closed'));
    if (signal?.aborted) return Promise.reject(new StoreError('aborted', `append to ${append.stream}`, { cause: signal.reason }));

    return new Promise((resolve, reject) => {
      const late = setTimeout(() => one.settle(overdue(one, timeoutMs)), timeoutMs);
      const abort = () => one.settle(new StoreError('aborted', `append to ${append.stream}`, { cause: signal?.reason }));
      const one: Waiting = {
        append,
        deadline: performance.now() + timeoutMs,
        settle: (verdict) => {
          if (one.settled) return;
          one.settled = true;
          clearTimeout(late);
          signal?.removeEventListener('abort', abort);
          if (verdict instanceof Error) reject(verdict);
          else resolve(verdict);
        },
        settled: false,
        sent: false,
        mayBeWritten: false,
        alone: false,
      };
      signal?.addEventListener('abort', abort);
      this.waiting.push(one);
      this.running ??= this.run();
    });
  }

  /** Appends not yet sent are refused, those under way get their verdict. */
  async close(): Promise<void> {
    this.closing.abort();
    for (const one of this.waiting) one.settle(closedOn(one));
    await this.running;
  }

  private async run(): Promise<void> {
    for (let failures = 0; ;) {
      // Everybody who was just answered, and everybody who asks in the same moment, gets on the same batch.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      this.waiting = this.waiting.filter((one) => !one.settled);
      if (this.waiting.length === 0) break;

      let batch: Waiting[] = [];
      const take = () => {
        batch = this.next();
        const patienceMs = Math.max(1, ...batch.map(({ deadline }) => deadline - performance.now()));
        return { appends: batch.map(({ append }) => append), patienceMs };
      };
      try {
        const verdicts = await this.commit(take);
        failures = 0;
        for (const [n, one] of batch.entries()) one.settle(verdicts[n]!);
      } catch (error) {
        if (this.again(batch, error)) await sleep(backoff(failures++), undefined, { signal: this.closing.signal }).catch(ignore);
      }
    }
    this.running = null;
  }

  /** The oldest that may go together, taken out of the queue. */
  private next(): Waiting[] {
    const batch: Waiting[] = [];
    const rest: Waiting[] = [];
    const streams = new Set<string>();
    let bytes = 0;
    for (const one of this.waiting) {
      if (one.settled) continue;
      const { stream } = one.append;
      const fits = batch.length < MOST_APPENDS && bytes + one.append.bytes <= MOST_BYTES && !batch[0]?.alone;
      if (batch.length > 0 && (!fits || one.alone || streams.has(stream))) rest.push(one);
      else {
        batch.push(one);
        bytes += one.append.bytes;
        one.sent = true;
      }
      // Also of one left behind: nobody overtakes on the same stream.
      streams.add(stream);
    }
    this.waiting = rest;
    return batch;
  }

  /** Puts the batch back in front, or settles those for whom another try is useless. Whether to pause before it. */
  private again(batch: readonly Waiting[], error: unknown): boolean {
    const failure = error instanceof CallFailed ? error : new CallFailed('wrong', error);
    const open = batch.filter((one) => !one.settled);
    for (const one of open) {
      one.sent = false;
      one.mayBeWritten ||= failure.aftermath === 'lost';
    }
    if (failure.passing) {
      if (this.closing.signal.aborted) for (const one of open) one.settle(closedOn(one));
      else this.waiting.unshift(...open);
      return true;
    }
    // One of them spoils the transaction of all: each by itself shows which.
    if (failure.aftermath === 'wrong' && batch.length > 1) {
      for (const one of open) one.alone = true;
      this.waiting.unshift(...open);
      return false;
    }
    const hopeless = batch.length > 0 ? open : this.waiting.splice(0);
    for (const one of hopeless) one.settle(refusal(one, failure));
    return false;
  }
}

const unknown = ({ append }: Waiting, cause?: unknown) =>
  new StoreError('outcome-unknown', `no reply to the append to ${append.stream}`, { cause });

/** Nothing was written this time, but an earlier try may have been. */
function refusal(one: Waiting, failure: CallFailed): Error {
  if (one.mayBeWritten) return unknown(one, failure.cause);
  return failure.aftermath === 'full' ? unavailable(failure) : asError(failure.cause);
}

const closedOn = (one: Waiting) => (one.mayBeWritten ? unknown(one) : new StoreError('closed', 'the event store was closed'));

const overdue = (one: Waiting, timeoutMs: number) =>
  one.sent || one.mayBeWritten
    ? unknown(one)
    : new StoreError('unavailable', `the append to ${one.append.stream} found no way through within ${timeoutMs} ms`);

const asError = (cause: unknown) => (cause instanceof Error ? cause : new Error(String(cause)));
