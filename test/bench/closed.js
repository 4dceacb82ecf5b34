/** The id of a copy, from the id it is a copy of; the same for every table. */
export const OTHER = `create function pg_temp.other(id text, copy int) returns text language sql immutable parallel safe
  return (md5(id || ':' || copy)::uuid)::text`;
const other = (id) => `pg_temp.other(${id}::text, copy)`;
export const otherUuid = (id) => `${other(id)}::uuid`;
const otherStream = (stream) => `split_part(${stream}, '-', 1) || '-' || ${other(`substr(${stream}, position('-' in ${stream}) + 1)`)}`;
const COPIES = 'cross join generate_series(1, $1::int) copy';

/**
 * Closed tasks pile up while each unit's open work stays the same: copies closed tasks that went through the store and the views, the
 * same rows, events, history and counters under other ids, as if `copies` times as many had been done after them.
 */
export async function copyClosed(db, taskIds, copies) {
  await db.transaction(async (tx) => {
    await tx.query('set local statement_timeout = 0');
    await tx.query(OTHER);
    await tx.query('create temp table original on commit drop as select unnest($1::uuid[]) as id', [taskIds]);
    await tx.query(
      `create temp table fact on commit drop as
       select row_number() over (order by e.position)::int as k, h.id as line, h."taskId"::text as task, e.*
       from original o join app.history h on h."taskId" = o.id join events.event e on e.position = substr(h.id, 4)::bigint`,
    );
    const [{ head, facts }] = await tx.query(
      'select position as head, (select count(*)::int from fact) as facts from events.head for update',
    );
    const position = `${head}::bigint + (copy - 1)::bigint * ${facts} + f.k`;

    await copyRows(tx, 'task', 'app.task r join original o using (id)', copies, { id: otherUuid('r.id') });
    await copyRows(tx, 'assignment', 'app.assignment r join original o on r."taskId" = o.id', copies, {
      id: otherUuid('r.id'),
      taskId: otherUuid('r."taskId"'),
    });
    await copyRows(tx, 'history', 'app.history r join fact f on f.line = r.id', copies, {
      id: `'p1:' || lpad((${position})::text, 20, '0')`,
      eventId: otherUuid('r."eventId"'),
      stream: otherStream('r.stream'),
      taskId: otherUuid('r."taskId"'),
    });
    await tx.query(
      `insert into events.event (position, stream, revision, id, type, data, by, at, command)
       select ${position}, ${otherStream('f.stream')}, f.revision, ${otherUuid('f.id')}, f.type, replace(f.data, f.task, ${other('f.task')}),
         f.by, f.at, ${other('f.command')}
       from fact f ${COPIES}`,
      [copies],
    );
    await tx.query(
      `insert into app.tally (key, n)
       select replace(t.key, o.id::text, ${other('o.id')}), t.n from original o join app.tally t on starts_with(t.key, 'assignment:task:' || o.id) ${COPIES}`,
      [copies],
    );
    await tx.query(`update app.tally set n = n + $1 where key like 'task:guideline:%:closed'`, [copies * taskIds.length]);

    const last = BigInt(head) + BigInt(copies) * BigInt(facts);
    await tx.query('update events.head set position = $1', [String(last)]);
    await tx.query('update app.checkpoint set position = $1', [`p1:${String(last).padStart(20, '0')}`]);
  });
}

/** The rows again, so many times, with what `changed` makes of a column. */
export async function copyRows(tx, table, from, copies, changed) {
  const columns = await tx.query(
    `select column_name as name from information_schema.columns where table_schema = 'app' and table_name = $1 order by ordinal_position`,
    [table],
  );
  const names = columns.map(({ name }) => `"${name}"`);
  const values = columns.map(({ name }) => changed[name] ?? `r."${name}"`);
  await tx.query(`insert into app.${table} (${names.join()}) select ${values.join()} from ${from} ${COPIES}`, [copies]);
}

/** After so much at once, as the server itself would have done bit by bit. */
export async function tidy(db) {
  await db.query('set statement_timeout = 0');
  await db.query('vacuum analyze');
  await db.query('checkpoint');
}
