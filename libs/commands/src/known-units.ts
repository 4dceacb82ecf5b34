import { fold, Refused } from '@app/domain/decider.js';
import { unit, type UnitEvent } from '@app/domain/unit.js';
import type { EventStore } from '@app/event-store/event-store.js';

/** What names a unit that there is not would reach nobody. Asked of the streams, so that a unit registered a moment ago is known. */
export async function mustBeKnown(events: EventStore, unitIds: readonly (string | null)[]): Promise<void> {
  const asked = [...new Set(unitIds)].filter((id) => id !== null);
  const found = await Promise.all(asked.map(async (id) => fold(unit, await events.read<UnitEvent>(`unit-${id}`)).standing));
  const strangers = asked.filter((_, n) => found[n] === 'unknown');
  if (strangers.length > 0) throw new Refused('invalid', 'unit.unknown', { units: strangers });
}
