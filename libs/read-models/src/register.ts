import type { DataSource } from 'typeorm';
import type { RegisteredUnit } from '@app/domain/guideline.js';

/** The unit a name leads to: what was merged is the unit it was merged into, what was dissolved is none. */
const SUCCESSOR = (start: string) => `
  with recursive line as (
    ${start}
    union all
    select next.id, next.members, next.standing, next."mergedInto", step + 1 from line join app.unit next on next.id = line."mergedInto"
    where line.standing = 'merged' and step < 20
  ) select id, members from line where standing = 'active' limit 1`;

/** Finds units by the names that documents use: the name, the full name, an alias, or one of those that it or a unit merged into it once had. */
export class Register {
  constructor(private readonly db: DataSource) {}

  /** The answer to each name; a name that two units go by belongs to the one that still goes by it, and of those to the one whose own name it is. */
  async find(names: readonly string[]): Promise<Map<string, RegisteredUnit>> {
    const named = `(
      select id, members, standing, "mergedInto", 0 as step from app.unit
      where standing <> 'dissolved' and (name = asked or "fullName" = asked or aliases ? asked)
      order by standing = 'active' desc, name = asked desc, "fullName" = asked desc, id limit 1)`;
    const rows = await this.db.query<{ asked: string; id: string; members: string[] | null }[]>(
      `select asked, u.id, u.members from unnest($1::text[]) asked cross join lateral (${SUCCESSOR(named)}) u`,
      [[...new Set(names)]],
    );
    const members = await this.successors(rows.flatMap(({ members }) => members ?? []));
    const today = (ids: string[]) => [...new Set(ids.flatMap((id) => members.get(id) ?? []))];
    return new Map(rows.map(({ asked, id, members }) => [asked, { unitId: id, members: members && today(members) }]));
  }

  /** Who stands today for each of these units, where anybody does. */
  private async successors(ids: readonly string[]): Promise<Map<string, string>> {
    const own = '(select id, members, standing, "mergedInto", 0 as step from app.unit where id = asked)';
    const rows = await this.db.query<{ asked: string; id: string }[]>(
      `select asked, u.id from unnest($1::uuid[]) asked cross join lateral (${SUCCESSOR(own)}) u`,
      [[...new Set(ids)]],
    );
    return new Map(rows.map(({ asked, id }) => [asked, id]));
  }
}
