import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { SYSTEM } from '@app/domain/actor.js';
import { idFrom } from '@app/domain/ids.js';
import { unit } from '@app/domain/unit.js';
import { everything, followed, idsOf } from '@app/event-store/contract-given.js';
import { type Appended, type Envelope, type EventStore, type NewEvent, NO_STREAM } from '@app/event-store/event-store.js';
import { PostgresEventStore } from '@app/event-store/postgres.js';
import { run } from '@app/read-models/runner.js';
import { openViews } from '@app/read-models/testing.js';
import { VIEWS } from '@app/read-models/views.js';
import { Ledger } from '../support/ledger.js';
import type { Problem } from '../support/visitor.js';
import { caughtUp, inFailures, inLog, inReminders, inViews } from '../support/oracle.js';
import { PlainSequence, SlowCommits } from './slow-commits.js';

let views: Awaited<ReturnType<typeof openViews>>;
let db: DataSource;
let ledger: Ledger;

beforeEach(async () => {
  views = await openViews();
  ({ db } = views);
  ledger = new Ledger();
});
afterEach(() => views.close());

const envelope: Envelope = { by: SYSTEM, at: new Date('2026-11-23T01:00:00Z'), commandId: 'a command' };

/** Asks twice at once, as somebody impatient does. */
async function register(store: EventStore, key: string): Promise<void> {
  const [id, commandId] = [idFrom('unit', key), idFrom('command', key)];
  const data = { name: key, fullName: null, kind: 'department' as const, level: null, parentId: null, aliases: [], members: null };
  const context = { ...envelope, subject: id };
  ledger.sent.set(key, { commandId, records: 'UnitRegistered' });
  const ask = () => store.execute(unit, id, { type: 'RegisterUnit', data }, context, { id: commandId });
  const [{ revision, position }] = await Promise.all([ask(), ask()]);
  ledger.acknowledged.set(key, { id, revision: Number(revision), position });
}

/** Sixteen writers register units while the views follow. */
async function work(store: EventStore, each: number): Promise<void> {
  const stopping = new AbortController();
  const running = run(store, db, VIEWS, stopping.signal, () => {});
  const writer = async (_: unknown, w: number) => {
    for (let n = 0; n < each; n++) await register(store, `${w}-${n}`);
  };
  try {
    await Promise.all(Array.from({ length: 16 }, writer));
    await caughtUp(store, db);
  } finally {
    stopping.abort();
    await running;
  }
}

async function broken(store: EventStore): Promise<string[]> {
  const events = await everything(store, null, 2_000);
  return [...inLog(events, ledger), ...(await inViews(events, db)), ...(await inReminders(events, db))];
}

/** The promises broken, without what exactly. */
const promises = async (store: EventStore) => [...new Set((await broken(store)).map((one) => one.slice(0, 2)))].sort();

async function on<S extends EventStore>(store: S, act: (store: S) => Promise<void>): Promise<void> {
  try {
    await act(store);
  } finally {
    await store.close();
  }
}

describe('with sixteen writers who pause before they commit', () => {
  it('no event is skipped or out of order, for a follower and for the views', () =>
    on(new SlowCommits(views.url), async (store) => {
      const following = followed(store, { after: null }, (all) => all.length === 16 * 10, 60_000);
      await work(store, 10);
      expect(idsOf(await following)).toEqual(idsOf(await everything(store, null)));
      expect(await broken(store)).toEqual([]);
    }));

  it('a plain sequence for positions is found out by the views', () =>
    on(new PlainSequence(views.url), async (store) => {
      await db.query('create sequence positions');
      await work(store, 10);
      expect(await promises(store)).toContain('I5');
    }));
});

/** Whoever overwrites it says what a store of that make gets wrong. */
class Careless extends PostgresEventStore {
  protected plainly(stream: string, events: readonly NewEvent[], expected: bigint, envelope: Envelope): Promise<Appended> {
    return super.append(stream, events, expected, envelope);
  }
  protected async wherever(stream: string, events: readonly NewEvent[], envelope: Envelope): Promise<Appended> {
    const facts = await this.read(stream);
    return this.plainly(stream, events, facts.at(-1)?.revision ?? NO_STREAM, envelope);
  }
}

/** Slow enough for the other of two who ask at once to have read the same. */
class WithoutExpectedRevision extends Careless {
  override async append(stream: string, events: readonly NewEvent[], _: bigint, envelope: Envelope) {
    await wait(300);
    return this.wherever(stream, events, envelope);
  }
}

/** The reply to every tenth is lost, and what is sent again is taken for something else. */
class NotIdempotent extends Careless {
  private appends = 0;

  override async append(stream: string, events: readonly NewEvent[], expected: bigint, envelope: Envelope) {
    const appended = await this.plainly(stream, events, expected, envelope);
    if (this.appends++ % 10 > 0) return appended;
    return this.wherever(
      stream,
      events.map((event) => ({ ...event, id: randomUUID() })),
      envelope,
    );
  }
}

/** Every tenth is acknowledged while it is still to be written, and then the process dies. */
class AcknowledgesFirst extends Careless {
  private appends = 0;

  override async append(stream: string, events: readonly NewEvent[], expected: bigint, envelope: Envelope) {
    if (this.appends++ % 10 > 0) return this.plainly(stream, events, expected, envelope);
    return { revision: expected + BigInt(events.length), position: `p1:${String(this.appends).padStart(20, '0')}` };
  }
}

describe('the oracle', () => {
  it('has nothing to say of the store as it is', () =>
    on(new PostgresEventStore(views.url), async (store) => {
      await work(store, 5);
      expect(await broken(store)).toEqual([]);
    }));

  it.each([
    ['that asks for no revision', WithoutExpectedRevision, ['I1', 'I2']],
    ['that takes a repetition for something new', NotIdempotent, ['I1']],
    ['that acknowledges before it has written', AcknowledgesFirst, ['I1']],
  ])('finds out a store %s', (_, Store, expected) =>
    on(new Store(views.url), async (store) => {
      await work(store, 5);
      expect(await promises(store)).toEqual(expect.arrayContaining(expected));
    }),
  );

  it('finds out a checkpoint that was saved before the rows', () =>
    on(new PostgresEventStore(views.url), async (store) => {
      await work(store, 1);
      await register(store, 'lost');
      await db.query('update app.checkpoint set position = $1', [await store.head()]);
      // Here its process dies, and the next one goes on from what was saved.
      await work(store, 2);
      expect(await promises(store)).toEqual(['I5']);
    }));

  it('finds out a row, a version of one and a counter that are not what the events make of them', () =>
    on(new PostgresEventStore(views.url), async (store) => {
      await work(store, 1);
      await db.query(`update app.unit set name = '别的' where name = '3-0'`);
      await db.query(`delete from app.unit_version where name = '4-0'`);
      await db.query(`insert into app.tally (key, n) values ('assignment:unit:1', 1)`);
      const found = await broken(store);
      expect(new Set(found.map((one) => /I5 (\w+)/.exec(one)?.[1]))).toEqual(new Set(['counter', 'unit']));
      expect(found).toHaveLength(3);
    }));
});

describe('the oracle finds out a reminder', () => {
  const [share, account] = [idFrom('assignment'), idFrom('account')];
  const reminder = { rule: 'due-7', on: '2026-11-24' };
  let store: PostgresEventStore;
  beforeEach(() => (store = new PostgresEventStore(views.url)));
  afterEach(() => store.close());

  const record = async () => {
    const stream = `assignment-${share}`;
    const revision = (await store.read(stream)).at(-1)?.revision ?? NO_STREAM;
    const data = { taskId: idFrom('task'), unitId: idFrom('unit'), ...reminder, to: [account] };
    await store.append(stream, [{ id: randomUUID(), type: 'ReminderSent', data }], revision, envelope);
  };
  const tell = (on: string) =>
    db.query('insert into app.inbox (id, "accountId", "on", items, "createdAt") values ($1, $2, $3, $4, now())', [
      randomUUID(),
      account,
      on,
      JSON.stringify([{ assignmentId: share, ...reminder }]),
    ]);

  it.each<[string, readonly (() => Promise<unknown>)[], string]>([
    ['sent without the fact', [() => tell('2026-11-24')], 'was told without a fact'],
    ['told twice', [record, () => tell('2026-11-24'), () => tell('2026-11-25')], 'was told 2 times'],
    ['recorded twice', [record, record, () => tell('2026-11-24')], 'is recorded twice'],
    ['that nobody was told of', [record], 'was told 0 times'],
  ])('%s', async (_, acts, says) => {
    for (const act of acts) await act();
    expect(await inReminders(await everything(store, null), db)).toEqual([expect.stringMatching(`^I6 due-7 of 2026-11-24 for .*${says}`)]);
  });
});

it('the oracle finds out a failure that is a page, unforeseen, without its time or its sentence, or tells of the inside', () => {
  const type = { 'content-type': 'application/problem+json' };
  const said = { code: 'store.unavailable', title: 'The database cannot be reached.', traceId: '0'.repeat(32) };
  const cases: [status: number, headers: Record<string, string>, body: object][] = [
    [502, { 'content-type': 'text/html', 'retry-after': '2' }, said],
    [500, type, said],
    [503, type, said],
    [400, type, { ...said, title: said.code }],
    [400, type, { ...said, detail: 'at run (/srv/duban/dist/run.js:3:14)' }],
  ];
  const failures = cases.map(([status, headers, body]) => ({ status, headers: new Headers(headers), body: body as Problem }));
  expect(inFailures(failures).map((one) => one.slice(0, 20))).toEqual([
    'I8 no problem+json: ',
    'I8 nobody foresaw it',
    'I8 not when to come ',
    'I8 no code, sentence',
    'I8 tells of the insi',
  ]);
});
