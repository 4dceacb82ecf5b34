import { dueDatesIn } from '@app/calendar/due-dates.js';
import type { Draft } from '@app/domain/draft.js';
import { type Deadline, dueOf, isAsRead } from '@app/domain/due.js';
import type { CountedDates } from '@app/domain/guideline.js';
import { viewOf } from './text-view.js';

/** Terms that count from the day of issue (印发后15个工作日内), and dates that wait for its year; an event is another base. */
const hangsOnIssue = ({ dueOn, flag, base }: Deadline) => flag === 'due.no-issue-date' || (base !== null && dueOn !== null);

/**
 * The dates of those lists that are other than they stand once the day of issue is known: the document's own; for a term, else the day it is
 * issued here, which the date then says. A date that somebody set stays. Pure; working days are China's.
 */
export function countedDates(drafts: readonly Draft[], issuedOn: string | null, today: string): Map<string, CountedDates> {
  const counted = new Map<string, CountedDates>();
  for (const draft of drafts) {
    const { list, due, deadlines = [] } = draft;
    const dated = deadlines.map((deadline) => (hangsOnIssue(deadline) ? from(deadline, issuedOn, today) : deadline));
    if (dated.some((deadline, i) => deadline.dueOn !== deadlines[i]!.dueOn || deadline.flag !== deadlines[i]!.flag))
      counted.set(list, { deadlines: dated, due: isAsRead(draft) ? dueOf(dated) : due });
  }
  return counted;
}

function from(deadline: Deadline, issuedOn: string | null, today: string): Deadline {
  // The year of 6月底前 is that of the document, which may be years old.
  if (issuedOn === null && deadline.base === null) return deadline;
  const found = dueDatesIn(viewOf(deadline.text).text, { field: true, issuedOn: issuedOn ?? today }).find(({ dueOn }) => dueOn !== null);
  return found ? { ...deadline, dueOn: found.dueOn, flag: issuedOn === null ? 'due.from-handout' : found.flag } : deadline;
}
