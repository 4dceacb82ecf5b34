import type { Draft } from '@app/domain/draft.js';
import { dueOf } from '@app/domain/due.js';
import type { ReadGuideline } from './read.js';

/** What was read, as drafts for a supervisor, numbered in the order of the document. */
export const draftsOf = ({ lists }: ReadGuideline): Draft[] =>
  lists.map(({ path, title, passage, span, units, openEnded, rules, deadlines, unsure }, n) => ({
    list: String(n + 1),
    path,
    title,
    passage: [...passage],
    span: [...span],
    units: units.map(({ name, role }) => ({ name, role })),
    openEnded,
    due: dueOf(deadlines),
    rules,
    deadlines,
    unsure,
  }));
