import { z } from 'zod';

/** A calendar day; no calendar has a year 0, and no database keeps one. */
export const day = z.iso.date().refine((date) => date > '0001');

/** UTF-16 offsets into the guideline's text, end exclusive. */
export const span = z.tuple([z.int().nonnegative(), z.int().nonnegative()]);
/** Words of the document, and where they stand. */
export const quotation = z.strictObject({ text: z.string(), span });
export type Quotation = z.infer<typeof quotation>;

/** `words` are what the document says about the date; `recurrence` a rhythm it gives instead of a date. */
export const due = z.strictObject({
  dueOn: day.nullable(),
  recurrence: z.string().max(100).nullable().default(null),
  words: z.string().max(500).nullable().default(null),
});
export type Due = z.infer<typeof due>;

/** A code, and what fills in its sentence. */
export const remark = z.strictObject({ code: z.string(), details: z.record(z.string(), z.string()) });
export type Remark = z.infer<typeof remark>;

/**
 * One thing that the document says about when. `flag` is the code of a remark: why it gives no day, or what to check about it; `base` is what
 * a term counts from; `own` when the list itself says so or a field for dates, not the passage around it.
 */
export const deadline = quotation.extend({
  dueOn: day.nullable(),
  recurrence: z.string().nullable(),
  flag: z.string().nullable(),
  base: z.string().nullable(),
  own: z.boolean(),
});
export type Deadline = z.infer<typeof deadline>;

/** What is said about when, and what was taken from it: of a draft, of a task. No `deadlines` in what was recorded before they were kept. */
export type Dated = Readonly<{ due: Due | null; deadlines?: readonly Deadline[] }>;

/** Remarks that only explain (when work starts, a period, work that goes on). All others ask for a person. */
const EXPLAINS: readonly (string | null)[] = [null, 'due.start', 'due.period', 'due.open'];
const asks = ({ flag }: Deadline) => !EXPLAINS.includes(flag);

/**
 * Of all that a document says about one list, when its work is due. What the list says goes before what its passage says, and gives no day
 * while it waits for something; of several days the last, for only then all of it must be done. A rhythm stands beside the day.
 */
export function dueOf(deadlines: readonly Deadline[]): Due {
  const dayIn = (some: readonly Deadline[]) =>
    some
      .filter(({ dueOn }) => dueOn !== null)
      .toSorted((a, b) => a.dueOn!.localeCompare(b.dueOn!))
      .at(-1);
  const own = deadlines.filter((one) => one.own);
  const waits = own.find((one) => one.dueOn === null && asks(one));
  const dated = dayIn(own) ?? (waits ? undefined : dayIn(deadlines));
  const recurring = own.find(({ recurrence }) => recurrence !== null) ?? deadlines.find(({ recurrence }) => recurrence !== null);
  const said = dated ?? waits ?? recurring ?? deadlines.find(asks) ?? deadlines.at(0);
  return { dueOn: dated?.dueOn ?? null, recurrence: recurring?.recurrence ?? null, words: said?.text ?? null };
}

/** Whether the date is still the one that was read, and nobody's own. */
export function isAsRead({ due, deadlines = [] }: Dated): boolean {
  const read = dueOf(deadlines);
  return due?.dueOn === read.dueOn && due.recurrence === read.recurrence && due.words === read.words;
}

/** What a person should look at before relying on the date: why there is none, or what was assumed in reading it. Nothing once somebody set one. */
export function datesToCheck(dated: Dated): Remark[] {
  const { due, deadlines = [] } = dated;
  if (!isAsRead(dated)) return [];
  return deadlines
    .filter((one) => asks(one) && (due?.dueOn ? one.dueOn === due.dueOn && one.text === due.words : one.dueOn === null))
    .map(({ flag, text, base }) => ({ code: flag!, details: { words: text, base: base ?? text } }));
}
