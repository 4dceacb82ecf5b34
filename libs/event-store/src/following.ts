import { type Batch, type EventStore, type Position, type Recorded, StoreError } from './event-store.js';
import { demand } from './validate-append.js';

export const DEFAULT_BATCH = 500;

/** What following needs of a store. `signal` ends a call early; its rejection then does not matter. */
export interface Log {
  page(after: Position | null, limit: number, signal: AbortSignal): Promise<Recorded[]>;
  /** Grows whenever the log may have grown. */
  readonly news: number;
  /** Settles when the log is longer than `after`, at once when `news` is no longer `known`. */
  longerThan(after: Position | null, known: number, signal: AbortSignal): Promise<void>;
}

type Options = Parameters<EventStore['follow']>[0];

/** The loop behind `EventStore.follow`: `signal` ends it in peace, `closing` with `StoreError`. */
export async function* following(
  log: Log,
  { after, signal, batch = DEFAULT_BATCH }: Options,
  closing: AbortSignal,
): AsyncGenerator<Batch, void> {
  demand(Number.isInteger(batch) && batch > 0, `a batch of ${batch} events`);
  const [ended, end] = either(signal, closing);
  const ask = () => ({ known: log.news, page: quietly(log.page(last, batch, ended)) });
  let last = after;
  let current = false;
  let ahead: ReturnType<typeof ask> | null = null;
  try {
    while (!ended.aborted) {
      const { known, page }: ReturnType<typeof ask> = ahead ?? ask();
      const events = await page;
      ahead = null;
      if (ended.aborted) break;
      last = events.at(-1)?.position ?? last;
      const caughtUp = events.length < batch;
      if (!caughtUp) ahead = ask();
      if (events.length > 0 || !current) {
        current = caughtUp;
        yield { events, caughtUp };
      } else {
        await log.longerThan(last, known, ended);
      }
    }
  } catch (error) {
    if (!ended.aborted) throw error;
  } finally {
    // A page may still be on its way, and would be asked for until it comes.
    end();
  }
  if (!signal.aborted) throw new StoreError('closed', 'the event store was closed');
}

/** A page read ahead may fail before anybody asks for it, or when nobody will. */
function quietly<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/**
 * Aborts with the first of them, or by `end`. Not `AbortSignal.any`, which some versions of Node 20 let the garbage collector take
 * before it fires.
 */
export function either(...signals: readonly AbortSignal[]): [signal: AbortSignal, end: () => void] {
  const any = new AbortController();
  const end = () => {
    for (const signal of signals) signal.removeEventListener('abort', end);
    any.abort();
  };
  for (const signal of signals) signal.addEventListener('abort', end);
  if (signals.some((signal) => signal.aborted)) end();
  return [any.signal, end];
}

/** Rejects as soon as `signal` aborts, whatever becomes of the work. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new StoreError('aborted', 'nobody follows any more'));
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
