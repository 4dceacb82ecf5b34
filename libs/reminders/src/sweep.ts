import type { DataSource } from 'typeorm';
import { instantAt, todayIn } from '@app/calendar/days.js';
import { isWorkingDay } from '@app/calendar/working-days.js';

/** The day whose digests are to be held at that moment: today from nine in Shanghai, if it is a working day. */
export function dayToHold(now: Date): string | null {
  const today = todayIn(now);
  return isWorkingDay(today) && now >= instantAt(today) ? today : null;
}

/** Units whose digest of that day was not held yet and has somebody to hear it: with open work, or with supervisors. */
export async function unitsToHold(db: DataSource, on: string): Promise<string[]> {
  const rows = await db.query<{ unitId: string }[]>(
    // ';' follows ':' in the collation of the keys.
    `with unit as (
       select split_part(key, ':', 3)::uuid as id from app.tally where key >= 'assignment:unit:' and key < 'assignment:unit;' and n > 0
       union select "unitId" from app.account where standing = 'active' and roles ? 'supervisor'
     )
     select id as "unitId" from unit
     where not exists (select from app.digest d where d."unitId" = unit.id and d."on" = $1)
       and exists (select from app.account a where a."unitId" = unit.id and a.standing = 'active' and a.roles ?| array['member', 'head', 'supervisor'])
     order by id`,
    [on],
  );
  return rows.map(({ unitId }) => unitId);
}
