import type { DataSource } from 'typeorm';
import type { RegisteredUnit } from '@app/domain/guideline.js';
import { UnitRow } from './units.js';

/** Finds units by the names that documents use: the name, the full name or an alias. */
export class Register {
  constructor(private readonly db: DataSource) {}

  /** The answer to each name that an active unit goes by; a name that two units go by belongs to the one whose own name it is. */
  async find(names: readonly string[]): Promise<Map<string, RegisteredUnit>> {
    const rows = await this.db.query<{ asked: string; id: string; members: string[] | null }[]>(
      `select asked, u.id, u.members from unnest($1::text[]) asked
       cross join lateral (
         select id, members from app.unit
         where standing = 'active' and (name = asked or "fullName" = asked or aliases ? asked)
         order by name = asked desc, "fullName" = asked desc, id limit 1
       ) u`,
      [[...new Set(names)]],
    );
    return new Map(rows.map(({ asked, id, members }) => [asked, { unitId: id, members }]));
  }

  /** Every name of every active unit: what the reader may take for granted. */
  async names(): Promise<string[]> {
    const units = await this.db.manager.find(UnitRow, { where: { standing: 'active' } });
    return units.flatMap(({ name, fullName, aliases }) => [name, ...(fullName ? [fullName] : []), ...aliases]);
  }
}
