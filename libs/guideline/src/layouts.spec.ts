import { readGuideline } from './read.js';
import { codesIn, listsIn } from './testing.js';

describe('a list in a table', () => {
  it('has its columns in any order', () => {
    const text =
      '序号\t完成时限\t配合单位\t牵头单位\t工作任务\n1\t2025年6月\t省财政厅\t省科技厅\t推进改革\n2\t每季度\t无\t省教育厅\t召开会议\n';
    expect(listsIn(text)).toEqual(['l: 省科技厅 | s: 省财政厅 | 2025年6月 = 2025-06-30', 'l: 省教育厅 | 每季度 = 每季度']);
  });

  it('may be set apart by wide spaces', () => {
    expect(listsIn('序号　　工作任务　　牵头单位　　配合单位\n1　　推进改革　　省科技厅　　省财政厅、省教育厅\n')).toEqual([
      'l: 省科技厅 | s: 省财政厅 省教育厅',
    ]);
  });

  it('says in a cell or in its head who leads', () => {
    const rows = '|---|---|\n| 推进改革 | 省科技厅、省财政厅 |\n| 优化服务 | 省教育厅牵头，省民政厅配合 |\n';
    expect(listsIn(`| 任务 | 责任单位 |\n${rows}`)).toEqual(['r: 省科技厅 省财政厅', 'l: 省教育厅 | s: 省民政厅']);
    expect(listsIn(`| 任务 | 责任单位（排在第一位的为牵头单位） |\n${rows}`)[0]).toBe('l: 省科技厅 | s: 省财政厅');
  });

  it('says in a short word who leads', () => {
    expect(listsIn('序号\t任务\t责任单位（牵头单位排第一）\n1\t推进改革\t省科技厅、省财政厅\n')).toEqual(['l: 省科技厅 | s: 省财政厅']);
  });

  it('may be drawn with rules, its cells broken into lines', () => {
    const text = [
      '┌────┬────┬────┐',
      '│工作任务│牵头单位│完成时限│',
      '├────┼────┼────┤',
      '│推进改革│省科技厅、省财│2025年底│',
      '│优化服务│政厅    │    │',
      '├────┼────┼────┤',
      '│召开会议│省教育厅  │    │',
      '└────┴────┴────┘',
    ].join('\n');
    expect(listsIn(text)).toEqual(['l: 省科技厅 省财政厅 | 2025年底 = 2025-12-31', 'l: 省教育厅']);
  });

  it('may come with each cell on a line of its own', () => {
    const text = '序号\n任务\n牵头单位\n完成时限\n1\n推进改革\n省科技厅\n2025年底\n2\n优化服务\n省教育厅\n2026年6月\n以上请落实。';
    expect(listsIn(text)).toEqual(['l: 省科技厅 | 2025年底 = 2025-12-31', 'l: 省教育厅 | 2026年6月 = 2026-06-30']);
  });

  it('may have its columns parted by single spaces', () => {
    expect(listsIn('序号 工 作 任 务 牵头负责部门\n1 就业 1000 万人 人力资源社会保障部\n')).toEqual(['l: 人力资源社会保障部']);
  });

  it('may hold labels in a cell, and two lines', () => {
    const rows = '|推进改革|牵头单位：市科技局 责任单位：市财政局|\n|优化服务|市公安局<br>各区政府|';
    expect(listsIn(`|任务|责任单位|\n|---|---|\n${rows}`)).toEqual(['l: 市科技局 | s: 市财政局', 'r: 市公安局 各区政府']);
  });

  it('repeats the row above, and says so', () => {
    const text = '| 任务 | 责任单位 |\n|---|---|\n| 推进改革 | 省科技厅（牵头）、省财政厅 |\n| 优化服务 | 同上 |\n';
    expect(listsIn(text)[1]).toBe('l: 省科技厅 | s: 省财政厅');
    expect(codesIn(text)).toEqual(['unit.same-as-above']);
  });
});

describe('what a scanner or a web page does to a text', () => {
  const list = 'l: 省科技厅 | s: 省财政厅 各市、县人民政府';
  it.each([
    ['spaces between all characters', '1.改革。（ 牵 头 单 位 ： 省 科 技 厅 ， 配 合 单 位 ： 省 财 政 厅 、 各 市 、 县 人 民 政 府 ）'],
    ['line ends inside names', '1.改革。（牵头单位：省科\n技厅，配合单\n位：省财政厅、各市、县人\n民政府）'],
    ['brackets of both widths', '1.改革。(牵头单位：省科技厅,配合单位:省财政厅、各市、县人民政府）'],
    ['the number of a page inside a name', '1.改革。（牵头单位：省科技厅，配合单位：省财\n\n— 2 —\n\n政厅、各市、县人民政府）'],
    ['Markdown', '### 1.改革。\n\n- **牵头单位：** 省科技厅\n- **配合单位：** 省财政厅、各市、县人民政府\n'],
    ['traditional characters', '1.改革。（牽頭單位：省科技廳，配合單位：省財政廳、各市、縣人民政府）'],
  ])('%s: the list is the same', (_, text) => {
    const simple = listsIn(text).map((found) => found.replaceAll('廳', '厅').replaceAll('財', '财').replaceAll('縣', '县'));
    expect(simple).toEqual([list]);
  });

  it('all of it on one line', () => {
    const text =
      '一、总体要求。坚持创新。二、主要任务（一）推进改革。完善。（省科技厅负责）（二）优化服务。到2025年建成。（省数据局牵头）三、保障措施。加强领导。';
    const { lists, outline } = readGuideline(text);
    expect(lists.map(({ path }) => path.join('/'))).toEqual(['二、主要任务/（一）推进改革', '二、主要任务/（二）优化服务']);
    expect(outline).toHaveLength(5);
  });
});
