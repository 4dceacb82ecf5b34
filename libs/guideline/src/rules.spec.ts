import { readGuideline } from './read.js';
import { codesIn, listsIn } from './testing.js';

describe('a sentence that holds for the whole document', () => {
  it('makes the first unit the lead from there on, unless a list says otherwise', () => {
    const text =
      '1.甲。（省民政厅、省司法厅负责）\n2.乙。（省科技厅、省财政厅负责。列第一位者为牵头单位，下同）\n3.丙。（省教育厅、省商务厅负责）\n4.丁。（省审计厅、省统计局牵头负责）';
    expect(listsIn(text)).toEqual([
      'r: 省民政厅 省司法厅',
      'l: 省科技厅 | s: 省财政厅',
      'l: 省教育厅 | s: 省商务厅',
      'l: 省审计厅 省统计局',
    ]);
    const rule = ['列第一位者为牵头单位，下同'];
    expect(readGuideline(text).lists.map(({ rules }) => rules.map((one) => one.text))).toEqual([[], rule, rule, []]);
  });

  it('may mark the leads by a sign behind their names', () => {
    const lists = '1.甲。（省科技厅*、省财政厅）\n2.乙。（省教育厅（*）、省商务厅）';
    expect(listsIn(`标*的为牵头单位。\n${lists}`)).toEqual(['l: 省科技厅 | s: 省财政厅', 'l: 省教育厅 | s: 省商务厅']);
    expect(listsIn('加粗的为牵头单位。\n1.甲。（**省科技厅**、省财政厅）')).toEqual(['l: 省科技厅 | s: 省财政厅']);
    expect(codesIn('加粗的为牵头单位。\n1.甲。（省科技厅、省财政厅）')).toEqual(['rule.mark-lost']);
  });

  it('may stand in the text', () => {
    expect(listsIn('任务分工如下（排在首位的为牵头单位）：\n1.甲。（省科技厅、省财政厅）')).toEqual(['l: 省科技厅 | s: 省财政厅']);
    const list = '1.甲。\n责任单位：省科技厅、省财政厅';
    expect(listsIn(`（各项任务责任单位中，排名第一的为牵头单位。）\n${list}`)).toEqual(['l: 省科技厅 | s: 省财政厅']);
    expect(listsIn(`第一节 加强组织领导，牵头单位要落实\n${list}`)).toEqual(['r: 省科技厅 省财政厅']);
  });

  it('may add units that a list does not name again', () => {
    const text = '1.甲。（省民政厅负责。以下均需各市人民政府落实，不再列出）\n2.乙。（省教育厅牵头，省体育局参与）';
    expect(listsIn(text)[1]).toBe('l: 省教育厅 | s: 省体育局 各市人民政府');
    expect(listsIn('1.甲。（省民政厅负责。具体任务均涉及相关市人民政府，不再做分工，下同）\n2.乙。（省教育厅负责）')[1]).toBe(
      'r: 省教育厅 相关市人民政府',
    );
    const prose = '各项任务均需各市人民政府配合落实，以下不再列出。\n1.甲。（省民政厅负责）';
    expect(listsIn(prose)).toEqual(['s: 各市人民政府 | r: 省民政厅']);
  });

  it('is not applied backwards, but pointed at', () => {
    const text = '1.甲。（省科技厅、省财政厅负责）\n注：排在第一位的为牵头单位。';
    expect(listsIn(text)).toEqual(['r: 省科技厅 省财政厅']);
    expect(codesIn(text)).toEqual(['rule.later']);
  });
});
