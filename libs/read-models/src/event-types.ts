import { account } from '@app/domain/account.js';
import { assignment } from '@app/domain/assignment.js';
import { UnknownFact } from '@app/domain/decider.js';
import { guideline } from '@app/domain/guideline.js';
import { task } from '@app/domain/task.js';
import { unit } from '@app/domain/unit.js';
import type { Recorded } from '@app/event-store/event-store.js';

/** Every type of event that this version knows. */
export const EVENT_TYPES: ReadonlySet<string> = new Set(
  [guideline, task, assignment, unit, account].flatMap(({ evolve }) => Object.keys(evolve)),
);

/** The first that only a newer version can have recorded. What follows the events must not pass one over: it would never take it in. */
export const strangerAmong = (events: readonly Recorded[]) => events.find(({ type }) => !EVENT_TYPES.has(type));

/** Throws `UnknownFact` for a stranger. */
export function demandKnown(events: readonly Recorded[]): void {
  const stranger = strangerAmong(events);
  if (stranger) throw new UnknownFact(stranger.type);
}
