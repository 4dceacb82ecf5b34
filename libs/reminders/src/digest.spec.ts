import { eventually } from '../../../test/support/eventually.js';
import type { Message } from './channels.js';
import { type DigestParts, holdDigest } from './digest.js';
import { InboxRow, markRead, messagesOf, unreadOf } from './inbox.js';
import { Government } from './testing.js';

const MONDAY = '2026-11-23';
const TUESDAY = '2026-11-24';
const WEDNESDAY = '2026-11-25';
const SIGNED_LONG_AGO = '2026-10-23';

describe('a digest', () => {
  let government: Government;
  let science: string;
  let finance: string;
  let office: string;
  let member: string;
  let head: string;
  let supervisor: string;

  beforeEach(async () => {
    government = await Government.start();
    government.at('2026-10-21');
    science = await government.unit('省科技厅');
    finance = await government.unit('省财政厅');
    office = await government.unit('省政府督查室');
    member = await government.account(science, 'member', 'member');
    head = await government.account(science, 'head', 'head');
    supervisor = await government.account(office, 'supervisor', 'supervisor');
    await government.account(finance, 'finance', 'member');
  });
  afterEach(() => government.stop());

  const hold = async (unitId: string, on: string, parts: Partial<DigestParts> = {}) => {
    await government.settled();
    await holdDigest({ unitId, on }, { ...government.parts, ...parts });
  };
  const sign = (id: string) => government.ofShare(id, 'AssignmentAcknowledged', {});

  /** A task that the science department leads and has signed for. */
  async function led(title: string, dueOn: string | null) {
    const { taskId, shares } = await government.task(title, dueOn, SIGNED_LONG_AGO, [science, 'lead']);
    await sign(shares[0]);
    return { taskId, share: shares[0] };
  }

  it('records what is due, and tells each person once, with everything in it', async () => {
    await led('引育群主企业', '2026-12-01');
    await led('建设产业创新平台', '2026-11-27');
    await government.task('强化金融支持', null, WEDNESDAY, [science, 'support']);
    government.at(TUESDAY);
    await hold(science, TUESDAY);

    const expected = ['due-3@2026-11-24', 'due-7@2026-11-24', 'acknowledge-before@2026-11-24'];
    expect((await government.reminded()).sort()).toEqual([...expected].sort());
    expect(await government.told(member)).toEqual([expected]);
    expect(await government.told(head)).toEqual([expected]);
    expect(await government.told(supervisor)).toEqual([]);
    const [message] = await messagesOf(government.db, member);
    expect(message).toMatchObject({ on: TUESDAY, readAt: null });
    expect(message!.items[0]).toMatchObject({ title: '建设产业创新平台', unitName: '省科技厅', role: 'lead', dueOn: '2026-11-27' });
  });

  it('says nothing new when it is held again, whether or not it was noted', async () => {
    await led('引育群主企业', '2026-12-01');
    government.at(TUESDAY);
    await hold(science, TUESDAY);
    await hold(science, TUESDAY);
    await government.db.query('truncate app.digest');
    await hold(science, TUESDAY);
    expect(await government.reminded()).toEqual(['due-7@2026-11-24']);
    expect(await government.told(member)).toEqual([['due-7@2026-11-24']]);
  });

  it('held four times at once says everything once', async () => {
    for (let n = 0; n < 20; n++) await led(`任务${n}`, '2026-12-01');
    government.at(TUESDAY);
    await Promise.all([1, 2, 3, 4].map(() => hold(science, TUESDAY)));
    expect(await government.reminded()).toHaveLength(20);
    expect((await government.told(member)).map((items) => items.length)).toEqual([20]);
  });

  it('held again while the view of reminders is behind what the shares say waits for it', async () => {
    for (const title of ['引育群主企业', '建设产业创新平台']) await led(title, '2026-12-01');
    government.at(TUESDAY);
    const { db, parts } = government;
    let asked = 0;
    const ask: DigestParts['ask'] = async (command) => (asked++ === 0 ? parts.ask(command) : Promise.reject(new Error('killed')));
    await expect(hold(science, TUESDAY, { ask })).rejects.toThrow('killed');
    await eventually(async () => (await db.query<unknown[]>('select from app.reminder')).length === 1);

    const busy = db.createQueryRunner();
    await busy.startTransaction();
    await busy.query('lock table app.reminder in exclusive mode');
    const first = holdDigest({ unitId: science, on: TUESDAY }, parts);
    const known = `select from app.assignment where reminders <> '[]'`;
    await eventually(async () => (await db.query<unknown[]>(known)).length === 2);
    let waits = false;
    const reached: DigestParts['progress']['reached'] = (...asked) => {
      waits = true;
      return parts.progress.reached(...asked);
    };
    const second = holdDigest({ unitId: science, on: TUESDAY }, { ...parts, progress: { reached } });
    await Promise.race([second, eventually(async () => waits)]);
    await busy.commitTransaction();
    await busy.release();
    await Promise.all([first, second]);
    expect(await government.told(member)).toEqual([['due-7@2026-11-24', 'due-7@2026-11-24']]);
  });

  it('that breaks off while it records is completed by the next', async () => {
    for (let n = 0; n < 20; n++) await led(`任务${n}`, '2026-12-01');
    government.at(TUESDAY);
    let asked = 0;
    const ask: DigestParts['ask'] = async (command) => {
      if (++asked > 5) throw new Error('killed');
      return government.parts.ask(command);
    };
    await expect(hold(science, TUESDAY, { ask })).rejects.toThrow('killed');
    await hold(science, TUESDAY);
    expect(await government.reminded()).toHaveLength(20);
    expect((await government.told(member)).map((items) => items.length)).toEqual([20]);
  });

  it('that breaks off before anybody heard is told by the next, even on another day and when nothing is due any more', async () => {
    const { share } = await led('引育群主企业', '2026-12-01');
    government.at(TUESDAY);
    await expect(hold(science, TUESDAY, { progress: { reached: async () => false } })).rejects.toThrow('has not reached');
    await government.ofShare(share, 'CompletionSubmitted', { summary: '完成', evidence: [] });
    government.at(WEDNESDAY);
    await hold(science, TUESDAY);
    expect(await government.told(member)).toEqual([]);
    await hold(science, WEDNESDAY);
    expect(await government.told(member)).toEqual([['due-7@2026-11-24']]);
  });

  it('hands the same messages to a channel until it takes them', async () => {
    await led('引育群主企业', '2026-12-01');
    const taken: Message[] = [];
    let broken = true;
    const mail = {
      name: 'mail',
      deliver: async (message: Message) => {
        taken.push(message);
        if (broken) throw new Error('no mail today');
      },
    };
    government.at(TUESDAY);
    await expect(hold(science, TUESDAY, { channels: [mail] })).rejects.toThrow('no mail today');
    broken = false;
    await led('建设产业创新平台', '2026-12-01');
    await hold(science, TUESDAY, { channels: [mail] });
    const [first, ...again] = taken;
    expect(again.map(({ key }) => key).sort()).toEqual([`${head}:${TUESDAY}`, `${member}:${TUESDAY}`].sort());
    expect(again).toContainEqual(first);
    expect(await government.told(member)).toEqual([['due-7@2026-11-24']]);

    government.at(WEDNESDAY);
    await hold(science, WEDNESDAY, { channels: [mail] });
    expect((await government.told(member)).at(-1)).toEqual(['due-7@2026-11-24']);
  });

  it('makes up for one that was missed', async () => {
    await led('引育群主企业', '2026-12-01');
    government.at(MONDAY);
    await hold(science, MONDAY);
    government.at(WEDNESDAY);
    await hold(science, WEDNESDAY);
    expect(await government.told(member)).toEqual([['due-7@2026-11-24']]);
  });

  it('reminds of a date that moved, and of none twice when it moves back', async () => {
    const { taskId } = await led('引育群主企业', '2026-12-01');
    const move = (dueOn: string) => government.ofTask(taskId, { type: 'DueDateSet', data: { dueOn, recurrence: null, words: null } });
    government.at(TUESDAY);
    await hold(science, TUESDAY);
    await move('2026-12-02');
    government.at(WEDNESDAY);
    await hold(science, WEDNESDAY);
    await move('2026-12-01');
    await government.db.query('truncate app.digest');
    await hold(science, WEDNESDAY);
    government.at(TUESDAY);
    await hold(science, TUESDAY);
    expect(await government.reminded()).toEqual(['due-7@2026-11-24', 'due-7@2026-11-25']);
    expect(await government.told(member)).toEqual([['due-7@2026-11-24'], ['due-7@2026-11-25']]);
  });

  it('is silent while completion waits, and goes on after a return without repeating itself', async () => {
    const { share } = await led('引育群主企业', '2026-11-24');
    government.at(MONDAY);
    await hold(science, MONDAY);
    await government.ofShare(share, 'CompletionSubmitted', { summary: '完成', evidence: [] });
    government.at(TUESDAY);
    await hold(science, TUESDAY);
    await government.ofShare(share, 'CompletionReturned', { reason: '缺少佐证' });
    await government.db.query(`delete from app.digest where "on" = '${TUESDAY}'`);
    await hold(science, TUESDAY);
    expect(await government.reminded()).toEqual(['due-1@2026-11-23', 'due-0@2026-11-24']);
    expect(await government.told(member)).toEqual([['due-1@2026-11-23'], ['due-0@2026-11-24']]);
  });

  it('says nothing of a task that was suspended after the plan was made', async () => {
    const { taskId } = await led('引育群主企业', '2026-12-01');
    government.at(TUESDAY);
    const ask: DigestParts['ask'] = async (command) => {
      await government.ofTask(taskId, { type: 'TaskSuspended', data: { reason: '机构调整' } });
      return government.parts.ask(command);
    };
    await hold(science, TUESDAY, { ask });
    expect(await government.reminded()).toEqual([]);
  });

  it('goes to the handler alone once one is appointed, and to everybody when the handler has left', async () => {
    const { share } = await led('引育群主企业', '2026-11-25');
    await government.ofShare(share, 'HandlerAppointed', { handlerId: member, handlerName: '经办人' });
    government.at(TUESDAY);
    await hold(science, TUESDAY);
    await government.record(`account-${member}`, { type: 'AccountClosed', data: { reason: '调离' } });
    government.at(WEDNESDAY);
    await hold(science, WEDNESDAY);
    expect(await government.told(member)).toEqual([['due-1@2026-11-24']]);
    expect(await government.told(head)).toEqual([['due-0@2026-11-25']]);
  });

  it('escalates what nobody signed for: to the head, then to the supervisors, of every unit in one message', async () => {
    await government.task('强化金融支持', null, '2026-11-23', [science, 'lead'], [finance, 'support']);
    for (const on of [TUESDAY, WEDNESDAY]) {
      government.at(on);
      for (const unit of [science, finance, office]) await hold(unit, on);
    }
    expect(await government.told(head)).toEqual([['not-acknowledged-1@2026-11-24']]);
    expect(await government.told(member)).toEqual([]);
    expect(await government.told(supervisor)).toEqual([['not-acknowledged-2@2026-11-25', 'not-acknowledged-2@2026-11-25']]);
    const [message] = await messagesOf(government.db, supervisor);
    expect(message!.items.map(({ unitName }) => unitName).sort()).toEqual(['省科技厅', '省财政厅']);
  });

  it('tells supervisors of two units, and one who also acts for a unit in one message', async () => {
    const second = await government.account(science, 'both', 'supervisor', 'member');
    await led('引育群主企业', '2026-11-17');
    government.at(TUESDAY);
    await Promise.all([hold(science, TUESDAY), hold(office, TUESDAY)]);
    expect((await government.reminded()).sort()).toEqual(['overdue-7-copy@2026-11-24', 'overdue-7@2026-11-24']);
    expect(await government.told(supervisor)).toEqual([['overdue-7-copy@2026-11-24']]);
    expect(await government.told(second)).toEqual([['overdue-7@2026-11-24', 'overdue-7-copy@2026-11-24']]);
    expect(await government.told(member)).toEqual([['overdue-7@2026-11-24']]);
  });

  it('reaches the inbox of nobody else, and is read once', async () => {
    await led('引育群主企业', '2026-12-01');
    government.at(TUESDAY);
    await hold(science, TUESDAY);
    const [message] = await messagesOf(government.db, member);
    const [first, second] = [new Date('2026-11-24T02:00:00Z'), new Date('2026-11-24T03:00:00Z')];
    expect(await markRead(government.db, head, message!.id, first)).toBe(false);
    expect(await unreadOf(government.db, member)).toBe(1);
    expect(await markRead(government.db, member, message!.id, first)).toBe(true);
    expect(await markRead(government.db, member, message!.id, second)).toBe(true);
    expect(await unreadOf(government.db, member)).toBe(0);
    expect((await government.db.manager.findOneByOrFail(InboxRow, { id: message!.id })).readAt).toEqual(first);
    expect(await messagesOf(government.db, member, { before: TUESDAY })).toEqual([]);
  });
});
