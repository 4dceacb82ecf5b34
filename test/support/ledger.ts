import type { Position } from '@app/event-store/event-store.js';
import type { Answer, Problem } from './visitor.js';

/** A command as it was sent: its id, and the type of the event that it records. */
export type Sent = Readonly<{ commandId: string; records: string }>;
/** Where the answer said that it was recorded. */
export type Place = Readonly<{ id: string; revision: number; position: Position | null }>;

/** What became of each command, as whoever sent it knows. */
export class Ledger {
  readonly sent = new Map<string, Sent>();
  readonly acknowledged = new Map<string, Place>();
  readonly refused = new Set<string>();
  /** Sent, and never answered, or with a failure that says to try again: recorded once or not at all. */
  readonly unknown = new Set<string>();
  readonly failures: Answer<Problem>[] = [];

  /** An answer in place of the one there was; null when none came. */
  note(key: string, answer: Answer<Problem & Place> | null): void {
    this.unknown.delete(key);
    if (answer && answer.status < 300) {
      this.acknowledged.set(key, answer.body);
      return;
    }
    if (answer) this.failures.push(answer);
    if (answer && answer.status < 500) this.refused.add(key);
    else this.unknown.add(key);
  }
}
