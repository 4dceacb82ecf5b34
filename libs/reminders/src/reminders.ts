import { pause } from '@app/read-models/transient.js';
import type { Tell } from '@app/runtime/sentences.js';
import { Unstartable } from '@app/runtime/unstartable.js';
import { type DigestParts, type Hint, holdDigest } from './digest.js';
import { DigestQueue, emptyQueue, refuseUnfitQueue } from './queue.js';
import { dayToHold, unitsToHold } from './sweep.js';

export type RemindersOptions = DigestParts &
  Readonly<{
    queueUrl: string;
    /** The longest that a digest is late, and the longest that a lost queue goes unnoticed. */
    sweepEveryMs?: number;
    /** How soon the digests of a worker that hangs are given to another. */
    lostAfterMs?: number;
    onError: (error: unknown) => void;
    onWarning: Tell;
  }>;

/** Sees to it that on every working day, from nine in Shanghai, each unit's digest is held. Any number of processes may do it at once. */
export class Reminders {
  private readonly stopping = new AbortController();
  private readonly sweepEveryMs: number;
  private running: Promise<void> | undefined;
  private queue: DigestQueue | undefined;
  private turnedAt = performance.now();

  constructor(private readonly options: RemindersOptions) {
    this.sweepEveryMs = options.sweepEveryMs ?? 60_000;
  }

  start(): void {
    this.running ??= this.run(this.stopping.signal);
  }

  /** Waits for the digests being held. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** False when no sweep has ended for so long that something hangs. */
  get goesItsRounds(): boolean {
    return performance.now() - this.turnedAt < 3 * this.sweepEveryMs;
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.sweep(signal);
      } catch (error) {
        this.options.onError(error);
      }
      this.turnedAt = performance.now();
      await pause(this.queue ? this.sweepEveryMs : Math.min(this.sweepEveryMs, 2_000), signal);
    }
    await this.queue?.close();
  }

  /**
   * What the queue holds is never trusted: every sweep asks the database which digests are missing, and hints at them again. What the queue
   * does not take, this process holds itself.
   */
  private async sweep(signal: AbortSignal): Promise<void> {
    const { db, clock, onError } = this.options;
    const on = dayToHold(clock.now());
    const hints = on ? (await unitsToHold(db, on)).map((unitId) => ({ unitId, on })) : [];
    try {
      const queue = await this.fitQueue();
      await queue.add(hints);
    } catch (error) {
      onError(error);
      for (const hint of hints) {
        if (signal.aborted) return;
        await this.hold(hint).catch(onError);
        this.turnedAt = performance.now();
      }
    }
  }

  private async fitQueue(): Promise<DigestQueue> {
    const { queueUrl, onError, onWarning, lostAfterMs } = this.options;
    try {
      if (this.queue) await refuseUnfitQueue(queueUrl);
      return (this.queue ??= await DigestQueue.open(queueUrl, this.hold, onError, onWarning, lostAfterMs));
    } catch (error) {
      if (error instanceof Unstartable) await this.leaveQueue();
      throw error;
    }
  }

  /** Half of a job that was thrown away would keep its hint from ever being given again, so the queue is left empty. */
  private async leaveQueue(): Promise<void> {
    const queue = this.queue;
    this.queue = undefined;
    await queue?.close();
    await emptyQueue(this.options.queueUrl);
  }

  private readonly hold = (hint: Hint) => holdDigest(hint, this.options);
}
