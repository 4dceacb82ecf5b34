import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import type { Position } from '@app/event-store/event-store.js';
import type { AnyView } from './view.js';

/** How far a view has read, which version of its code its tables are of, and what stopped it, if anything did. */
@Entity('checkpoint')
export class Checkpoint {
  @PrimaryColumn('text') view: string;
  @Column({ type: 'text', collation: 'C' }) position: Position;
  @Column('int') version: number;
  @Column('text', { nullable: true }) error: string | null;
  @Column('timestamptz', { nullable: true }) failedAt: Date | null;
}

/** A stream whose events a view takes no more, since one of them could not be applied; a rebuild that succeeds takes them all. */
@Entity('parked')
export class Parked {
  @PrimaryColumn('text') view: string;
  @PrimaryColumn('text') stream: string;
  @Column({ type: 'text', collation: 'C' }) position: Position;
  @Column('text') error: string;
  @Column('timestamptz') parkedAt: Date;
}

/** How many rows a view has under a key; kept by the runner, so that no list is ever counted. Each view's keys are a partition. */
@Entity('tally')
export class Tally {
  @PrimaryColumn('text', { collation: 'C' }) key: string;
  @Column('int') n: number;
}

/** A view that is being folded from the first event into tables of the schema named, beside those that serve. */
@Entity('build')
export class Build {
  @PrimaryColumn('text') view: string;
  @Column('text') schema: string;
  @Column('int') version: number;
  @Column({ type: 'text', collation: 'C' }) position: Position;
  /** Where the log ended when it began. */
  @Column({ type: 'text', collation: 'C' }) head: Position;
  @Column('int') events: number;
  @Column('timestamptz') startedAt: Date;
  @Column('timestamptz') changedAt: Date;
}

/** Takes the lock that the builder of view $1 holds for as long as it lives; asks whether anybody holds that of column `view`. */
export const LOCK_FOR_BUILD = `pg_try_advisory_lock(hashtext('duban build'), hashtext($1))`;
export const IS_BEING_BUILT = `exists (
  select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
    and classid::int8 = hashtext('duban build')::int8 & 4294967295 and objid::int8 = hashtext(view)::int8 & 4294967295 and objsubid = 2)`;

/** The version of tables whose rows are of another store, from which the events have moved. */
export const OF_ANOTHER_STORE = 0;

export type Place = Pick<Checkpoint, 'view' | 'position' | 'version'> & { parked: string[] };

/** Where the views are, locked until the transaction ends: whoever else moves them waits, and finds them moved. */
export async function lock(tx: EntityManager, views: readonly AnyView[]): Promise<Map<string, Place>> {
  const [names, versions] = [views.map(({ name }) => name), views.map(({ version }) => version)];
  // A commit of views need not wait for the disk: rows and checkpoint are lost together, and folded again from the events.
  const select = () =>
    tx.query<Place[]>(
      `select view, position, version, array(select stream from app.parked where parked.view = checkpoint.view) as parked
       from app.checkpoint, set_config('synchronous_commit', 'off', true)
       where view = any($1) order by view for update of checkpoint`,
      [names],
    );
  let rows = await select();
  if (rows.length < names.length) {
    await tx.query(
      `insert into app.checkpoint (view, position, version) select name, '', version
       from unnest($1::text[], $2::int[]) as view (name, version) order by name on conflict do nothing`,
      [names, versions],
    );
    rows = await select();
  }
  return new Map(rows.map((row) => [row.view, row]));
}
