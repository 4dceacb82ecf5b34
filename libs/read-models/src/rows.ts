import sql, { join, raw, type Sql } from 'sql-template-tag';
import { getMetadataArgsStorage } from 'typeorm';
import type { Position } from '@app/event-store/event-store.js';
import { AssignmentRow } from './assignments.js';

import { TaskRow } from './tasks.js';
import { UnitRow } from './units.js';

/** Views that keep every version of a row, and which columns no event ever changes: those the present knows as well as the past. */
const KEPT = {
  assignment: { entity: AssignmentRow, fixed: ['id', 'taskId', 'unitId'] },
  task: { entity: TaskRow, fixed: ['id'] },
  unit: { entity: UnitRow, fixed: ['id'] },
} as const;
type Kept = keyof typeof KEPT;

const columnsOf = ({ entity }: (typeof KEPT)[Kept]) =>
  getMetadataArgsStorage()
    .columns.filter(({ target }) => target === entity)
    .map(({ propertyName }) => propertyName);

/**
 * Where a query reads: the rows as they are, or as they were once the events up to a position had been taken in. A query says
 * `from ${rows.all('task')} t` and is the same for both. In the past, an equality on a fixed column costs what the rows it finds cost;
 * anything else looks at every row there is.
 */
export class Rows {
  static readonly NOW = new Rows(null);

  private constructor(private readonly upTo: Position | null) {}

  /** After the last event at or before the position; before the first of all for null. */
  static asOf = (position: Position | null) => new Rows(position ?? '');

  all(table: Kept): Sql {
    if (this.upTo === null) return raw(`app.${table}`);
    const fixed: readonly string[] = KEPT[table].fixed;
    const columns = columnsOf(KEPT[table]).map((column) => raw(`${fixed.includes(column) ? 'present' : 'past'}."${column}"`));
    return sql`(select ${join(columns)} from app.${raw(table)} present cross join lateral ${this.one(table, raw('present.id'))} past)`;
  }

  /** The row with this id, or none; to be joined laterally. */
  one(table: Kept, id: Sql): Sql {
    if (this.upTo === null) return sql`(select * from app.${raw(table)} where id = ${id})`;
    const columns = columnsOf(KEPT[table]).map((column) => raw(`"${column}"`));
    return sql`(select ${join(columns)} from app.${raw(`${table}_version`)} where id = ${id} and "from" <= ${this.upTo} order by "from" desc limit 1)`;
  }

  /** Lines of the history never change: the past holds fewer of them. */
  history(): Sql {
    return this.upTo === null ? raw('app.history') : sql`(select * from app.history where id <= ${this.upTo})`;
  }

  get present(): boolean {
    return this.upTo === null;
  }
}
