import { idFrom } from '@app/domain/ids.js';
import { type TaskRow, tasks } from './tasks.js';
import { Log, supervisor } from './testing.js';
import { foldRows } from './view.js';

const id = idFrom('a task of before');
const obligation = {
  guidelineId: idFrom('guideline'),
  list: '1',
  path: ['三'],
  title: '引育群主企业',
  text: '…',
  passage: [0, 9],
  span: [5, 9],
  assignees: [],
};
const rule = { text: '列第一位者为牵头单位，下同', span: [10, 23] };
const folded = (...facts: [type: string, data: object][]): TaskRow => {
  const messages = facts.map(([type, data]) => ({ type, data }));
  const { events } = new Log().add(`task-${id}`, messages, { by: supervisor, at: new Date(0) });
  return foldRows(tasks, [], events).after.get(id)!;
};

describe('a task of before rules and dates were kept', () => {
  it('has none', () => {
    expect(folded(['TaskOpened', obligation])).toMatchObject({ rules: [], deadlines: [] });
  });

  it('has those of the version that goes on with it, and not for longer', () => {
    const revised: [string, object] = ['TaskRevised', { ...obligation, rules: [rule], deadlines: [] }];
    expect(folded(['TaskOpened', obligation], revised).rules).toEqual([rule]);
    expect(folded(['TaskOpened', obligation], revised, ['TaskRevised', { ...obligation, rules: [] }]).rules).toEqual([]);
  });
});
