/**
 * What no event tells of, and a backup therefore carries: passwords, tokens, what people were told, and which digests were held. All other
 * tables are folded from the events, or serve for a while only: sessions, and answers, which are given again from the events.
 */
export const KEPT_TABLES = ['credential', 'token', 'inbox', 'digest'] as const;
export const PASSING_TABLES = ['session', 'answer'] as const;

export type KeptTable = (typeof KEPT_TABLES)[number];
