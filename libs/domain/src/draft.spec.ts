import { corrected, mergedOf, wordsOf } from './draft.js';
import { draft, noDate, unit } from './guideline-testing.js';

const rule = { text: '列第一位者为牵头单位，下同', span: [10, 23] as [number, number] };
const yearEnd = {
  text: '2025年底前',
  span: [30, 37] as [number, number],
  dueOn: '2025-12-31',
  recurrence: null,
  flag: null,
  base: null,
  own: false,
};
const approval = { ...yearEnd, text: '批复后3个月内', span: [50, 57] as [number, number], dueOn: null, flag: 'due.event', base: '批复后' };
const read = {
  ...draft('1', unit('省科技厅', 'lead'), unit('省财政厅', 'support')),
  rules: [rule],
  deadlines: [yearEnd],
  due: { dueOn: '2025-12-31', recurrence: null, words: '2025年底前' },
};
const waiting = { ...draft('2', unit('省教育厅', 'lead')), rules: [], deadlines: [approval], due: { ...noDate, words: '批复后3个月内' } };

describe('the sentence that decided the units of a draft', () => {
  it.each([
    ['stays when something else is corrected', { title: '创新' }, [rule]],
    ['stays when units are confirmed or left out', { units: [unit('省科技厅', 'lead')] }, [rule]],
    ['goes when somebody gives a unit another role', { units: [unit('省科技厅', 'lead'), unit('省财政厅', 'lead')] }, []],
    ['goes when somebody names another unit', { units: [unit('省科技厅', 'lead'), unit('省教育厅', 'support')] }, []],
  ])('%s', (_, changes, rules) => {
    expect(corrected(read, changes).rules).toEqual(rules);
  });
});

describe('merged drafts', () => {
  it('have the rules and dates of all, each once, and the date that follows from them', () => {
    const merged = mergedOf(read, [waiting, { ...read, list: '3' }]);
    expect([merged.rules, merged.deadlines, merged.due]).toEqual([[rule], [yearEnd, approval], read.due]);
  });

  it('govern the words of all, in their order', () => {
    const text = '建设平台。别的事。推广应用';
    const [platform, spread] = [
      { ...read, passage: [0, 4] as [number, number] },
      { ...waiting, passage: [9, 13] as [number, number] },
    ];
    expect(wordsOf(mergedOf(platform, [spread, { ...platform, list: '3' }]), text)).toBe('建设平台\n推广应用');
    expect(wordsOf(spread, text)).toBe('推广应用');
  });

  it('have the date that somebody set', () => {
    const set = { dueOn: '2026-02-28', recurrence: null, words: null };
    expect(mergedOf(read, [{ ...waiting, due: set }]).due).toEqual(set);
  });
});

describe('drafts from before rules and dates were kept', () => {
  const old = draft('1', unit('省科技厅', 'lead'));
  const dated = { ...draft('2', unit('省财政厅', 'lead')), due: { dueOn: '2025-12-31', recurrence: null, words: '2025年底前' } };

  it('are corrected and merged into what they were corrected and merged into then', () => {
    const { unsure, ...rest } = old;
    expect(Object.keys(corrected(old, { units: [unit('省教育厅', 'lead')] }))).toEqual([...Object.keys(rest), 'unsure']);
    expect(mergedOf(old, [dated])).toStrictEqual({
      ...old,
      units: [unit('省科技厅', 'lead'), unit('省财政厅', 'lead')],
      due: dated.due,
      unsure,
      passages: [old.passage],
      merged: ['2'],
    });
  });
});
