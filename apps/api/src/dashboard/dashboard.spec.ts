import { addDays, instantAt } from '@app/calendar/days.js';
import { Stack } from '../../../../test/support/stack.js';
import type { Page, Share, Visitor } from '../../../../test/support/visitor.js';
import type { Dashboard, Number } from './dashboard.js';

type Task = { id: string };

let stack: Stack;
let supervisor: Visitor;
let head: Visitor;
const monday = instantAt('2026-11-23', '08:00');

/** The same people, on another day. */
async function on(day: string, time = '20:00') {
  stack.clock.moveTo(instantAt(day, time));
  [supervisor, head] = (await Promise.all(['ducha', 'keji-head'].map(stack.person))) as [Visitor, Visitor];
}

beforeAll(async () => {
  stack = await Stack.start(monday);
  await on('2026-11-22');
  const issued = await stack.issueGuideline(supervisor);
  const text = ['关于另一件事的通知', '一、任务', '1.任务。做好工作。(牵头单位:省科技厅,配合单位:省财政厅)', ''].join('\n');
  const { id } = await supervisor.must(stack.import(supervisor, text));
  await stack.settled();
  await stack.issue(supervisor, id);
  const tasks = await stack.all<Task>(supervisor, `/tasks?guidelineId=${issued}`);
  const dates = ['2026-08-31', '2026-11-20', '2026-11-24', '2026-11-30', '2026-12-05', '2027-06-30'];
  for (const [n, { id }] of tasks.entries())
    if (n % 7 < 6) await supervisor.must(supervisor.put(`/tasks/${id}/due-date`, { dueOn: dates[n % 7] }));
  const act = (share: Share, path: string, body: object = {}) => {
    const method = path === 'reports' ? 'POST' : 'PUT';
    return supervisor.must(supervisor.ask(method, `/assignments/${share.id}/${path}?onBehalfOf=${share.unitId}`, { body }));
  };
  const leads = await stack.all<Share>(supervisor, '/assignments?role=lead');
  for (const [n, share] of leads.filter(({ unitId }) => unitId !== head.unitId).entries()) {
    if (n % 5 > 0) await act(share, 'acknowledgement');
    if (n % 5 > 1) await act(share, 'reports', { done: '进展', problems: '缺资金', status: n % 2 ? 'blocked' : 'in-progress' });
    if (n % 5 > 3 && n % 2 === 0) await act(share, 'completion', { summary: '完成' });
  }
  const own = leads.find(({ unitId }) => unitId === head.unitId)!;
  await act(own, 'reports', { done: '进展' });
  await head.must(head.put(`/assignments/${own.id}/completion`, { summary: '完成' }));
  await supervisor.must(supervisor.put(`/assignments/${own.id}/completion/verification`, {}));
  await supervisor.must(supervisor.put(`/tasks/${tasks[0]!.id}/suspension`, { reason: '等待' }));
  await supervisor.must(supervisor.put(`/tasks/${tasks[1]!.id}/withdrawal`, { reason: '不再需要' }));
  await stack.settled();
});
afterAll(() => stack?.stop());

const shown = (who: Visitor, asOf = '') => who.must(who.get<Dashboard>(`/dashboard${asOf}`));

/** Every number on the dashboard, with where it stands. */
function numbersIn(part: unknown, where: string): [string, Number][] {
  if (typeof part !== 'object' || part === null) return [];
  const inside = Object.entries(part).flatMap(([key, value]) => numbersIn(value, `${where}.${key}`));
  return 'opens' in part ? [[where, part as Number], ...inside] : inside;
}

async function mustOpenWhatItCounts(who: Visitor, asOf?: string) {
  const numbers = numbersIn(await shown(who, asOf), 'dashboard');
  const counts: [string, number][] = [];
  for (const [where, { opens }] of numbers) {
    const rows = await stack.all<{ id: string }>(who, `${opens.path.replace('/api', '')}?${new URLSearchParams(opens.query).toString()}`);
    counts.push([where, new Set(rows.map(({ id }) => id)).size]);
  }
  expect(counts).toEqual(numbers.map(([where, { n }]) => [where, n]));
  return numbers.length;
}

describe('every number of the dashboard', () => {
  it('opens exactly the rows it counts, a week after the guideline was issued, and as of the days between', async () => {
    await on('2026-11-29');
    const { headline, funnel, overdueByWeek, guidelines, units } = await shown(supervisor);
    for (const { n } of [...Object.values(headline), ...funnel, ...overdueByWeek]) expect(n).toBeGreaterThan(0);
    expect([guidelines.length, units.length]).toEqual([2, 94]);
    expect(await mustOpenWhatItCounts(supervisor)).toBeGreaterThan(200);
    await mustOpenWhatItCounts(supervisor, '?asOf=2026-11-24');
  }, 240_000);

  it('of a unit’s head is of that unit alone', async () => {
    const { units, headline } = await shown(head);
    expect(units.map(({ unitId }) => unitId)).toEqual([head.unitId]);
    expect(headline.openTasks.n).toBe((await stack.all(head, '/tasks?standing=open')).length);
    await mustOpenWhatItCounts(head);
    await mustOpenWhatItCounts(head, '?asOf=2026-11-24');
  });
});

describe('the dashboard', () => {
  it('compares with the end of the day a week before', async () => {
    const { today, headline } = await shown(supervisor);
    const before = await shown(supervisor, `?asOf=${addDays(today, -7)}`);
    for (const what of ['openTasks', 'notAcknowledged', 'overdue', 'toVerify'] as const) {
      expect(headline[what].weekAgo.n).toBe(before.headline[what].n);
      expect(headline[what].change).toBe(headline[what].n - before.headline[what].n);
    }
    expect(headline.overdue.change).toBeGreaterThan(0);
    const empty = await shown(supervisor, '?asOf=2026-11-01');
    expect(Object.values(empty.headline).map(({ n, change }) => [n, change])).toEqual([0, 0, 0, 0].map((n) => [n, n]));
  });

  it('has a funnel that narrows, and the reddest unit first', async () => {
    const { funnel, units, overdueByWeek, notAcknowledged } = await shown(supervisor);
    expect(funnel.map(({ stage }) => stage)).toEqual(['issued', 'acknowledged', 'in-progress', 'submitted', 'verified']);
    const narrowing = funnel.map(({ n }) => n);
    expect(narrowing).toEqual(narrowing.toSorted((a, b) => b - a));
    const reds = units.map(({ lights }) => lights.red.n);
    expect(reds).toEqual(reds.toSorted((a, b) => b - a));
    expect(overdueByWeek.map(({ week }) => week)).toEqual([null, '2026-11-16', '2026-11-23']);
    for (const { n, late } of notAcknowledged) expect(late.n).toBeLessThanOrEqual(n);
  });
});

describe('the ledger', () => {
  it('has for each task its units in the order of the list, how they stand, and what they last reported', async () => {
    type Row = Task & { light: string; lights: Record<string, number>; units: Record<string, unknown>[] };
    for (const { id, light, lights, units } of await stack.all<Row>(supervisor, '/tasks')) {
      const shares = await stack.all<Share & { light: { colour: string }; lastReport: { done: string } | null }>(
        supervisor,
        `/tasks/${id}/assignments`,
      );
      const colours = shares.map(({ light }) => light.colour);
      expect(lights).toEqual(
        Object.fromEntries(['red', 'yellow', 'green', 'grey'].map((one) => [one, colours.filter((colour) => colour === one).length])),
      );
      expect(light).toBe(['red', 'yellow', 'green', 'grey'].find((one) => colours.includes(one)));
      const order = ['lead', 'support', 'guide', 'responsible'];
      expect(units.map(({ role }) => order.indexOf(role as string))).toEqual(
        units.map(({ role }) => order.indexOf(role as string)).toSorted((a, b) => a - b),
      );
      for (const unit of units) {
        const behind = shares.filter(({ via, unitId, role }) => (via ?? unitId) === unit['unitId'] && role === unit['role']);
        expect(unit).toMatchObject({
          shares: behind.length,
          acknowledged: behind.filter(({ acknowledgedAt }) => acknowledgedAt !== null).length,
          ...(behind[0]!.via
            ? { status: null, done: null }
            : { unitName: behind[0]!.unitName, status: behind[0]!.status, done: behind[0]!.lastReport?.done ?? null }),
        });
      }
    }
  });

  it('is narrowed by light and by unit to exactly those tasks', async () => {
    type Row = Task & { lights: Record<string, number> };
    const all = await stack.all<Row>(supervisor, '/tasks');
    for (const light of ['red', 'yellow', 'green', 'grey'])
      expect((await stack.all<Row>(supervisor, `/tasks?light=${light}`)).map(({ id }) => id)).toEqual(
        all.filter(({ lights }) => lights[light]! > 0).map(({ id }) => id),
      );
    const mine = await stack.all<Row>(head, '/tasks');
    expect((await stack.all<Row>(supervisor, `/tasks?unitId=${head.unitId}`)).map(({ id }) => id)).toEqual(mine.map(({ id }) => id));
  });
});

describe('the list of shares', () => {
  it('is of one’s own unit for whoever does not read everything', async () => {
    const shares = await stack.all<Share>(head, '/assignments');
    expect(new Set(shares.map(({ unitId }) => unitId))).toEqual(new Set([head.unitId]));
    const foreign = await head.get(`/assignments?unitId=${supervisor.unitId}`);
    expect([foreign.status, foreign.body.code]).toEqual([403, 'unit.not-yours']);
  });

  it.each(['light=blue', 'status=assigned,done', 'why=late', 'role=', 'owed=maybe', 'dueFrom=soon', 'colour=red'])(
    'refuses %s',
    async (filter) => {
      const { status, body } = await supervisor.get(`/assignments?${filter}`);
      expect([status, body.code]).toEqual([400, 'request.invalid']);
    },
  );

  it('page by page has every share once', async () => {
    const ids = async (limit: number) =>
      (await stack.all<Share>(supervisor, '/assignments?light=red,yellow&role=lead', limit)).map(({ id }) => id);
    const whole = await ids(200);
    expect(await ids(7)).toEqual(whole);
    expect(new Set(whole).size).toBe(whole.length);
    const { rows } = await supervisor.must(
      supervisor.get<Page<Share & { light: { colour: string } }>>('/assignments?light=red,yellow&role=lead&limit=200'),
    );
    expect(new Set(rows.map(({ light, role }) => `${light.colour} ${role}`))).toEqual(new Set(['red lead', 'yellow lead']));
  });
});
