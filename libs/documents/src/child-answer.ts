import type { Extracted } from './text-writer.js';
import type { UnreadableCode } from './unreadable.js';

/** The first line that the child says; the text follows when there is one. `detail` is for the log. */
export type Answer = (Omit<Extracted, 'text'> & { code: null }) | { code: UnreadableCode; detail: string | null };
