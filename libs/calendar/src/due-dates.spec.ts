import fc from 'fast-check';
import { dueDatesIn } from './due-dates.js';

const issuedOn = '2024-08-16';
const inText = (text: string, context = {}) =>
  dueDatesIn(text, context).map(({ start, end, dueOn, recurrence, flag }) => [text.slice(start, end), dueOn ?? recurrence ?? flag]);
const inField = (text: string, context = {}) => inText(text, { field: true, ...context });

describe('a due date in a sentence', () => {
  it.each([
    ['2025年底前完成', '2025年底前', '2025-12-31'],
    ['以期在2024年或之前改划', '2024年或之前', '2024-12-31'],
    ['于2024/25学年或之前,所有学校', '2024/25学年或之前', 'due.fiscal-year'],
    ['到2027年建成体系', '到2027年', '2027-12-31'],
    ['2025年10月31日前完工', '2025年10月31日前', '2025-10-31'],
    ['2024年6月底前制定目录', '2024年6月底前', '2024-06-30'],
    ['2024年上半年,试点城市印发方案', '2024年上半年', '2024-06-30'],
    ['2026年第三季度完成', '2026年第三季度', '2026-09-30'],
    ['2025年2月底前', '2025年2月底前', '2025-02-28'],
    ['2025年3月中旬前', '2025年3月中旬前', '2025-03-20'],
    ['二〇二五年十月底前', '二〇二五年十月底前', '2025-10-31'],
    ['民国113年底前', '民国113年底前', '2024-12-31'],
    ['“十四五”末', '“十四五”末', '2025-12-31'],
    ['不晚于2026年3月15日', '不晚于2026年3月15日', '2026-03-15'],
    ['by 30 June 2026', 'by 30 June 2026', '2026-06-30'],
    ['By February 2020, agencies', 'By February 2020', '2020-02-29'],
    ['by end-2026', 'by end-2026', '2026-12-31'],
    ['2019年1月1日至12月31日', '2019年1月1日至12月31日', '2019-12-31'],
    ['115年底前完成', '115年底前', '2026-12-31'],
    ['2025年国庆节前推出', '2025年国庆节前', '2025-09-30'],
    ['2026年春节前完成', '2026年春节前', 'due.unread'],
    ['力争2025年开行', '力争2025年', '2025-12-31'],
    ['2027年投入运行', '2027年', '2027-12-31'],
    ['by end-May 2026', 'by end-May 2026', '2026-05-31'],
    ['by late May 2026', 'by late May 2026', 'due.unread'],
    ['T+30日内提交', 'T+30日内', 'due.relative'],
    ['从7月起按月通报', '从7月起', 'due.start'],
    ['最迟不超过2025年11月15日', '最迟不超过2025年11月15日', '2025-11-15'],
    ['2025年12月31日24时前', '2025年12月31日24时前', '2025-12-31'],
  ])('%s', (text, words, day) => {
    expect(inText(text)).toEqual([[words, day]]);
  });

  it.each([
    ['从2023年起实施', '从2023年起', 'due.start'],
    ['自2024年3月1日起施行', '自2024年3月1日起', 'due.start'],
    ['每年择优选择一批', '每年', '每年'],
    ['每季度召开一次会议', '每季度召开一次', '每季度召开一次'],
    ['逐月报送', '逐月', '逐月'],
    ['每年12月底前报送', '每年12月底前', '每年12月底前'],
    ['每年国庆节前完成', '每年国庆节前', '每年国庆节前'],
    ['每年10个项目', '每年', '每年'],
    ['5年内重点引进', '5年内', 'due.relative'],
    ['自验收合格之日起3个月内', '自验收合格之日起3个月内', 'due.event'],
    ['印发后15个工作日内', '印发后15个工作日内', 'due.no-issue-date'],
  ])('%s gives no day', (text, words, answer) => {
    expect(inText(text)).toEqual([[words, answer]]);
  });

  it.each([
    '培育时间为3年',
    '连续3年位于前列',
    '年内无安全事故',
    '优惠政策延长到2026年底',
    '2026年6月前到期的合同',
    '有效期至2027年12月31日',
    '《行动计划(2021—2025年)》',
    '2025年度计划',
    '自国务院批准设立之日起',
    '压缩至3个工作日内',
    '2019年以来',
    '35个以上',
    '9月上旬完成了普查',
    '一季度增长6%',
    '第三方检测',
    'the Privacy Act of 1974',
  ])('is not in %s', (text) => {
    expect(inText(text)).toEqual([]);
  });
});

describe('a due date that counts from the day of issue', () => {
  it.each([
    ['印发后15个工作日内', '印发后15个工作日内', '2024-09-06'],
    ['本意见印发之日起30日内', '本意见印发之日起30日内', '2024-09-15'],
    ['自本方案印发之日起6个月内', '自本方案印发之日起6个月内', '2025-02-16'],
    ['年底前完成', '年底前', '2024-12-31'],
    ['明年6月底前', '明年6月底前', '2025-06-30'],
    ['次年1月底前', '次年1月底前', '2025-01-31'],
    ['9月上旬完成普查', '9月上旬', '2024-09-10'],
    ['三季度末前', '三季度末前', '2024-09-30'],
  ])('%s', (text, words, day) => {
    expect(inText(text, { issuedOn })).toEqual([[words, day]]);
  });

  it('says when the holidays on the way are not announced yet', () => {
    expect(dueDatesIn('印发后15个工作日内', { issuedOn: '2089-12-20' })[0]).toMatchObject({ flag: 'due.calendar-unknown' });
  });

  it('says when the year was not in the words', () => {
    expect(dueDatesIn('10月31日前', { issuedOn })[0]).toMatchObject({ dueOn: '2024-10-31', flag: 'due.year-unsaid' });
  });
});

describe('a field for dates', () => {
  it.each([
    ['2026年6月', '2026年6月', '2026-06-30'],
    ['2026年', '2026年', '2026-12-31'],
    ['2026-06-30', '2026-06-30', '2026-06-30'],
    ['2026.6', '2026.6', '2026-06-30'],
    ['Q4 2025', 'Q4 2025', '2025-12-31'],
    ['30 June 2026', '30 June 2026', '2026-06-30'],
    ['2Q FY26', '2Q FY26', 'due.fiscal-year'],
    ['Completed within 3 months', 'within 3 months', 'due.relative'],
    ['Ongoing', 'Ongoing', 'Ongoing'],
    ['持续推进', '持续推进', '持续推进'],
    ['年内持续推进', '年内持续推进', 'due.no-issue-date'],
    ['立行立改', '立行立改', 'due.at-once'],
    ['立即整改', '立即整改', 'due.at-once'],
    ['马上就办', '马上就办', 'due.at-once'],
    ['With immediate effect', 'With immediate effect', 'due.at-once'],
    ['Immediate', 'Immediate', 'due.at-once'],
    ['每年6月底、12月底前', '每年6月底、12月底前', '每年6月底、12月底前'],
    ['113年1月至116年12月', '113年1月至116年12月', '2027-12-31'],
    ['2025至26财政年度', '2025至26财政年度', 'due.fiscal-year'],
    ['FY 2026 Q2', 'FY 2026 Q2', 'due.fiscal-year'],
    ['2025–26', '2025–26', 'due.fiscal-year'],
    ['H1 2028', 'H1 2028', '2028-06-30'],
    ['Q2-Q3 2026', 'Q2-Q3 2026', '2026-09-30'],
    ['Spring 2026', 'Spring 2026', 'due.unread'],
    ['31/12/2026', '31/12/2026', '2026-12-31'],
    ['06/07/2026', '06/07/2026', 'due.unread'],
    ['from July 2026', 'from July 2026', 'due.start'],
    ['Q1 2026 to Q4 2027', 'Q1 2026 to Q4 2027', '2027-12-31'],
    ['每年一次', '每年一次', '每年一次'],
    ['长期坚持', '长期坚持', '长期坚持'],
    ['2021/01 ~ 2024/05', '2021/01 ~ 2024/05', '2024-05-31'],
  ])('%s', (text, words, answer) => {
    expect(inField(text)).toEqual([[words, answer]]);
  });

  it('goes on to the end of the year that 年内 means', () => {
    expect(inField('年内持续推进', { issuedOn })).toEqual([['年内持续推进', '2024-12-31']]);
  });

  it('may hold several', () => {
    expect(inField('2025年6月底前出台方案,2026年底前建成')).toEqual([
      ['2025年6月底前', '2025-06-30'],
      ['2026年底前', '2026-12-31'],
    ]);
  });
});

describe('a year that is said behind', () => {
  it('holds for what comes before it in that year', () => {
    expect(inText('6月底前上线,2025年底前验收')).toEqual([
      ['6月底前', '2025-06-30'],
      ['2025年底前', '2025-12-31'],
    ]);
  });

  it('does not where what comes first would be later', () => {
    expect(inText('9月底前上线,2026年6月底前验收')).toEqual([
      ['9月底前', 'due.no-issue-date'],
      ['2026年6月底前', '2026-06-30'],
    ]);
  });
});

describe('any words at all', () => {
  const words = fc
    .array(fc.constantFrom(...Array.from('2025年月日底前内到至自从起每逐季度上下半个工作第三十五“”《》印发后民国,。byQ4 June')), {
      maxLength: 40,
    })
    .map((chars) => chars.join(''));

  it('are read without a throw, in order, inside the text', () => {
    fc.assert(
      fc.property(words, fc.boolean(), fc.option(fc.constant(issuedOn)), (text, field, issued) => {
        let last = 0;
        for (const { start, end, dueOn } of dueDatesIn(text, { field, issuedOn: issued })) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(dueOn ?? '2024-01-01').toMatch(/^\d{4}-\d{2}-\d{2}$/);
          last = end;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('give the last day of any month they name', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2000, max: 2099 }), fc.integer({ min: 1, max: 12 }), (year, month) => {
        const last = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
        expect(inText(`${year}年${month}月底前完成`)).toEqual([[`${year}年${month}月底前`, last]]);
      }),
    );
  });
});
