import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '@app/domain/actor.js';
import { type Decider, decide, fold, type Message, Refused } from '@app/domain/decider.js';
import { idFrom } from '@app/domain/ids.js';

/** The expected revision of a stream that must not exist yet. */
export const NO_STREAM = -1n;

/**
 * Place in the log. Opaque; fixed-width digits behind the store's mark (`p1:00000000000000000042`),
 * so that positions of one store sort as text in the order of the log.
 */
export type Position = string;

/** What stands beside every event: who, when, and which command caused it. */
export type Envelope = Context & Readonly<{ commandId: string }>;

/** An event on its way into the store. `id` is a UUID and stays the same on every retry. */
export type NewEvent<E extends Message = Message> = E & Readonly<{ id: string }>;

/** An event as the store keeps it. */
export type Recorded<E extends Message = Message> = NewEvent<E> &
  Readonly<{ stream: string; revision: bigint; position: Position }> &
  Envelope;

export type Appended = Readonly<{ revision: bigint; position: Position }>;

/** One step of a follower: events in log order; `caughtUp` when nothing newer was there as the step was read. */
export type Batch = Readonly<{ events: readonly Recorded[]; caughtUp: boolean }>;

export const idOf = (stream: string) => stream.slice(stream.indexOf('-') + 1);

/** Somebody wrote to the stream after it was read. */
export class StreamMoved extends Error {
  constructor(
    readonly stream: string,
    readonly expected: bigint,
    readonly actual: bigint,
  ) {
    super(`${stream} is at ${actual}, not at ${expected}`);
  }
}

/**
 * What a store can say besides "moved". `unavailable`: nothing was written, ask again later. `outcome-unknown`: it may have been
 * written; the identical call (same ids, same expected revision) is safe. `aborted`: the caller gave up, whatever was written.
 * `closed`: nothing was written. The others are mistakes of the caller, found before anything is sent.
 */
export class StoreError extends Error {
  constructor(
    readonly code:
      | 'unavailable'
      | 'denied'
      | 'bad-address'
      | 'outcome-unknown'
      | 'closed'
      | 'aborted'
      | 'append-too-large'
      | 'invalid-argument'
      | 'invalid-position',
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
  get retryable() {
    // Who is not let in now may be once the server's administrator has put it right.
    return this.code === 'unavailable' || this.code === 'outcome-unknown' || this.code === 'denied';
  }
}

/** What `execute` did: the revision and position of the last event it recorded, or of the last there was when it had nothing to record. */
export type Outcome<E extends Message = Message> = Readonly<{ revision: bigint; position: Position | null; events: readonly E[] }>;

/** A command as it is asked: `id` makes a repetition harmless, `seen` is the revision the asker decided on. */
export type Request = Readonly<{ id: string; seen?: bigint }>;

/** A command that others overtake is decided again for at least so long, and at least so often. */
const TRIES_FOR_MS = 5_000;
const LEAST_TRIES = 10;
/** Growing, with jitter: those who meet at one stream come back one after the other. */
const pauseAfter = (attempt: number) => pause(Math.random() * Math.min(200, 2 ** attempt));

/** Who may not ask at all hears that first, not what others did meanwhile; of the rest, being overtaken comes before any other answer. */
function answerOf<E>(ask: () => E[], overtaken: StreamMoved | false): E[] {
  try {
    const events = ask();
    if (overtaken) throw overtaken;
    return events;
  } catch (error) {
    const stranger = error instanceof Refused && (error.kind === 'forbidden' || error.kind === 'missing');
    throw overtaken && !stranger ? overtaken : error;
  }
}

/** The store of facts. Every adapter passes `contract.ts`. */
export abstract class EventStore {
  /** What stands before the colon in its positions. Those of another mark mean nothing here. */
  abstract readonly mark: string;

  /** The stream's events from `from` on, oldest first; none when there is no such stream. */
  abstract read<E extends Message>(stream: string, from?: bigint): Promise<Recorded<E>[]>;

  /**
   * All or nothing. `StreamMoved` when the stream is not at `expected`; a repetition with the same ids and the same `expected`
   * answers as the first time and writes nothing. Settles within `timeoutMs` (default 5,000), bridging lost connections until then.
   * `data` must be plain JSON; members that are undefined count as absent. Throws `StoreError`.
   */
  abstract append(
    stream: string,
    events: readonly NewEvent[],
    expected: bigint,
    envelope: Envelope,
    options?: { timeoutMs?: number; signal?: AbortSignal },
  ): Promise<Appended>;

  /** At most `limit` events after `after` (exclusive; null = from the beginning), in log order. */
  abstract readAll(after: Position | null, limit: number): Promise<Recorded[]>;

  /** Where the newest event stands; null while there is none. */
  abstract head(): Promise<Position | null>;

  /**
   * All events after `after`, then live ones, in log order, each once, until `signal` aborts, which ends it without an error.
   * Survives a lost store; only `close()` makes it throw. A batch without events says only that the follower has caught up.
   * When more is there, the next batch is read while the caller handles this one; at most one is waiting.
   */
  abstract follow(options: { after: Position | null; signal: AbortSignal; batch?: number }): AsyncIterable<Batch>;

  /** The store's product and version, for `duban doctor`. */
  abstract describe(): Promise<string>;

  abstract close(): Promise<void>;

  /**
   * Loads the stream, asks the decider, appends its answer. `context` may depend on the loaded state.
   * A lost race is decided again on the newer facts, unless the caller said which revision it saw.
   * The same request asked twice records once and answers the same.
   */
  async execute<S, C extends Message, E extends Message, X extends Context>(
    decider: Decider<S, C, E, X>,
    id: string,
    command: C,
    context: X | ((state: S) => Promise<X>),
    request: Request,
  ): Promise<Outcome<E>> {
    const stream = `${decider.category}-${id}`;
    const began = performance.now();
    for (let attempt = 1; ; attempt++) {
      const facts = await this.read<E>(stream);
      const done = facts.filter((event) => event.commandId === request.id);
      if (done.length > 0) {
        const { revision, position } = done.at(-1)!;
        return { revision, position, events: done.map(({ type, data }) => ({ type, data }) as E) };
      }

      const revision = facts.at(-1)?.revision ?? NO_STREAM;
      const overtaken = request.seen !== undefined && request.seen !== revision && new StreamMoved(stream, request.seen, revision);

      const state = fold(decider, facts);
      const known = typeof context === 'function' ? await context(state) : context;
      const events = answerOf(() => decide(decider, state, command, known), overtaken);
      if (events.length === 0) return { revision, position: facts.at(-1)?.position ?? null, events: [] };
      const numbered = events.map((event, n) => ({ ...event, id: idFrom(request.id, n) }));
      try {
        const appended = await this.append(stream, numbered, revision, { by: known.by, at: known.at, commandId: request.id });
        return { ...appended, events };
      } catch (error) {
        // The next round finds the request done by a twin, or `seen` overtaken, or decides again.
        const enough = attempt >= LEAST_TRIES && performance.now() - began > TRIES_FOR_MS;
        if (!(error instanceof StreamMoved) || enough) throw error;
        await pauseAfter(attempt);
      }
    }
  }
}
