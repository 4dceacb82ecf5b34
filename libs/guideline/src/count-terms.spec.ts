import { countedDates } from './count-terms.js';
import { readGuideline } from './read.js';
import { draftsOf } from './to-drafts.js';

const draftsIn = (text: string) => draftsOf(readGuideline(text));
const due = (words: string, issuedOn: string | null, today = '2026-11-26') => {
  const [draft] = draftsIn(`1.建设平台。${words}。（省科技厅负责）`);
  const counted = countedDates([draft!], issuedOn, today).get('1');
  return counted ? [counted.due.dueOn, ...counted.deadlines.map(({ flag }) => flag)] : null;
};

describe('a term that counts from the day of issue', () => {
  it.each([
    ['印发后15个工作日内制定方案', '2024-08-19', ['2024-09-09', null]],
    // 2024年9月29日 and 10月12日 were Sundays and Saturdays that people worked.
    ['自本意见印发之日起１０个工作日内报送', '2024-09-26', ['2024-10-15', null]],
    ['印发之日起3个月内完成', '2024-11-30', ['2025-02-28', null]],
    ['6月底前完成评估', '2026-03-01', ['2026-06-30', 'due.year-unsaid']],
  ])('%s, of %s', (words, issuedOn, expected) => {
    expect(due(words, issuedOn)).toEqual(expected);
  });

  it('counts from the day it is issued here where the document gives none, and says so', () => {
    expect(due('印发后15个工作日内制定方案', null)).toEqual(['2026-12-17', 'due.from-handout']);
  });

  it('has no year where the document gives none', () => {
    expect(due('6月底前完成评估', null)).toBeNull();
  });

  it('is counted anew when the day of issue was read wrong', () => {
    const [draft] = draftsIn('某市人民政府\n2024年8月19日\n\n1.建设平台。印发后5个工作日内制定方案。（市科技局负责）\n');
    expect(draft!.due.dueOn).toBe('2024-08-26');
    expect(countedDates([draft!], '2024-08-19', '2026-11-26').size).toBe(0);
    expect(countedDates([draft!], '2024-08-26', '2026-11-26').get('1')!.due.dueOn).toBe('2024-09-02');
  });
});

it.each(['2025年底前完成', '自项目批复之日起3个月内完成', '每季度报送', '从2023年起实施'])('%s hangs on no day of issue', (words) => {
  expect(due(words, '2024-08-19')).toBeNull();
});

it('leaves a date that somebody set, and counts beside it', () => {
  const [draft] = draftsIn('1.建设平台。印发后15个工作日内制定方案。（省科技厅负责）');
  const set = { dueOn: '2027-01-31', recurrence: null, words: null };
  const counted = countedDates([{ ...draft!, due: set }], '2024-08-19', '2026-11-26').get('1')!;
  expect([counted.due, counted.deadlines[0]!.dueOn]).toEqual([set, '2024-09-09']);
});
