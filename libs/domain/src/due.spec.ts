import { datesToCheck, type Deadline, dueOf, isAsRead } from './due.js';

const said = (text: string, more: Partial<Deadline> = {}): Deadline => ({
  text,
  span: [0, text.length],
  dueOn: null,
  recurrence: null,
  flag: null,
  base: null,
  own: false,
  ...more,
});
const on = (text: string, dueOn: string, more: Partial<Deadline> = {}) => said(text, { dueOn, ...more });

const y2025 = on('到2025年', '2025-12-31');
const y2027 = on('到2027年', '2027-12-31');
const own2026 = on('2026年6月', '2026-06-30', { own: true });
const quarterly = said('每季度', { recurrence: '每季度' });
const goesOn = said('持续推进', { recurrence: '持续推进', flag: 'due.open', own: true });
const approval = said('自批复之日起3个月内', { flag: 'due.event', base: '自批复之日起' });
const ownApproval = { ...approval, own: true };
const starts = said('从2023年起', { flag: 'due.start' });
const june = on('6月底前', '2026-06-30', { flag: 'due.year-unsaid' });

describe('when the work of a list is due, of all that is said', () => {
  it.each<[rule: string, said: Deadline[], dueOn: string | null, recurrence: string | null, words: string | null]>([
    ['nothing is said', [], null, null, null],
    ['the last of several days', [y2027, y2025], '2027-12-31', null, '到2027年'],
    ['the day of the list itself before those of its passage', [own2026, y2027], '2026-06-30', null, '2026年6月'],
    ['a rhythm beside the day', [y2025, quarterly], '2025-12-31', '每季度', '到2025年'],
    ['the rhythm where no day is said', [quarterly], null, '每季度', '每季度'],
    ['the day of the passage where the list itself says that work goes on', [goesOn, y2027], '2027-12-31', '持续推进', '到2027年'],
    ['the day where the passage also names an event', [approval, y2025], '2025-12-31', null, '到2025年'],
    ['no day where the list itself waits for an event', [ownApproval, y2027], null, null, '自批复之日起3个月内'],
    ['no day where work only starts', [starts], null, null, '从2023年起'],
  ])('%s', (_, deadlines, dueOn, recurrence, words) => {
    expect(dueOf(deadlines)).toEqual({ dueOn, recurrence, words });
  });
});

describe('a date to check', () => {
  const codes = (...deadlines: Deadline[]) => datesToCheck({ due: dueOf(deadlines), deadlines }).map(({ code }) => code);

  it.each<[what: string, deadlines: Deadline[], codes: string[]]>([
    ['is one that waits for an event', [approval], ['due.event']],
    ['is one whose year was assumed', [june], ['due.year-unsaid']],
    ['is none that stands in full', [y2025, quarterly], []],
    ['is none that only says when work starts or that it goes on', [starts, goesOn], []],
    ['is none of those that were not taken', [{ ...june, dueOn: '2024-06-30' }, approval, y2025], []],
  ])('%s', (_, deadlines, expected) => {
    expect(codes(...deadlines)).toEqual(expected);
  });

  it('says the words, and what the term counts from', () => {
    expect(datesToCheck({ due: dueOf([approval]), deadlines: [approval] })).toEqual([
      { code: 'due.event', details: { words: '自批复之日起3个月内', base: '自批复之日起' } },
    ]);
  });

  it.each(['2026-03-31', null])('is none once somebody said so: %s', (dueOn) => {
    const due = { dueOn, recurrence: null, words: null };
    expect(isAsRead({ due, deadlines: [approval] })).toBe(false);
    expect(datesToCheck({ due, deadlines: [approval] })).toEqual([]);
  });

  it('is none of what was recorded before dates were kept', () => {
    expect(datesToCheck({ due: { dueOn: '2026-03-31', recurrence: null, words: '2026年3月' } })).toEqual([]);
    expect(datesToCheck({ due: null })).toEqual([]);
  });
});
