import { z } from 'zod';
import { deadline, type Deadline, due, dueOf, isAsRead, quotation, type Quotation, remark, span } from './due.js';
import { uuid } from './ids.js';
import { heavier, UNIT_ROLES, type UnitRole } from './task.js';

const words = z.string().trim().min(1).max(2_000);
export const list = z
  .string()
  .regex(/^\d+(\.\d+)*$/)
  .describe('the number of the list in its document, from 1; parts of a split list are 4.1, 4.2');

/** One responsibility list as it was read: what it obliges whom to, by when, and which sentences elsewhere in the document had a part in that. */
export const draft = z.strictObject({
  list,
  path: z.array(z.string()),
  title: z.string(),
  passage: span,
  span,
  units: z.array(z.strictObject({ name: words, role: z.enum(UNIT_ROLES) })),
  openEnded: z.boolean(),
  due,
  rules: z.array(quotation).optional(),
  deadlines: z.array(deadline).optional(),
  unsure: z.array(remark).describe('why the reader is not certain'),
  was: uuid.nullable().optional().describe('the task of the version before that this list continues'),
  merged: z.array(list).optional().describe('the lists that were merged into this one'),
  passages: z.array(span).optional().describe('what all lists that were merged govern'),
});
export type Draft = z.infer<typeof draft>;

/** What a supervisor may say otherwise than the reader. */
export const correction = z.strictObject({
  units: draft.shape.units.min(1).optional(),
  title: words.optional(),
  due: due.optional(),
  was: draft.shape.was,
});

/**
 * What a supervisor corrected is certain: the doubts are answered. Whoever names a unit, or gives it a role, that the draft did not have
 * answers for the units from then on, not the sentence they were read by.
 */
export function corrected(draft: Draft, changes: z.infer<typeof correction>): Draft {
  const asRead = (changes.units ?? []).every(({ name, role }) => draft.units.some((unit) => unit.name === name && unit.role === role));
  return { ...draft, ...changes, ...(draft.rules && !asRead && { rules: [] }), unsure: [] };
}

/** Puts `after` where the first of `lists` stood. */
export function replaced<G extends Readonly<{ drafts: readonly Draft[] }>>(state: G, lists: readonly string[], after: readonly Draft[]): G {
  const place = state.drafts.findIndex(({ list }) => lists.includes(list));
  const rest = (from: number, to?: number) => state.drafts.slice(from, to).filter(({ list }) => !lists.includes(list));
  return { ...state, drafts: [...rest(0, place), ...after, ...rest(place)] };
}

/** The words that a draft's list governs; of several lists that were merged, all of them. */
export const wordsOf = ({ passage, passages = [passage] }: Draft, text: string) => passages.map((span) => text.slice(...span)).join('\n');

/** Each quotation once; nothing when none of the drafts could have any. */
const together = <Q extends Quotation>(some: readonly (readonly Q[] | undefined)[]): Q[] | undefined =>
  some.every((quotations) => quotations === undefined)
    ? undefined
    : [...new Map(some.flatMap((quotations) => quotations ?? []).map((quotation) => [quotation.span.join(), quotation])).values()];

/** Every unit once, in its heaviest role; doubts stay until somebody answers them; the date is the first that somebody set, else that of all that is said. */
export function mergedOf(first: Draft, others: readonly Draft[]): Draft {
  const drafts = [first, ...others];
  const rules = together(drafts.map((draft) => draft.rules));
  const deadlines = together<Deadline>(drafts.map((draft) => draft.deadlines));
  const roles = new Map<string, UnitRole>();
  for (const { name, role } of drafts.flatMap(({ units }) => units)) roles.set(name, heavier(roles.get(name) ?? role, role));
  return {
    ...first,
    units: [...roles].map(([name, role]) => ({ name, role })),
    openEnded: drafts.some(({ openEnded }) => openEnded),
    due: drafts.find((draft) => !isAsRead(draft))?.due ?? dueOf(deadlines ?? []),
    ...(rules && { rules }),
    ...(deadlines && { deadlines }),
    unsure: drafts.flatMap(({ unsure }) => unsure),
    passages: [
      ...new Map(drafts.flatMap(({ passage, passages = [passage] }) => passages).map((passage) => [passage.join(), passage])).values(),
    ],
    merged: [...(first.merged ?? []), ...others.flatMap(({ list, merged }) => [list, ...(merged ?? [])])],
  };
}
