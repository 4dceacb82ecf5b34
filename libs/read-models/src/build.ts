import type pg from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import type { EventStore, Position, Recorded } from '@app/event-store/event-store.js';
import { NOTICES, type Notice } from './apply.js';
import { BuildStopped, BulkFold } from './bulk-fold.js';
import { lock, LOCK_FOR_BUILD, type Place } from './checkpoint.js';
import { Connection, SILENCE_MS } from './connection.js';
import { Lane } from './copy.js';
import { LIVE, Tables } from './tables.js';
import { pause, stateOf } from './transient.js';
import type { AnyView } from './view.js';
import { write } from './write.js';

export type Progress = Readonly<{ events: number; position: Position; head: Position }>;
/** Which views were built, and why others were not; those in neither are being built by somebody else, or were not wanted any more. */
export type Built = Readonly<{ events: number; views: readonly AnyView[]; stopped: readonly BuildStopped[] }>;

type Options = Readonly<{
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** Asked once nobody else can build the view any more. */
  isWanted?: (view: AnyView, place: Place) => boolean;
  /** How many characters of rows are at hand per view. */
  keep?: number;
}>;

const PAGE = 2_000;
const KEEP_CHARACTERS = 3_000_000;
const TELL_EVERY_MS = 500;

/**
 * Folds the views from the first event on into tables of a schema of their own, while those that serve go on; then each view's tables
 * change places in one short transaction. A view that cannot take an event is left as it was.
 */
export const build = (store: EventStore, db: DataSource, views: readonly AnyView[], options: Options = {}): Promise<Built> =>
  asBuilder(db, views, async (free, site) => {
    const { signal = new AbortController().signal, isWanted } = options;
    const places = await db.transaction((tx) => lock(tx, free));
    const wanted = free.filter((view) => isWanted?.(view, places.get(view.name)!) ?? true);
    if (wanted.length === 0) return { events: 0, views: [], stopped: [] };
    const cancel = () => void site.cancel();
    signal.addEventListener('abort', cancel);
    try {
      const head = (await store.head()) ?? '';
      await site.open(wanted, head, options.keep ?? KEEP_CHARACTERS);
      const { events, position, stopped } = await fill(store, site, head, signal, options.onProgress);
      await Promise.all([...site.folds.values()].map((fold) => fold.finish()));
      signal.throwIfAborted();
      const built = [...site.folds.keys()];
      if (built.length > 0) await replace(store, db, site.schema, built, await overtake(store, db, site.schema, built, position), signal);
      return { events, views: built, stopped };
    } finally {
      signal.removeEventListener('abort', cancel);
      await site.close();
    }
  });

/** Somebody else builds the view just now. */
export class BuildTaken extends Error {}

/** Builds one view, whatever serves. Throws `BuildStopped`, `BuildTaken`; answers how many events there were. */
export async function rebuild(store: EventStore, db: DataSource, view: AnyView, options: Options = {}): Promise<number> {
  const { events, views, stopped } = await build(store, db, [view], options);
  if (stopped[0]) throw stopped[0];
  if (views.length === 0) throw new BuildTaken(`view ${view.name} is being built already`);
  return events;
}

/** Where a build is made: its schema, its connections, the folds. */
class Site {
  schema = '';
  readonly folds = new Map<AnyView, BulkFold>();
  private readonly lanes: pg.Client[] = [];

  constructor(
    private readonly db: DataSource,
    /** Holds the locks. */
    private readonly desk: pg.Client,
  ) {}

  async open(views: readonly AnyView[], head: Position, keep: number): Promise<void> {
    const { rows } = await this.desk.query<{ schema: string }>(
      `insert into app.build (view, schema, version, position, head, events, "startedAt", "changedAt")
       select view, 'build_' || number, version, '', $3, 0, now(), now()
       from unnest($1::text[], $2::int[]) as built (view, version), nextval('app.build_number') number returning schema`,
      [views.map(({ name }) => name), views.map(({ version }) => version), head],
    );
    this.schema = rows[0]!.schema;
    await this.desk.query(`create schema ${this.schema}; create schema ${asideOf(this.schema)}`);
    for (const view of views) {
      const fold = new BulkFold(new Tables(this.db, this.schema, view), await this.lane(), keep);
      await fold.create();
      this.folds.set(view, fold);
    }
  }

  private async lane(): Promise<Lane> {
    const client = await connect(this.db);
    this.lanes.push(client);
    await client.query(`set synchronous_commit = off; set maintenance_work_mem = '64MB'; set work_mem = '32MB'`);
    return new Lane(client);
  }

  tell({ events, position }: Progress) {
    return this.desk.query('update app.build set position = $2, events = $3, "changedAt" = now() where schema = $1', [
      this.schema,
      position,
      events,
    ]);
  }

  /** The others go on. */
  async leaveOut(view: AnyView): Promise<void> {
    this.folds.delete(view);
    await this.desk.query('delete from app.build where schema = $1 and view = $2', [this.schema, view.name]);
  }

  /** Ends whatever statement is being worked on. */
  async cancel(): Promise<void> {
    const pids = this.lanes.map((client) => (client as unknown as { processID: number }).processID);
    await this.desk.query('select pg_cancel_backend(pid) from unnest($1::int[]) pid', [pids]).catch(() => {});
  }

  /** What cannot be removed now is removed by the next builder. */
  async close(): Promise<void> {
    await Promise.all(this.lanes.map((client) => client.end().catch(() => {})));
    if (this.schema) await remove(this.desk, this.schema).catch(() => {});
  }
}

/**
 * Calls `work` with those of the views that nobody else builds, and keeps others from building them until it is done.
 * What builders left behind that are no more is removed.
 */
export async function asBuilder<T>(
  db: DataSource,
  views: readonly AnyView[],
  work: (free: readonly AnyView[], site: Site) => Promise<T>,
): Promise<T> {
  const desk = await connect(db, SILENCE_MS);
  try {
    const { rows: begun } = await desk.query<{ view: string; schema: string }>('select view, schema from app.build');
    const names = new Set([...views.map(({ name }) => name), ...begun.map(({ view }) => view)]);
    const free = new Set<string>();
    for (const name of names) {
      const { rows } = await desk.query<{ free: boolean }>(`select ${LOCK_FOR_BUILD} as free`, [name]);
      if (rows[0]!.free) free.add(name);
    }
    for (const { view, schema } of begun) if (free.has(view)) await remove(desk, schema);
    return await work(
      views.filter(({ name }) => free.has(name)),
      new Site(db, desk),
    );
  } finally {
    // Its locks end with it.
    await desk.end().catch(() => {});
  }
}

async function connect(db: DataSource, query_timeout?: number): Promise<pg.Client> {
  const { url } = db.options as { url: string };
  const client = new Connection({ connectionString: url, application_name: 'duban build', keepAlive: true, query_timeout });
  await client.connect();
  return client;
}

/** Where the tables go that served before. They are dropped after the change, since that takes its time. */
const asideOf = (schema: string) => `${schema}_before`;

async function remove(desk: pg.Client, schema: string): Promise<void> {
  await desk.query(`drop schema if exists ${schema}, ${asideOf(schema)} cascade`);
  await desk.query('delete from app.build where schema = $1', [schema]);
}

/** Reads the log once for all views, to its end. */
async function fill(store: EventStore, site: Site, head: Position, signal: AbortSignal, onProgress: Options['onProgress']) {
  const stopped: BuildStopped[] = [];
  let [events, position, told] = [0, '', 0];
  for await (const page of store.follow({ after: null, signal, batch: PAGE })) {
    for (const [view, fold] of site.folds)
      await fold.take(page.events).catch(async (error: unknown) => {
        if (!(error instanceof BuildStopped)) throw error;
        stopped.push(error);
        await site.leaveOut(view);
      });
    position = page.events.at(-1)?.position ?? position;
    events += page.events.length;
    const progress = { events, position, head };
    onProgress?.(progress);
    if (performance.now() - told > TELL_EVERY_MS) {
      told = performance.now();
      await site.tell(progress);
    }
    if (page.caughtUp || site.folds.size === 0) break;
  }
  signal.throwIfAborted();
  return { events, position, stopped };
}

/** Takes in what came while the tables were loaded; there are few events, and the tables have their indexes now. */
async function overtake(store: EventStore, db: DataSource, schema: string, views: readonly AnyView[], from: Position): Promise<Position> {
  for (let position = from; ;) {
    const page = await store.readAll(position || null, PAGE);
    await db.transaction((tx) => writeAll(tx, schema, views, page));
    position = page.at(-1)?.position ?? position;
    if (page.length < PAGE) return position;
  }
}

async function writeAll(tx: EntityManager, schema: string, views: readonly AnyView[], events: readonly Recorded[]) {
  for (const view of views) await write(tx, schema, view, events);
}

const LOCK_NOT_AVAILABLE = '55P03';

/** The last events, then tables, checkpoints and versions at once. Nobody who reads has to wait longer than it takes to rename. */
async function replace(
  store: EventStore,
  db: DataSource,
  schema: string,
  views: readonly AnyView[],
  from: Position,
  signal: AbortSignal,
): Promise<void> {
  const names = views.map(({ name }) => name);
  const serving = views.map((view) => new Tables(db, LIVE, view));
  const once = (patienceMs: number) =>
    db.transaction(async (tx) => {
      const places = await lock(tx, views);
      let position = from;
      for (let page = await store.readAll(position || null, PAGE); page.length > 0; page = await store.readAll(position, PAGE)) {
        await writeAll(tx, schema, views, page);
        position = page.at(-1)!.position;
      }
      for (const { view, position: served } of places.values())
        if (position < served) throw new Error(`view ${view} serves "${served}", but the log ends at "${position}"`);
      const ours = await tx.query<unknown[]>('select from app.build where view = any($1) and schema = $2 for update', [names, schema]);
      if (ours.length < views.length) throw new Error(`${names.join()}: this build was given up for another one`);
      await tx.query('delete from app.parked where view = any($1)', [names]);
      await tx.query(
        `update app.checkpoint set position = $3, version = built.version, error = null, "failedAt" = null
         from unnest($1::text[], $2::int[]) as built (name, version) where view = built.name`,
        [names, views.map(({ version }) => version), position],
      );
      await tx.query('select pg_notify($1, $2)', [NOTICES, JSON.stringify({ position, touched: null } satisfies Notice)]);
      await tx.query(`set local lock_timeout = ${patienceMs}`);
      await lockAgainstReaders(tx, serving);
      for (const live of serving) await new Tables(db, schema, live.view).replace(tx, live, asideOf(schema));
    });
  // A reader that stays long, or that has one of the tables and waits for another, is waited for outside, so that no others queue behind us.
  // Never as long as PostgreSQL's look for deadlocks takes.
  for (let patienceMs = 10; ; patienceMs = Math.min(500, 2 * patienceMs))
    try {
      return await once(patienceMs);
    } catch (error) {
      if (stateOf(error) !== LOCK_NOT_AVAILABLE || signal.aborted) throw error;
      await pause(patienceMs, signal);
    }
}

/** In one statement: between two of them, readers would come who have one of the tables and wait for another. */
async function lockAgainstReaders(tx: EntityManager, serving: readonly Tables[]): Promise<void> {
  const wanted = serving.flatMap(({ rows, versions, tally }) => [rows, versions, tally]);
  const there = await tx.query<{ name: string }[]>('select name from unnest($1::text[]) name where to_regclass(name) is not null', [
    wanted,
  ]);
  await tx.query(`lock table only app.tally, ${there.map(({ name }) => name).join()} in access exclusive mode`);
}
