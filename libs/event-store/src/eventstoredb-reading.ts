import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Position, Recorded } from './event-store.js';
import { ours } from './eventstoredb-messages.js';

type Call = Readonly<{ call: { pause(): void; resume(): void; cancel(): void }; ended: Promise<void> }>;

/**
 * A read of the whole log under way. While nobody takes, nothing more is asked of the server than is on its way: so a follower that
 * catches up does not wait for a new call with every batch, and a slow one does not fill the memory.
 */
export class Reading {
  /** The place of the last event that was passed, ours or not. */
  seen: Position | null = null;
  /** All that was asked for has come, or nothing newer was there. */
  ended = false;
  /** Events that have come, ours or not. */
  heard = 0;
  private readonly call: Call;
  private taken: Recorded[] = [];
  private limit = 0;
  private settle: () => void = () => undefined;
  private failure: unknown = null;
  private left = false;

  /** Of a read that starts with the event at `after`. */
  constructor(
    private readonly after: Position | null,
    start: (heard: (reply: ReadResp) => void) => Call,
    seenIn: (reply: ReadResp) => Recorded | Position,
  ) {
    this.call = start((reply) => {
      if (!this.left) this.hear(seenIn(reply));
    });
    this.call.ended.then(
      () => {
        this.ended = true;
        this.settle();
      },
      (error: unknown) => {
        this.failure = error;
        this.leave();
        this.settle();
      },
    );
  }

  /** The next events, fewer than `limit` only at the end. Throws `CallFailed`; what had come by then is lost. One at a time. */
  async take(limit: number): Promise<Recorded[]> {
    this.limit = limit;
    if (this.taken.length < limit && !this.ended && this.failure === null) {
      this.call.call.resume();
      await new Promise<void>((resolve) => (this.settle = resolve));
    }
    if (this.failure !== null) throw this.failure;
    return this.taken.splice(0, limit);
  }

  leave() {
    this.left = true;
    this.call.call.cancel();
    // One that stays paused never closes.
    this.call.call.resume();
  }

  private hear(seen: Recorded | Position) {
    this.heard++;
    this.seen = ours(seen) ? seen.position : seen;
    if (ours(seen) && seen.position !== this.after) this.taken.push(seen);
    if (this.taken.length < this.limit) return;
    this.call.call.pause();
    this.settle();
  }
}
