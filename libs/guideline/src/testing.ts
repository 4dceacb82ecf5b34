import { readGuideline } from './read.js';

/** Each list as «role name role name … | deadlines»: l lead, s support, g guide, r responsible; … for open-ended. */
export const listsIn = (text: string) =>
  readGuideline(text).lists.map(({ units, openEnded, deadlines }) => {
    const named = (['lead', 'support', 'guide', 'responsible'] as const)
      .map((role) => [role.charAt(0), units.filter((unit) => unit.role === role).map(({ name }) => name)] as const)
      .filter(([, names]) => names.length > 0)
      .map(([role, names]) => `${role}: ${names.join(' ')}`);
    const due = deadlines.map(({ text: words, dueOn, recurrence, flag }) => `${words} = ${dueOn ?? recurrence ?? flag}`);
    return [...named, ...(openEnded ? ['…'] : []), ...due].join(' | ');
  });
/** Why lists are not certain. */
export const codesIn = (text: string) => readGuideline(text).lists.flatMap(({ unsure }) => unsure.map(({ code }) => code));
