import type { EntityManager } from 'typeorm';
import type { Recorded } from '@app/event-store/event-store.js';
import { demandKnown } from './event-types.js';
import { Tables } from './tables.js';
import { type AnyView, type Change, foldRows, tallyChanges, targetsOf } from './view.js';

/** Folds the events into a view's tables of that schema: rows, versions and counters. */
export async function write(tx: EntityManager, schema: string, view: AnyView, events: readonly Recorded[]) {
  demandKnown(events);
  const { on, tally, appendOnly, versioned } = view;
  const heard = events.filter(({ type }) => type in on);
  if (heard.length === 0) return;
  const tables = new Tables(tx.dataSource, schema, view);
  const { rows, columns } = tables;

  const before = appendOnly ? [] : await load(tx, rows, view, heard);
  const change: Change<{ id: string }> = foldRows(view, before, heard);
  const { after, versions } = change;
  if (versions.length === 0) return;
  const upsert = `on conflict (id) do ${appendOnly ? 'nothing' : `update set ${columns.map((name) => `${name} = excluded.${name}`).join()}`}`;
  if (versioned)
    await tx.query(
      `with version as materialized (select * from json_populate_recordset(null::${tables.versions}, $1)),
         kept as (insert into ${tables.versions} (${columns.join()}, "from") select ${columns.join()}, "from" from version)
       insert into ${rows} (${columns.join()}) select distinct on (id) ${columns.join()} from version order by id, "from" desc ${upsert}`,
      [JSON.stringify(versions.map(({ row, from }) => ({ ...row, from })))],
    );
  else
    await tx.query(
      `insert into ${rows} (${columns.join()}) select ${columns.join()} from json_populate_recordset(null::${rows}, $1) ${upsert}`,
      [JSON.stringify([...new Set(versions.map(({ row: { id } }) => after.get(id)))])],
    );

  const deltas = tally ? tallyChanges(tally, change) : new Map<string, number>();
  if (deltas.size > 0)
    await tx.query(
      `insert into ${tables.tally} as kept (key, n) select * from unnest($1::text[], $2::int[])
       on conflict (key) do update set n = kept.n + excluded.n`,
      [[...deltas.keys()].map((key) => `${view.name}:${key}`), [...deltas.values()]],
    );
}

function load(tx: EntityManager, rows: string, view: AnyView, events: readonly Recorded[]): Promise<{ id: string }[]> {
  const { ids, taskIds } = targetsOf(view, events);
  const byTask = taskIds.size > 0 ? ([` or "taskId" = any($2)`, [[...taskIds]]] as const) : (['', []] as const);
  return tx.query(`select * from ${rows} where id = any($1)${byTask[0]}`, [[...ids], ...byTask[1]]);
}
