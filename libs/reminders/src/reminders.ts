import { pause } from '@app/read-models/runner.js';
import { type DigestParts, holdDigest } from './digest.js';
import { DigestQueue } from './queue.js';
import { dayToHold, unitsToHold } from './sweep.js';

export type RemindersOptions = DigestParts &
  Readonly<{
    queueUrl: string;
    /** The longest that a digest is late, and the longest that a lost queue goes unnoticed. */
    sweepEveryMs?: number;
    onError: (error: unknown) => void;
  }>;

/** Sees to it that on every working day, from nine in Shanghai, each unit's digest is held. Any number of processes may do it at once. */
export class Reminders {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly options: RemindersOptions) {}

  start(): void {
    this.running ??= this.run(this.stopping.signal);
  }

  /** Waits for the digests being held. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { sweepEveryMs = 60_000, onError } = this.options;
    let queue: DigestQueue | undefined;
    while (!signal.aborted) {
      try {
        queue ??= await DigestQueue.open(this.options.queueUrl, (hint) => holdDigest(hint, this.options), onError);
        await this.sweep(queue);
      } catch (error) {
        onError(error);
      }
      await pause(queue ? sweepEveryMs : Math.min(sweepEveryMs, 2_000), signal);
    }
    await queue?.close();
  }

  /** What the queue holds is never trusted: every sweep asks the database which digests are missing, and hints at them again. */
  private async sweep(queue: DigestQueue): Promise<void> {
    const { db, clock } = this.options;
    const on = dayToHold(clock.now());
    if (on) await queue.add((await unitsToHold(db, on)).map((unitId) => ({ unitId, on })));
  }
}
