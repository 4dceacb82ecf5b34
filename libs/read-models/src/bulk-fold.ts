import { UnknownFact } from '@app/domain/decider.js';
import type { Recorded } from '@app/event-store/event-store.js';
import { type Copied, copied, type Lane, Load } from './copy.js';
import { strangerAmong } from './event-types.js';
import { MaybeSet } from './maybe-set.js';
import type { Tables } from './tables.js';
import { type AnyView, type Change, foldRows, RowsByTask, tallyChanges, targetsOf } from './view.js';

type Row = { id: string; taskId?: string };
/** A row at hand; `owed` is its newest version where that is still to be written. */
type Kept = Copied<Row> & { size: number; owed: string | null };

/** An event that a view being built cannot take. */
export class BuildStopped extends Error {
  constructor(
    readonly view: AnyView,
    readonly event: Recorded,
    cause: unknown,
  ) {
    super(`view ${view.name} cannot take ${event.type} of ${event.stream} at ${event.position}: ${String(cause)}`, { cause });
  }
}

const LOAD_BYTES = 1_000_000;
/** As it stands in memory; most of a key is two ids. */
const TALLY_CHARACTERS = 150;

/**
 * Folds a view from the first event on into empty tables, by COPY. What is written are versions of rows, one after the other; a row is its
 * last version, found when all are there. So a row that has not changed for long may be let go, and is read again when it changes.
 */
export class BulkFold {
  private readonly kept = new Map<string, Kept>();
  private readonly byTask = new RowsByTask();
  private readonly tally = new Map<string, number>();
  private keptSize = 0;
  /** Ids and task ids of the rows that are not at hand any more. */
  private letGo: MaybeSet | undefined;
  private fetched = false;
  private lastLine: Copied<Row> | undefined;
  private readonly owing = new Load();

  constructor(
    readonly tables: Tables,
    private readonly lane: Lane,
    /** How many characters of rows, and of counters, are at hand at most between two pages. */
    private readonly limit: number,
  ) {}

  async create(): Promise<void> {
    await this.tables.create(this.lane);
    if (this.keepsVersionsForNow) await this.tables.createVersions(this.lane);
    if (this.tables.view.tally) await this.lane.query(`create table ${this.tallyParts} (like ${this.tables.tally})`);
  }

  async take(events: readonly Recorded[]): Promise<void> {
    const { view } = this.tables;
    const stranger = strangerAmong(events);
    if (stranger) throw new BuildStopped(view, stranger, new UnknownFact(stranger.type));
    const heard = events.filter(({ type }) => type in view.on);
    if (view.appendOnly) this.takeLines(heard);
    else await this.takeRows(heard);
    if (this.owing.size > LOAD_BYTES) await this.flush();
  }

  /** Mostly the same person did what stands on neighbouring lines. */
  private takeLines(events: readonly Recorded[]): void {
    const { fields, view } = this.tables;
    for (const event of events)
      try {
        this.lastLine = copied<Row>(view.on[event.type]!(undefined, event), fields, this.lastLine);
        this.owing.add(this.lastLine.cells.join('\t'));
      } catch (error) {
        throw new BuildStopped(view, event, error);
      }
  }

  private async takeRows(events: readonly Recorded[]): Promise<void> {
    const { fields, view } = this.tables;
    const change = this.fold(await this.load(events), events);
    for (const { row, from } of change.versions) {
      const one = copied(row, fields, this.kept.get(row.id));
      const line = `${one.cells.join('\t')}\t${from}`;
      this.keep(one, line.length, view.versioned ? null : line);
      if (view.versioned) this.owing.add(line);
    }
    if (view.tally) for (const [key, n] of tallyChanges(view.tally, change)) this.tally.set(key, (this.tally.get(key) ?? 0) + n);
    if (this.tally.size * TALLY_CHARACTERS > this.limit) await this.writeTally();
    if (this.keptSize > this.limit) this.release();
  }

  /** Makes rows of the versions, and the indexes. */
  async finish(): Promise<void> {
    const { tables, lane } = this;
    const { rows, versions, tally, columns, view } = tables;
    for (const { owed } of this.kept.values()) if (owed) this.owing.add(owed);
    await this.flush();
    if (!view.appendOnly)
      await lane.query(
        `insert into ${rows} (${columns.join()}) select ${columns.join()} from ${versions} v
         join (select distinct on (id) ctid as place from ${versions} order by id, "from" desc) last on v.ctid = last.place`,
      );
    if (this.keepsVersionsForNow) await lane.query(`drop table ${versions}`);
    else if (!this.fetched && view.versioned) await tables.indexVersions(lane);
    else if (this.fetched && this.isOfTasks) await lane.query(`drop index ${versions}_by_task`);
    if (view.tally) {
      await this.writeTally();
      await lane.query(`insert into ${tally} select key, sum(n) from ${this.tallyParts} group by key having sum(n) <> 0`);
      await lane.query(`drop table ${this.tallyParts}`);
    }
    await tables.index(lane);
    await lane.query(`analyze ${[rows, ...(view.versioned ? [versions] : []), ...(view.tally ? [tally] : [])].join()}`);
  }

  private fold(before: readonly Row[], events: readonly Recorded[]): Change<Row> {
    const { view } = this.tables;
    try {
      return foldRows<Row, never>(view, before, events);
    } catch (error) {
      const fails = (event: Recorded, n: number) => {
        try {
          foldRows<Row, never>(view, before, events.slice(0, n + 1));
          return false;
        } catch {
          return true;
        }
      };
      throw new BuildStopped(view, events.find(fails)!, error);
    }
  }

  private get keepsVersionsForNow() {
    return !this.tables.view.appendOnly && !this.tables.view.versioned;
  }
  /** How much counters grew, part by part: a key may have many. */
  private get tallyParts() {
    return `${this.tables.tally}_part`;
  }
  private get isOfTasks() {
    return this.tables.fields.some(({ name }) => name === 'taskId');
  }

  /** The rows that the events touch, as they are. */
  private async load(events: readonly Recorded[]): Promise<Row[]> {
    const { ids, taskIds } = targetsOf(this.tables.view, events);
    for (const taskId of taskIds) for (const id of this.byTask.ids(taskId)) ids.add(id);
    if (this.letGo) await this.fetch(this.letGo, ids, taskIds);
    return [...ids].flatMap((id) => this.kept.get(id)?.row ?? []);
  }

  /** Reads again what was let go, and adds its ids. */
  private async fetch(letGo: MaybeSet, ids: Set<string>, taskIds: ReadonlySet<string>): Promise<void> {
    const missing = [...ids].filter((id) => !this.kept.has(id) && letGo.has(id));
    const ofTasks = [...taskIds].filter((id) => letGo.has(id));
    if (missing.length === 0 && ofTasks.length === 0) return;
    await this.flush();
    const { versions, columns, idType, name } = this.tables;
    if (!this.fetched) {
      this.fetched = true;
      await this.tables.indexVersions(this.lane);
      if (this.isOfTasks) await this.lane.query(`create index ${name}_version_by_task on ${versions} ("taskId")`);
    }
    const byTask = ofTasks.length > 0 ? `union select id from ${versions} where "taskId" = any($2)` : '';
    const found = await this.lane.query<Row>(
      `select ${columns.map((column) => `v.${column}`).join()} from (select unnest($1::${idType}[]) as id ${byTask}) asked
       cross join lateral (select * from ${versions} v where v.id = asked.id order by v."from" desc limit 1) v`,
      [missing, ...(ofTasks.length > 0 ? [ofTasks] : [])],
    );
    for (const row of found) {
      if (this.kept.has(row.id) || !(ids.has(row.id) || taskIds.has(row.taskId!))) continue;
      ids.add(row.id);
      const one = copied(row, this.tables.fields);
      this.keep(one, one.cells.join().length, null);
    }
  }

  /** As the one that changed last. */
  private keep({ row, cells }: Copied<Row>, size: number, owed: string | null): void {
    const old = this.kept.get(row.id);
    this.byTask.move(old?.row, row);
    this.keptSize += size - (old?.size ?? 0);
    this.kept.delete(row.id);
    this.kept.set(row.id, { row, cells, size, owed });
  }

  /** Lets go what has not changed for longest. */
  private release(): void {
    const letGo = (this.letGo ??= new MaybeSet());
    for (const [id, { row, size, owed }] of this.kept) {
      if (this.keptSize <= this.limit) return;
      if (owed) this.owing.add(owed);
      letGo.add(id);
      if (row.taskId) letGo.add(row.taskId);
      this.byTask.move(row, undefined);
      this.keptSize -= size;
      this.kept.delete(id);
    }
  }

  private flush(): Promise<void> {
    const { rows, versions, columns, view } = this.tables;
    if (view.appendOnly) return this.lane.copy(rows, columns, this.owing);
    return this.lane.copy(versions, [...columns, '"from"'], this.owing);
  }

  private async writeTally(): Promise<void> {
    const { name } = this.tables.view;
    const load = new Load();
    for (const [key, n] of this.tally) if (n !== 0) load.add(`${name}:${key}\t${n}`);
    this.tally.clear();
    await this.lane.copy(this.tallyParts, ['key', 'n'], load);
  }
}
