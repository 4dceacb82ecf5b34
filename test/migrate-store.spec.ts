import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { instantAt } from '@app/calendar/days.js';
import { everything } from '@app/event-store/contract-given.js';
import { copyStore } from '@app/event-store/copy-store.js';
import type { EventStore } from '@app/event-store/event-store.js';
import { openEventStore } from '@app/event-store/open-event-store.js';
import { unitsToHold } from '@app/reminders/sweep.js';
import { createDatabase, type TestDatabase } from './support/database.js';
import { EventStoreDBStandIn } from './support/eventstoredb-stand-in.js';
import { eventually } from './support/eventually.js';
import { caughtUp, inReminders, inViews } from './support/oracle.js';
import { runVerb } from './support/process.js';
import { environment } from './support/program.js';
import { noCorner } from './support/elsewhere.js';
import { Stack } from './support/stack.js';
import type { Done, Share } from './support/visitor.js';

const urlOf = ({ port }: EventStoreDBStandIn) => `esdb://127.0.0.1:${port}?tls=false`;

let standIn: EventStoreDBStandIn;
beforeEach(async () => (standIn = await EventStoreDBStandIn.start()));
afterEach(() => standIn.kill());

async function opened<T>(urls: readonly string[], work: (...stores: EventStore[]) => Promise<T>): Promise<T> {
  const stores = await Promise.all(urls.map(openEventStore));
  try {
    return await work(...stores);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}

describe('a product whose events have moved', () => {
  let stack: Stack;
  beforeAll(async () => (stack = await Stack.start(undefined, [], noCorner)), 60_000);
  afterAll(() => stack.stop());

  const move = (from: string, to: string) => opened([from, to], (source, target) => copyStore(source!, target!));
  const remindedOn = async (day: string) => {
    stack.clock.moveTo(instantAt(day, '09:30'));
    await eventually(async () => (await unitsToHold(stack.db, day)).length === 0, `every digest of ${day}`, 30_000);
    await stack.settled();
  };
  const todosOf = async (login: string) => {
    const person = await stack.person(login);
    const { rows, counts } = await person.must(person.get<{ rows: Share[]; counts: object }>(`/units/${person.unitId}/todos`));
    return { counts, rows: rows.map(({ id, status }) => [id, status]) };
  };

  it('does nothing twice there, shows the same, and goes on; and comes back the same way', async () => {
    const back = await createDatabase();
    const supervisor = await stack.person('ducha');
    const guideline = await stack.issueGuideline(supervisor);
    await supervisor.must(supervisor.put(`/guidelines/${guideline}/due-date`, { dueOn: '2026-12-01' }));
    await remindedOn('2026-11-24');
    const early = (await stack.events()).at(-1)!.position;

    for (const [home, mark, day] of [
      [urlOf(standIn), 'k1', '2026-11-25'],
      [back.url, 'p1', '2026-11-26'],
    ] as const) {
      const [before, shown] = [await stack.events(), await todosOf('keji')];
      expect(before.some(({ type }) => type === 'ReminderSent')).toBe(true);
      await stack.moveTo(home, move);
      await caughtUp(stack.store, stack.db);
      expect(await todosOf('keji')).toEqual(shown);

      const person = await stack.person('ducha');
      const [task] = await stack.all<{ id: string }>(person, '/tasks');
      const text = `in ${mark}`;
      const said = await person.must(person.post<Done>(`/tasks/${task!.id}/comments`, { text }));
      expect(said.position.slice(0, 3)).toBe(`${mark}:`);
      const after = { 'duban-after': said.position };
      const history = await person.must(person.get<{ rows: { data: { text?: string } }[] }>(`/tasks/${task!.id}/history?limit=200`, after));
      expect(history.rows.filter(({ data }) => data.text === text)).toHaveLength(1);
      // A client who still has a place of before is not kept waiting for it.
      expect((await person.get('/tasks', { 'duban-after': early })).status).toBe(200);

      // The distributor has gone on behind what it did before, and found nothing else to do.
      await eventually(async () => {
        const [row] = await stack.db.query<{ position: string }[]>(`select position from app.follower where name = 'distributor'`);
        return row!.position === said.position;
      }, 'the distributor has come to the comment');
      const recorded = (await stack.events()).slice(before.length);
      const acts = recorded.map(({ type }) => type).filter((type) => type !== 'ReminderSent' && type !== 'SignedIn');
      expect(acts).toEqual(['CommentAdded']);
      await remindedOn(day);
      const events = await stack.events();
      expect(events.slice(0, before.length).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
      expect([...(await inViews(events, stack.db)), ...(await inReminders(events, stack.db))]).toEqual([]);
    }
    await stack.moveTo(undefined, move);
    await back.drop();
  });

  it('does not start on a store that lacks what the database has seen', async () => {
    const empty = await EventStoreDBStandIn.start();
    await expect(stack.moveTo(urlOf(empty), async () => {})).rejects.toMatchObject({ code: 'store.not-ours' });
    empty.kill();
  });
});

describe('./duban migrate-store', () => {
  let database: TestDatabase;
  beforeEach(async () => (database = await createDatabase()));
  afterEach(() => database.drop());

  const fill = (count: number) =>
    opened([database.url], async (store) => {
      const by = { accountId: '', name: '', unitId: null, unitName: '', roles: [] };
      const id = (n: number) => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`;
      const jobs = Array.from({ length: count }, (_, n) => n);
      await Promise.all(
        jobs.map((n) =>
          store!.append(`letter-${n}`, [{ id: id(n), type: 'LetterWritten', data: { n } }], -1n, {
            by: by as never,
            at: new Date(),
            commandId: `c${n}`,
          }),
        ),
      );
    });
  const migrate = (from: string, to: string, language = 'en') =>
    runVerb(`migrate-store --from ${from} --to ${to}`, { DUBAN_LANG: language });

  it('may be killed at any moment, and ends with the same count and hash on both sides', async () => {
    await fill(3_000);
    for (let killed = 0, copied = 0; killed < 3; killed++) {
      const child: ChildProcess = spawn(
        process.execPath,
        ['dist/apps/cli/src/main.js', 'migrate-store', '--from', database.url, '--to', urlOf(standIn)],
        { env: environment({}), stdio: 'ignore' },
      );
      const gone = once(child, 'exit');
      await eventually(async () => standIn.log.all.length > copied + 100, 'more copied');
      child.kill('SIGKILL');
      await gone;
      copied = standIn.log.all.length;
      expect(copied).toBeLessThan(3_000);
    }
    const { code, output } = await migrate(database.url, urlOf(standIn));
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    expect(output).toMatch(/Both sides have the same 3,000 events \(\d+ copied now, \d+ there before/);
    expect(output).toMatch(/sha256 [0-9a-f]{64}\n/);
    const contents = await opened([database.url, urlOf(standIn)], (...stores) =>
      Promise.all(stores.map(async (store) => (await everything(store, null)).map(({ position: _position, ...event }) => event))),
    );
    expect(contents[1]).toEqual(contents[0]);
  });

  it('says in both languages what is wrong, and what to do', async () => {
    const away = 'postgres://duban:secret@127.0.0.1:9/duban';
    const cases: [string, string, number, RegExp, RegExp][] = [
      ['mysql://li:secret@db/x', urlOf(standIn), 2, /mysql:\/\/li:\*\*\*@db\/x.*address of an event store/, /不是事件库地址/],
      [database.url, database.url.replace('postgres:', 'postgresql:'), 2, /same store/, /同一个事件库/],
      [urlOf(standIn), `${urlOf(standIn)}&namespace=anhui`, 2, /own backup and restore/, /自带的备份与恢复/],
      [away, urlOf(standIn), 1, /duban:\*\*\*@127.0.0.1:9.*cannot be used.*Nothing was changed/, /无法使用.*未作任何改动/],
      [database.url, 'esdb://127.0.0.1:9?tls=false', 1, /esdb:\/\/127.0.0.1:9.*cannot be used/, /无法使用/],
    ];
    for (const [from, to, code, en, zh] of cases) {
      const [english, chinese] = await Promise.all([migrate(from, to, 'en'), migrate(from, to, 'zh')]);
      expect(english).toEqual({ code, output: expect.stringMatching(en) });
      expect(chinese).toEqual({ code, output: expect.stringMatching(zh) });
      expect(english.output + chinese.output).not.toContain('secret');
    }
    await fill(5);
    await opened([urlOf(standIn)], (store) =>
      store!.append('other-1', [{ id: '00000000-0000-0000-0000-000000000001', type: 'Other', data: {} }], -1n, {
        by: {} as never,
        at: new Date(),
        commandId: 'x',
      }),
    );
    expect(await migrate(database.url, urlOf(standIn))).toEqual({
      code: 1,
      output: expect.stringMatching(/number 1, other-1.*nothing was changed/),
    });
    expect(await migrate(database.url, urlOf(standIn), 'zh')).toEqual({ code: 1, output: expect.stringMatching(/请换一个空的目标库/) });
  });
});
