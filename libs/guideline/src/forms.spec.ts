import { readGuideline } from './read.js';
import { codesIn, listsIn } from './testing.js';

describe('a list in a bracket', () => {
  it.each([
    ['（牵头单位：省科技厅；配合单位：省财政厅、各市、县人民政府）', 'l: 省科技厅 | s: 省财政厅 各市、县人民政府'],
    ['(牵头单位:省科技厅,责任单位:省财政厅,各市、县人民政府)', 'l: 省科技厅 | s: 省财政厅 各市、县人民政府'],
    ['（省科技厅牵头，省财政厅、省教育厅等部门配合，2025年底前完成）', 'l: 省科技厅 | s: 省财政厅 省教育厅 | … | 2025年底前 = 2025-12-31'],
    ['（省科技厅牵头，省财政厅、省教育厅按职责分工负责）', 'l: 省科技厅 | s: 省财政厅 省教育厅'],
    ['（省科技厅、省财政厅按职责分工负责，长期坚持）', 'r: 省科技厅 省财政厅 | 长期坚持 = 长期坚持'],
    ['（省科技厅、省财政厅分别负责）', 'r: 省科技厅 省财政厅'],
    ['（省科技厅会同省财政厅负责）', 'l: 省科技厅 | s: 省财政厅'],
    ['（省科技厅牵头，会同省财政厅、省教育厅等部门落实）', 'l: 省科技厅 | s: 省财政厅 省教育厅 | …'],
    ['（国家发展改革委会同有关部门负责）', 'l: 国家发展改革委 | s: 有关部门'],
    ['（省科技厅牵头、省财政厅配合）', 'l: 省科技厅 | s: 省财政厅'],
    ['（生态环境部指导，试点城市政府负责落实）', 'g: 生态环境部 | r: 试点城市政府'],
    ['（省发展改革委牵头落实，省财政厅协助，2026年6月底前取得实质性进展）', 'l: 省发展改革委 | s: 省财政厅 | 2026年6月底前 = 2026-06-30'],
    ['【责任单位：省科技厅（牵头）、省财政厅】', 'l: 省科技厅 | s: 省财政厅'],
    ['（省科技厅、各市县人民政府）', 'r: 省科技厅 各市县人民政府'],
    ['（负责部门：海关总署，适用范围：全省）', 'r: 海关总署'],
    ['（牵头单位：省科技厅。配合单位：省财政厅。）', 'l: 省科技厅 | s: 省财政厅'],
    ['（牵头单位：省科技厅）（责任单位：省财政厅）（完成时限：2025年底前）', 'l: 省科技厅 | s: 省财政厅 | 2025年底前 = 2025-12-31'],
    ['（省科技厅、省财政厅按职责分工负责，省科技厅为牵头单位）', 'l: 省科技厅 | s: 省财政厅'],
    ['（主办：市科技局 协办：市财政局、市教育局）', 'l: 市科技局 | s: 市财政局 市教育局'],
    ['〔省科技厅牵头，省财政厅参与〕', 'l: 省科技厅 | s: 省财政厅'],
    ['【市场监管局主责，人民法院协同】', 'l: 市场监管局 | s: 人民法院'],
    ['（省委办公厅总牵头，省政协办公厅协办）', 'l: 省委办公厅 | s: 省政协办公厅'],
    ['（省教育厅为主，省财政厅、省人社厅会办）', 'l: 省教育厅 | s: 省财政厅 省人社厅'],
    ['（完成时间：2025年底，市教育局）', 'r: 市教育局 | 2025年底 = 2025-12-31'],
    ['（市投资促进中心、市文旅集团）', 'r: 市投资促进中心 市文旅集团'],
    ['（市教育局 市财政局）', 'r: 市教育局 市财政局'],
  ])('%s', (bracket, list) => {
    expect(listsIn(`1.推进改革。完善制度。${bracket}`)).toEqual([list]);
  });

  it('is none where the bracket explains', () => {
    const text =
      '由省市场监管局（省知识产权局）组织。各县（市、区）要重视（含线上渠道）。（以下简称省科技厅）（此件公开发布）（由省科技厅负责解释）';
    expect(listsIn(text)).toEqual([]);
  });

  it('governs what stands before it in the paragraph, back to the list before', () => {
    const text = '1.创新创业。改革准入。（省商务厅负责）2025年底前建成平台。（省科技厅、省教育厅负责）';
    expect(listsIn(text)).toEqual(['r: 省商务厅', 'r: 省科技厅 省教育厅 | 2025年底前 = 2025-12-31']);
  });

  it('governs what follows when it stands in the heading', () => {
    const text =
      '（一）压减事项（省发展改革委牵头，省财政厅配合）\n进一步压减，2025年6月底前完成。\n（二）优化流程（省科技厅负责）\n优化。';
    expect(listsIn(text)).toEqual(['l: 省发展改革委 | s: 省财政厅 | 2025年6月底前 = 2025-06-30', 'r: 省科技厅']);
  });
});

describe('a list in lines', () => {
  it.each([
    [
      '牵头领导：副省长甲\n牵头单位：省科技厅\n责任单位：省财政厅、各街道\n完成时限：2025年12月',
      'l: 省科技厅 | s: 省财政厅 各街道 | 2025年12月 = 2025-12-31',
    ],
    ['牵头单位 省科技厅\n配合单位 省财政厅', 'l: 省科技厅 | s: 省财政厅'],
    ['牵头单位：省科技厅；责任单位：省财政厅、\n省教育厅；时限：2025年', 'l: 省科技厅 | s: 省财政厅 省教育厅 | 2025年 = 2025-12-31'],
    ['责任单位：省科技厅、省财政厅。完成时限：持续推进。', 'r: 省科技厅 省财政厅 | 持续推进 = 持续推进'],
    ['部门分工：省科技厅牵头，各地、各部门配合。', 'l: 省科技厅 | s: 各地 各部门'],
    ['【责任单位】市科技局【完成时限】2025年底', 'r: 市科技局 | 2025年底 = 2025-12-31'],
    ['負責實體：房屋局；完成時間：2026年第二季', 'r: 房屋局 | 2026年第二季 = 2026-06-30'],
    ['▲整改责任单位：市水务局；▲督导单位：市生态环境局', 'g: 市生态环境局 | r: 市水务局'],
    ['协办单位：无\n主办单位：县妇联\n责任领导：王某（副县长）', 'l: 县妇联'],
    ['牵头单位——市科技局\n配合单位——市财政局', 'l: 市科技局 | s: 市财政局'],
    ['（1）牵头单位：市科技局；（2）配合单位：市财政局', 'l: 市科技局 | s: 市财政局'],
    ['牵头单位：市数据局；技术支撑单位：江城大学；参与单位：各银行机构', 'l: 市数据局 | s: 江城大学 各银行机构'],
    ['完成时限：2025年6月底前印发，12月底前落地\n责任单位：市科技局', 'r: 市科技局 | 2025年6月底前 = 2025-06-30 | 12月底前 = 2025-12-31'],
    ['主辦機關：經濟部（台灣電力公司）\n協辦機關：無\n辦理期程：115年底', 'l: 經濟部（台灣電力公司） | 115年底 = 2026-12-31'],
    [
      '主辦機關：經濟部；協辦機關：財政部、各直轄市、縣（市）政府；完成期限：民國113年底前',
      'l: 經濟部 | s: 財政部 各直轄市、縣（市）政府 | 民國113年底前 = 2024-12-31',
    ],
  ])('%s', (lines, list) => {
    expect(listsIn(`1.推进改革。\n${lines}\n2.优化服务。\n责任单位：省民政厅`)).toEqual([list, 'r: 省民政厅']);
  });

  it('holds for all the points above it when none has a list of its own', () => {
    const text = '（一）甲\n1.做这个，2025年底前完成。\n2.做那个。\n责任单位：省科技厅\n（二）乙\n责任单位：省民政厅';
    expect(listsIn(text)[0]).toBe('r: 省科技厅 | 2025年底前 = 2025-12-31');
    expect(codesIn(text)).toEqual(['passage.wide']);
  });
});

describe('a list in a sentence', () => {
  it.each([
    ['由省科技厅牵头，省财政厅、省教育厅配合。', 'l: 省科技厅 | s: 省财政厅 省教育厅'],
    ['由省科技厅会同省财政厅负责。', 'l: 省科技厅 | s: 省财政厅'],
    ['此项工作由省科技厅负总责，各市政府、江城燃气有限公司具体落实。', 'l: 省科技厅 | s: 各市政府 江城燃气有限公司'],
    ['牵头单位是省科技厅，配合单位有省财政厅、省教育厅。', 'l: 省科技厅 | s: 省财政厅 省教育厅'],
    ['完善监测预警，由省应急管理厅牵头，省气象局配合。', 'l: 省应急管理厅 | s: 省气象局'],
  ])('%s', (sentence, list) => {
    expect(listsIn(`1.推进改革。${sentence}`)).toEqual([list]);
  });

  it.each([
    '本措施由省发展改革委负责解释，自2024年3月1日起施行。',
    '试点城市政府负责编制实施方案。',
    '省科技厅会同省财政厅等部门筛选确定。',
    '各地各部门要切实抓好落实。',
    '各责任单位：请于5日内报送。',
    '版权所有：江城市人民政府 主办单位：江城市人民政府办公室',
    '体育总局要会同有关方面做好指导和总结工作，共同抓好落实，重大事项及时报告国务院。',
  ])('%s names nobody', (sentence) => {
    expect(listsIn(sentence)).toEqual([]);
  });
});

describe('names', () => {
  it.each([
    ['省住房和城乡建设厅、省人力资源和社会保障厅', '省住房和城乡建设厅 省人力资源和社会保障厅'],
    ['省委宣传部、省科技厅和省财政厅', '省委宣传部 省科技厅 省财政厅'],
    ['省市场监管局（省知识产权局）、市政府办公室（督查室）', '省市场监管局（省知识产权局） 市政府办公室（督查室）'],
    ['各市（州）、县（市、区）人民政府', '各市（州）、县（市、区）人民政府'],
    ['各省、自治区、直辖市人民政府，国务院有关部门', '各省、自治区、直辖市人民政府 国务院有关部门'],
    ['各市、县（市、区）党委和政府', '各市、县（市、区）党委和政府'],
    ['国务院相关部门及各地区', '国务院相关部门 各地区'],
    ['各有关部门和单位', '各有关部门和单位'],
    ['各街道、区直各部门', '各街道 区直各部门'],
    ['省高等教育学会、省法院', '省高等教育学会 省法院'],
    ['各县（市、区）党委、政府，南岗县委、县政府', '各县（市、区）党委、政府 南岗县委、县政府'],
    ['市水利局（联系人：张某，电话：0576-8888888）、市住建局（李娜）', '市水利局 市住建局'],
    ['人民银行江城市分行、江城海关、国网江城供电公司', '人民银行江城市分行 江城海关 国网江城供电公司'],
  ])('%s', (names, expected) => {
    expect(listsIn(`1.推进改革。（${names}负责）`)).toEqual([`r: ${expected}`]);
  });

  it('get back the prefix that they dropped, and the list says so', () => {
    const text = '1.推进改革。（省委组织部、宣传部，省科技厅、财政厅等省有关部门和各地级以上市人民政府负责）';
    expect(listsIn(text)).toEqual(['r: 省委组织部 省委宣传部 省科技厅 省财政厅 各地级以上市人民政府 | …']);
    expect(codesIn(text)).toEqual(['unit.prefix-restored', 'unit.prefix-restored']);
  });

  it('keep quiet about a prefix that no neighbour has', () => {
    expect(listsIn('1.推进改革。（市场监管总局、发展改革委、海关总署负责）')).toEqual(['r: 市场监管总局 发展改革委 海关总署']);
  });
});

describe('a list that says «as above»', () => {
  it('has the units of the list before, and says so', () => {
    const text = '1.甲。责任单位：市教育局。\n2.乙。责任单位：同上。';
    expect(listsIn(text)).toEqual(['r: 市教育局', 'r: 市教育局']);
    expect(codesIn(text)).toEqual(['unit.same-as-above']);
  });
});

describe('a list of supporting units only', () => {
  it('is not certain', () => {
    expect(codesIn('1.甲。（省财政厅配合）')).toEqual(['list.only-support']);
  });
});

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
    expect(readGuideline(text).lists.map(({ rule }) => rule?.text ?? null)).toEqual([
      null,
      ...Array<string>(3).fill('列第一位者为牵头单位，下同'),
    ]);
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
  });

  it('is not applied backwards, but pointed at', () => {
    const text = '1.甲。（省科技厅、省财政厅负责）\n注：排在第一位的为牵头单位。';
    expect(listsIn(text)).toEqual(['r: 省科技厅 省财政厅']);
    expect(codesIn(text)).toEqual(['rule.later']);
  });
});

describe('an English action plan', () => {
  it.each([
    [
      'Lead Department(s): Department of Housing, Local Government and Heritage\nKey Stakeholders: EPA',
      'l: Department of Housing, Local Government and Heritage | s: EPA',
    ],
    [
      'Lead: Department of Commerce. Support: Department of Transportation, NASA',
      'l: Department of Commerce | s: Department of Transportation NASA',
    ],
    ['Lead – Ministry of Finance and Planning\nSupport – Central Bank', 'l: Ministry of Finance and Planning | s: Central Bank'],
    ['Responsibility: Ministry of Works (lead), district councils', 'l: Ministry of Works | s: district councils'],
    ['Responsible Bureau/Department: Culture, Sports and Tourism Bureau', 'r: Culture, Sports and Tourism Bureau'],
    ['Responsible: DoH, DfE and Home Office', 'r: DoH DfE Home Office'],
    [
      'Lead: Ministry of Health; Support: Treasury, Department of Transport; Timeline: Q4 2025',
      'l: Ministry of Health | s: Treasury Department of Transport | Q4 2025 = 2025-12-31',
    ],
    ['Responsible: Department of Health and Human Services', 'r: Department of Health and Human Services'],
    ['Responsible: Center for Statistics, Department of Education', 'r: Center for Statistics, Department of Education'],
    [
      'Lead: Treasury (with support from the Department of Finance). Due: 30 June 2026',
      'l: Treasury | s: Department of Finance | 30 June 2026 = 2026-06-30',
    ],
    [
      'Responsible: Board of Audit, with direction from the Council on Policy, and the Department of Energy',
      'g: Council on Policy | r: Board of Audit Department of Energy',
    ],
  ])('%s', (line, list) => {
    expect(listsIn(`1.1 Build the register.\n${line}\n`)).toEqual([list]);
  });
});
