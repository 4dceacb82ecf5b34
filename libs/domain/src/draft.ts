import { z } from 'zod';
import { uuid } from './ids.js';
import { due, heavier, UNIT_ROLES, type UnitRole } from './task.js';

const words = z.string().trim().min(1).max(2_000);
const span = z.tuple([z.int().nonnegative(), z.int().nonnegative()]);
export const list = z
  .string()
  .regex(/^\d+(\.\d+)*$/)
  .describe('the number of the list in its document, from 1; parts of a split list are 4.1, 4.2');

/** Why the reader is not certain: a code, and what fills in its sentence. */
const doubt = z.strictObject({ code: z.string(), details: z.record(z.string(), z.string()) });

/** One responsibility list as it was read: what it obliges whom to. Spans are UTF-16 offsets into the guideline's text, end exclusive. */
export const draft = z.strictObject({
  list,
  path: z.array(z.string()),
  title: z.string(),
  passage: span,
  span,
  units: z.array(z.strictObject({ name: words, role: z.enum(UNIT_ROLES) })),
  openEnded: z.boolean(),
  due,
  unsure: z.array(doubt),
  was: uuid.nullable().optional().describe('the task of the version before that this list continues'),
  merged: z.array(list).optional().describe('the lists that were merged into this one'),
});
export type Draft = z.infer<typeof draft>;

/** What a supervisor may say otherwise than the reader. */
export const correction = z.strictObject({
  units: draft.shape.units.min(1).optional(),
  title: words.optional(),
  due: due.optional(),
  was: draft.shape.was,
});

/** What a supervisor corrected is certain: the doubts are answered. */
export const corrected = (draft: Draft, changes: z.infer<typeof correction>): Draft => ({ ...draft, ...changes, unsure: [] });

/** Puts `after` where the first of `lists` stood. */
export function replaced<G extends Readonly<{ drafts: readonly Draft[] }>>(state: G, lists: readonly string[], after: readonly Draft[]): G {
  const place = state.drafts.findIndex(({ list }) => lists.includes(list));
  const rest = (from: number, to?: number) => state.drafts.slice(from, to).filter(({ list }) => !lists.includes(list));
  return { ...state, drafts: [...rest(0, place), ...after, ...rest(place)] };
}

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
