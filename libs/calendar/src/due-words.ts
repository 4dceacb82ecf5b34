/** Why words about time give no day, or a day to be checked: 'due.event', 'due.relative', 'due.start' … (sentences stand beside the reader). */
export type DueFlag = `due.${string}`;
/** Words about time at [start, end) of the text that was asked. `base` is what a term counts from, where that is said. */
export type DueWords = { start: number; end: number; dueOn: string | null; recurrence: string | null; flag: DueFlag | null; base?: string };
/** `field`: the text is what a column or label for dates holds, so a bare 2026年6月 is a date too. `issuedOn`: the day of issue, if known. */
export type DueContext = { field?: boolean; issuedOn?: string | null };
