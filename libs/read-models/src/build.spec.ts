import type { DataSource } from 'typeorm';
import { idFrom } from '@app/domain/ids.js';
import type { Recorded } from '@app/event-store/event-store.js';
import { MemoryEventStore } from '@app/event-store/memory.js';
import { eventually } from '../../../test/support/eventually.js';
import { accounts } from './accounts.js';
import { apply, OtherVersion } from './apply.js';
import { assignments } from './assignments.js';
import { build, BuildTaken, rebuild } from './build.js';
import { BuildStopped } from './bulk-fold.js';
import { Build, Checkpoint } from './checkpoint.js';
import { type BuildState, healthOf } from './health.js';
import { run } from './runner.js';
import { LIVE, Tables } from './tables.js';
import { tasks } from './tasks.js';
import { contents, fill, forget, openViews, work } from './testing.js';
import { units } from './units.js';
import { type AnyView, foldRows } from './view.js';
import { VIEWS } from './views.js';

const { events } = work(60);

let views: Awaited<ReturnType<typeof openViews>>;
let db: DataSource;
let store: MemoryEventStore;
/** What feeding all events to the views makes of them. */
let fed: unknown[];

beforeAll(async () => {
  views = await openViews();
  db = views.db;
  store = new MemoryEventStore();
  await fill(store, events);
  for (let from = 0; from < events.length; from += 70)
    await apply(db.manager, VIEWS, await page(from, 70), (await page(from - 1, 1))[0]?.position ?? '');
  fed = await contents(db);
});
afterAll(() => views.close());
beforeEach(() => forget(db));

const page = async (from: number, count: number) => (from < 0 ? [] : (await store.readAll(null, from + count)).slice(from));
const placeOf = (view: AnyView) => db.manager.findOneByOrFail(Checkpoint, { view: view.name });
const schemas = () => db.query<{ name: string }[]>(`select nspname as name from pg_namespace where starts_with(nspname, 'build_')`);
const mustBeClean = async () => expect([await schemas(), await db.manager.count(Build)]).toEqual([[], 0]);

/** The assignments as a later version of the code would fold them. */
const later = (mark: string): AnyView => ({
  ...assignments,
  version: assignments.version + 1,
  on: Object.fromEntries(
    Object.entries(assignments.on as AnyView['on']).map(([type, change]) => [
      type,
      (row: object | undefined, event: Recorded) => ({ ...change!(row, event as never), statusReason: mark }),
    ]),
  ),
});
const fold = (view: AnyView, facts: readonly Recorded[]) =>
  [...foldRows<{ id: string }, never>(view, [], facts).after.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
const rowsOf = (view: AnyView) => db.query<{ id: string }[]>(`select * from ${new Tables(db, LIVE, view).rows} order by id`);

describe('building views from the first event', () => {
  it.each([
    ['all rows at hand', undefined],
    ['hardly any row at hand', 1],
    ['some rows at hand', 20_000],
  ])('gives the same rows, versions and counters as feeding them, with %s', async (_, keep) => {
    const { events: read, views: built } = await build(store, db, VIEWS, { keep });
    expect([read, built.length]).toEqual([events.length, VIEWS.length]);
    expect(await contents(db)).toEqual(fed);
    expect((await placeOf(tasks)).position).toBe(await store.head());
    await mustBeClean();
  });

  it('keeps versions that are, as of any position, what the events up to there make of the rows', async () => {
    await build(store, db, VIEWS, { keep: 1 });
    const facts = await store.readAll(null, 10_000);
    for (const view of [assignments, tasks, units] as AnyView[])
      for (let n = 3; n < facts.length; n += 41) {
        const asOf = await db.query<{ id: string; from: string }[]>(
          `select distinct on (id) * from ${new Tables(db, LIVE, view).versions} where "from" <= $1 order by id, "from" desc`,
          [facts[n]!.position],
        );
        expect(asOf).toEqual(fold(view, facts.slice(0, n + 1)).map((row, at) => ({ ...row, from: asOf[at]?.from })));
      }
  });

  it('makes tables with the columns and indexes that the entities name', async () => {
    await build(store, db, VIEWS);
    const { upQueries } = await db.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query).filter((query) => !/INDEX/.test(query))).toEqual([]);
    // The names of indexes are PostgreSQL's; what they are on is the entity's.
    const wanted = upQueries.map(({ query }) => /^CREATE INDEX "\w+" (ON .*)$/.exec(query)?.[1]).filter((on) => on !== undefined);
    const found = await db.query<{ on: string }[]>(
      `select regexp_replace(indexdef, '^CREATE INDEX \\S+ ', '') as on from pg_indexes where schemaname = 'app'`,
    );
    const plain = (on: string) => on.replaceAll(/["() ]|USING btree/gi, '').toLowerCase();
    expect(wanted.length).toBeGreaterThan(10);
    expect(wanted.filter((on) => !found.some((one) => plain(one.on) === plain(on)))).toEqual([]);
  });

  it('is how a view that has read nothing catches up with a long log', async () => {
    const long = new MemoryEventStore();
    await fill(long, work(700).events);
    const numberBefore = await buildNumber();
    const stopping = new AbortController();
    const told: unknown[] = [];
    const running = run(long, db, VIEWS, stopping.signal, (_, error) => told.push(error));
    try {
      const head = await long.head();
      await eventually(async () => (await db.manager.countBy(Checkpoint, { position: head! })) === VIEWS.length, 'all at the head');
      expect(await buildNumber()).toBe(numberBefore + 1);
      expect(told).toEqual([]);
    } finally {
      stopping.abort();
      await running;
    }
    expect(await rowsOf(assignments)).toEqual(fold(assignments, await long.readAll(null, 10_000)));
    await mustBeClean();
  });
});

const buildNumber = async () => {
  const [{ n }] = await db.query<[{ n: number }]>('select last_value::int as n from app.build_number');
  return n;
};

describe('while a view is built', () => {
  /** Writes go on, and this process feeds the old view, until `act` is done; however long it takes, `writeNext` has events left for it. */
  async function amidWrites(act: (more: MemoryEventStore, writeNext: () => Promise<void>) => Promise<void>): Promise<void> {
    const busy = new MemoryEventStore();
    await fill(busy, events.slice(0, 300));
    const rest = events.slice(300);
    const writeNext = () => fill(busy, rest.splice(0, 1));
    const stopping = new AbortController();
    const told: unknown[] = [];
    const running = run(busy, db, VIEWS, stopping.signal, (_, error) => told.push(error));
    let done = false;
    const writing = (async () => {
      while (!done && rest.length > 20) {
        await writeNext();
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    try {
      await eventually(async () => (await db.manager.findOneBy(Checkpoint, { view: 'assignment' }))?.position, 'fed');
      await act(busy, writeNext);
    } finally {
      done = true;
      await writing;
      await fill(busy, rest);
      const head = await busy.head();
      await eventually(async () => (await db.manager.countBy(Checkpoint, { position: head! })) >= VIEWS.length - 1, 'at the head');
      stopping.abort();
      await running;
    }
    expect(told.filter((error) => !(error instanceof OtherVersion))).toEqual([]);
  }

  it.each([10, 50, 95])(
    'and its builder dies at %i %, the old one is fed and read as before, and the next build leaves nothing of the first',
    async (percent) => {
      await amidWrites(async (busy, writeNext) => {
        const kill = () =>
          db.query(
            `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'duban build' and datname = current_database()`,
          );
        let read = 0;
        const pages = slowly(busy, 20, async (page) => {
          read += page.length;
          if (read >= (300 * percent) / 100) await kill();
        });
        // Whichever of its connections speaks first says it in its own words.
        await expect(rebuild(pages, db, assignments)).rejects.toBeInstanceOf(Error);
        expect((await schemas()).length).toBe(2);
        expect((await healthOf(busy, db)).builds).toMatchObject([{ view: 'assignment', version: assignments.version, alive: false }]);
        const { position } = await placeOf(assignments);
        await writeNext();
        await eventually(async () => (await placeOf(assignments)).position > position, 'fed on');
        await rebuild(busy, db, assignments);
        await mustBeClean();
      });
      expect(await contents(db)).toEqual(fed);
    },
  );

  it('health says how far it is', async () => {
    const seen: BuildState[] = [];
    let looking: Promise<unknown> = Promise.resolve();
    const onProgress = () => void (looking = looking.then(async () => seen.push(...(await healthOf(store, db)).builds)));
    await rebuild(slowly(store, 20), db, assignments, { onProgress });
    await looking;
    expect(seen[0]).toMatchObject({ view: 'assignment', version: assignments.version, alive: true });
    expect(seen.every(({ percent }, n) => percent >= (seen[n - 1]?.percent ?? 0) && percent <= 100)).toBe(true);
    expect((await healthOf(store, db)).builds).toEqual([]);
  });

  it('and it is given up, nothing of it stays', async () => {
    await apply(db.manager, VIEWS, await store.readAll(null, 10_000), '');
    const giving = new AbortController();
    const building = rebuild(slowly(store, 20), db, assignments, { signal: giving.signal, onProgress: () => giving.abort() });
    await expect(building).rejects.toThrow('aborted');
    await mustBeClean();
    expect(await contents(db)).toEqual(fed);
  });

  it('a second builder is refused, and what the first made is right', async () => {
    const tried = await Promise.allSettled([rebuild(store, db, assignments), rebuild(store, db, assignments)]);
    const refused = tried.filter((one) => one.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(refused.length).toBe(1);
    expect(refused[0]).toBeInstanceOf(BuildTaken);
    expect(await rowsOf(assignments)).toEqual(fold(assignments, await store.readAll(null, 10_000)));
    await mustBeClean();
  });

  it('a reader sees the old rows with the old version or the new with the new, and never waits long', async () => {
    await apply(db.manager, VIEWS, await store.readAll(null, 10_000), '');
    const seen = new Set<string>();
    let [done, slowest] = [false, 0];
    // Whoever reads two tables has one of them first, and not all the same one.
    const [rowsFirst, versionsFirst] = ['app.assignment', 'app.assignment_version'].map(
      (first) =>
        `select (select string_agg(distinct coalesce("statusReason", 'old'), ',') from app.assignment)
           || ' ' || (select count(*) from app.assignment where "statusReason" is not distinct from v."statusReason")
           || ' of ' || (select count(*) from app.assignment) || ', version ' || (select version from app.checkpoint where view = 'assignment')
           as state
         from (select from ${first} limit 1) f, (select "statusReason" from app.assignment_version order by id, "from" limit 1) v`,
    ) as [string, string];
    const read = async (question: string) => {
      while (!done) {
        const began = performance.now();
        const [{ state }] = await db.query<[{ state: string }]>(question);
        seen.add(state);
        slowest = Math.max(slowest, performance.now() - began);
      }
    };
    const reading = Promise.all([rowsFirst, versionsFirst, rowsFirst, versionsFirst].map(read));
    await eventually(async () => [...seen].some((state) => state.startsWith('old')), 'the old one seen');
    await rebuild(store, db, later('new'));
    await eventually(async () => [...seen].some((state) => state.startsWith('new')), 'the new one seen');
    done = true;
    await reading;
    expect([...seen].sort()).toEqual(['new 120 of 120, version 3', 'old 120 of 120, version 2']);
    expect(slowest).toBeLessThan(10_000);
  });
});

describe('a newer version of a view', () => {
  it('is built beside by a worker that has it, and left alone by one that has the older', async () => {
    const busy = new MemoryEventStore();
    await fill(busy, events.slice(0, 200));
    const stopping = new AbortController();
    const told: unknown[] = [];
    const newer = later('new');
    const lateRevision = events.findLast(({ stream }) => stream === `task-${idFrom('work', 0)}`)!.revision;
    const older = run(busy, db, VIEWS, stopping.signal, (_, error) => told.push(error));
    await eventually(async () => (await placeOf(assignments).catch(() => null))?.position === (await busy.head()), 'the older at the head');
    const both = Promise.all([
      older,
      run(
        busy,
        db,
        VIEWS.map((view) => (view === assignments ? newer : view)),
        stopping.signal,
        (_, error) => told.push(error),
      ),
    ]);
    try {
      for (const event of events.slice(200)) await fill(busy, [event]);
      await eventually(async () => {
        const { version, position } = await placeOf(assignments);
        return version === newer.version && position === (await busy.head());
      }, 'the newer at the head');
      await busy.append(`task-${idFrom('work', 0)}`, [{ id: idFrom('late'), type: 'CommentAdded', data: { text: '' } }], lateRevision, {
        ...events[0]!,
      });
      await eventually(
        async () => told.length > 0 && (await placeOf(assignments)).position === (await busy.head()),
        'the older has said so',
      );
    } finally {
      stopping.abort();
      await both;
    }
    expect(await rowsOf(assignments)).toEqual(fold(newer, await busy.readAll(null, 10_000)));
    expect(told).toEqual([new OtherVersion(assignments, newer.version)]);
    await mustBeClean();
  });

  it('that cannot take an event is given up with a sentence, and the old rows go on to be read', async () => {
    await apply(db.manager, VIEWS, await store.readAll(null, 10_000), '');
    const newer = later('new');
    const stream = events.find(({ type }) => type === 'ProgressReported')!.stream;
    const broken: AnyView = {
      ...newer,
      on: {
        ...newer.on,
        ProgressReported: (row: object | undefined, event: Recorded) => {
          if (event.stream === stream) throw new Error('cannot be read');
          return newer.on['ProgressReported']!(row, event) as object;
        },
      },
    };
    const built = await build(store, db, [accounts, broken]);
    expect(built.views).toEqual([accounts]);
    expect(built.stopped.map(({ message }) => message)).toEqual([
      expect.stringContaining(`view assignment cannot take ProgressReported of ${stream} at m1:`),
    ]);
    expect(await contents(db)).toEqual(fed);
    await mustBeClean();

    const stopping = new AbortController();
    const told: unknown[] = [];
    const running = run(store, db, [broken], stopping.signal, (_, error) => told.push(error));
    await eventually(async () => (await placeOf(assignments)).error, 'the failure shown');
    stopping.abort();
    await running;
    expect(told).toEqual([expect.any(BuildStopped)]);
    expect(await contents(db)).toEqual(fed);
  });
});

/** The same log, a few events at a time. */
function slowly(
  log: MemoryEventStore,
  size: number,
  before: (page: readonly Recorded[]) => Promise<void> = async () => {},
): MemoryEventStore {
  return Object.assign(Object.create(log) as MemoryEventStore, {
    async *follow(options: Parameters<MemoryEventStore['follow']>[0]) {
      for await (const page of log.follow({ ...options, batch: size })) {
        await before(page.events);
        yield page;
      }
    },
  });
}
