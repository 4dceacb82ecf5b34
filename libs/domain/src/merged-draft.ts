import type { Draft } from './guideline.js';
import { heavier, type UnitRole } from './task.js';

/** Every unit once, in its heaviest role; doubts stay until somebody answers them; the date is the first that was written. */
export function mergedOf(first: Draft, others: readonly Draft[]): Draft {
  const drafts = [first, ...others];
  const roles = new Map<string, UnitRole>();
  for (const { name, role } of drafts.flatMap(({ units }) => units)) roles.set(name, heavier(roles.get(name) ?? role, role));
  return {
    ...first,
    units: [...roles].map(([name, role]) => ({ name, role })),
    openEnded: drafts.some(({ openEnded }) => openEnded),
    due: drafts.find(({ due }) => due.dueOn ?? due.recurrence ?? due.words)?.due ?? first.due,
    unsure: drafts.flatMap(({ unsure }) => unsure),
    merged: [...(first.merged ?? []), ...others.flatMap(({ list, merged }) => [list, ...(merged ?? [])])],
  };
}
