import sql, { raw, type Sql } from 'sql-template-tag';
import { type AssignmentRow, assignments } from './assignments.js';
import type { Rows } from './rows.js';
import { tallyChanges } from './view.js';

/** An expression that a statement carries along, and what its value says. */
export type Tallies = Readonly<{ value: Sql; read: (value: unknown) => Map<string, number> }>;

/**
 * The counters of assignments under `unit:<id>:` or `task:<id>:`, by the rest of their keys. The runner keeps those of the present; those of
 * the past are counted from its rows, by the view's own `tally`.
 */
export function talliesOf(rows: Rows, of: 'unit' | 'task', id: string): Tallies {
  const beginning = `${of}:${id}:`;
  const under = (prefix: string, tallies: Iterable<[string, number]>) =>
    new Map([...tallies].filter(([key]) => key.startsWith(prefix)).map(([key, n]) => [key.slice(prefix.length), n]));
  if (rows.present) {
    const prefix = `${assignments.name}:${beginning}`;
    // ';' follows ':' in the collation of the keys. With two ends the server plans it once for all units.
    const end = `${prefix.slice(0, -1)};`;
    return {
      value: sql`(select coalesce(json_object_agg(key, n), '{}') from app.tally where key >= ${prefix} and key < ${end} and n > 0)`,
      read: (value) => under(prefix, Object.entries(value as Record<string, number>)),
    };
  }
  return {
    value: sql`(select coalesce(json_agg(share), '[]') from (
        select id, "unitId", "taskId", role, via, bucket, status, "acknowledgedAt"
        from ${rows.all('assignment')} a where ${raw(`"${of}Id"`)} = ${id}
      ) share)`,
    read: (value) => {
      const shares = new Map((value as AssignmentRow[]).map((share) => [share.id, share]));
      return under(beginning, tallyChanges(assignments.tally!, { before: new Map(), after: shares }));
    },
  };
}
