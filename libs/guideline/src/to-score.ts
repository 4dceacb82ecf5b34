import type { ReadGuideline, UnitRole } from './read.js';

/** A list as the hand-made results state it; `duban read FILE --json` prints these. */
export type ScoreList = {
  span: [start: number, end: number];
  item: string;
  lead: string[];
  support: string[];
  guide: string[];
  responsible: string[];
  deadlines: { text: string; dueOn: string | null }[];
  unsure?: string;
};

/** A rhythm is no deadline there, unless it alone fills the place of one (持续推进 under 完成时限) or has a day in it (每年12月底前). */
export const toScoreJson = ({ lists }: ReadGuideline): ScoreList[] =>
  lists.map(({ span, path, units, deadlines, unsure }) => {
    const other = deadlines.some(({ recurrence, own }) => recurrence === null && own);
    const named = (role: UnitRole) => units.filter((unit) => unit.role === role).map(({ name }) => name);
    return {
      span: [...span],
      item: path.join('/'),
      lead: named('lead'),
      support: named('support'),
      guide: named('guide'),
      responsible: named('responsible'),
      deadlines: deadlines
        .filter(({ recurrence, flag }) => recurrence === null || (flag !== null && !other) || /年.*[底末前]/.test(recurrence))
        .map(({ text, dueOn }) => ({ text, dueOn })),
      ...(unsure.length > 0 && { unsure: unsure.map(({ code }) => code).join(', ') }),
    };
  });
