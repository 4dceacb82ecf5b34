/**
 * Creates the schema `events`; running it again changes nothing.
 *
 * Positions come from one row, locked before anything else in an append, so they have no gaps and appear in the order of commits:
 * a reader that has seen position n has seen all before it. Sequences and transaction ids promise neither.
 */
export const eventStoreSchema = `
create schema if not exists events;

create table if not exists events.head (
  one boolean primary key default true check (one),
  position bigint not null
) with (fillfactor = 10);
insert into events.head (position) values (0) on conflict do nothing;

create table if not exists events.event (
  position bigint primary key,
  stream text collate "C" not null,
  revision bigint not null,
  id uuid not null,
  type text not null,
  data text not null,
  by text not null,
  at timestamptz not null,
  command text not null,
  unique (stream, revision)
);

create or replace function events.refuse() returns trigger language plpgsql as $$
begin
  raise exception 'facts are only appended: % on %.%', tg_op, tg_table_schema, tg_table_name using errcode = 'restrict_violation';
end $$;
create or replace trigger only_appended before update or delete or truncate on events.event
  for each statement execute function events.refuse();

-- Appends to several streams, each at most once, all in one transaction. Answers one row per append, in order:
-- "last" is the position of its last event, null when the stream was not at "expected" but at "actual".
-- An append whose events are there already, where it would have put them, gets the position they have.
create or replace function events.append(
  streams text[], expected bigint[], actors text[], instants timestamptz[], commands text[],
  owners int[], ids uuid[], types text[], bodies text[]
) returns table (actual bigint, last bigint) language plpgsql as $$
declare
  n int := cardinality(ids);
  reserved bigint;
  free bigint;
  start int;
  stop int := 0;
  positions bigint[];
  revisions bigint[];
begin
  -- Locks the head before any look at the events: what is read from here on was committed before us.
  update events.head set position = position + n returning position into strict reserved;
  free := reserved - n;

  for owner in 1 .. cardinality(streams) loop
    start := stop;
    while stop < n and owners[stop + 1] = owner loop
      stop := stop + 1;
    end loop;
    select e.revision into actual from events.event e where e.stream = streams[owner] order by e.revision desc limit 1;
    actual := coalesce(actual, -1);
    last := null;
    if actual = expected[owner] then
      positions[owner] := free - start;
      revisions[owner] := actual - start;
      free := free + stop - start;
      last := free;
    elsif actual > expected[owner] then
      select max(e.position) into last from events.event e
      where e.stream = streams[owner] and e.revision between expected[owner] + 1 and expected[owner] + stop - start
        and e.id = ids[(start + e.revision - expected[owner])::int]
      having count(*) = stop - start;
    end if;
    return next;
  end loop;

  if free < reserved then
    update events.head set position = free;
  end if;
  if free > reserved - n then
    insert into events.event (position, stream, revision, id, type, data, by, at, command)
    select positions[g.owner] + g.k, streams[g.owner], revisions[g.owner] + g.k, g.id, g.type, g.body,
      actors[g.owner], instants[g.owner], commands[g.owner]
    from unnest(owners, ids, types, bodies) with ordinality as g (owner, id, type, body, k)
    where positions[g.owner] is not null;
    perform pg_notify('events', '');
  end if;
end $$;
`;
