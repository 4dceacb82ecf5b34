import { z } from 'zod';
import { Problem } from './problem.js';
import { refuseUnstorable } from './storable.js';

/** What every list takes: how many rows, and where the page before ended. */
export const page = { limit: z.coerce.number().int().min(1).max(200).default(25), cursor: z.string().max(500).optional() };

/** Rows of one page; `next` is the cursor of the following one, null at the end. */
export type Page<Row> = Readonly<{ rows: Row[]; next: string | null }>;

/** Cuts a list that was read one row too long, and marks where it ends by the values it is ordered by. */
export function cut<Row>(rows: Row[], limit: number, key: (row: Row) => readonly string[]): Page<Row> {
  const shown = rows.slice(0, limit);
  return { rows: shown, next: rows.length > limit ? Buffer.from(JSON.stringify(key(shown.at(-1)!))).toString('base64url') : null };
}

/** The values a cursor stands for; `first` without one. */
export function startOf<Key extends readonly z.ZodType[]>(
  cursor: string | undefined,
  key: z.ZodTuple<Key>,
): z.infer<z.ZodTuple<Key>> | null {
  if (cursor === undefined) return null;
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    refuseUnstorable(place);
    return key.parse(place);
  } catch {
    throw new Problem(400, 'request.bad-cursor');
  }
}
