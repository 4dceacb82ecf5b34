import { codesIn, listsIn } from './testing.js';

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
    ['市消防救援支队 市市场监管局、市水利局 县水务公司', '市消防救援支队 市市场监管局 市水利局 县水务公司'],
    ['局办公室、种植业股', '局办公室 种植业股'],
    ['直轄市、縣（市）政府', '直轄市、縣（市）政府'],
    ['環境部、直轄市及縣（市）政府', '環境部 直轄市及縣（市）政府'],
    ['直轄市、縣市政府警察局', '直轄市、縣市政府警察局'],
    ['计划单列市、区政府，省财政厅', '计划单列市、区政府 省财政厅'],
    ['设区市、县（市、区）人民政府', '设区市、县（市、区）人民政府'],
    ['直辖市、市财政局', '直辖市 市财政局'],
    ['各市、县人民政府和省财政厅', '各市、县人民政府 省财政厅'],
    ['各市、县人民政府等有关单位', '各市、县人民政府 | …'],
    ['各市、县（区）财政局', '各市、县（区）财政局'],
    ['各镇、县财政局', '各镇 县财政局'],
    ['各市、区域合作办公室', '各市 区域合作办公室'],
  ])('%s', (names, expected) => {
    expect(listsIn(`1.推进改革。（${names}负责）`)).toEqual([`r: ${expected}`]);
  });

  it('get back the prefix that they dropped, and the list says so', () => {
    const text = '1.推进改革。（省委组织部、宣传部，省科技厅、财政厅等省有关部门和各地级以上市人民政府负责）';
    expect(listsIn(text)).toEqual(['r: 省委组织部 省委宣传部 省科技厅 省财政厅 各地级以上市人民政府 | …']);
    expect(codesIn(text)).toEqual(['unit.prefix-restored', 'unit.prefix-restored']);
  });

  it('dropped none where the document writes such names at the head of its lists, too', () => {
    const text = '1.甲。（财政厅、省税务局负责）\n2.乙。（省发展改革委、教育厅负责）\n3.丙。（省发展改革委、统计局负责）';
    expect(listsIn(text)).toEqual(['r: 财政厅 省税务局', 'r: 省发展改革委 教育厅', 'r: 省发展改革委 省统计局']);
  });

  it('dropped none where the next name has the prefix again', () => {
    const text = '1.甲。（省发展改革委、商务厅、省税务局负责）';
    expect(listsIn(text)).toEqual(['r: 省发展改革委 商务厅 省税务局']);
    expect(codesIn(text)).toEqual([]);
  });

  it('keep quiet about a prefix that no neighbour has', () => {
    expect(listsIn('1.推进改革。（市场监管总局、发展改革委、海关总署负责）')).toEqual(['r: 市场监管总局 发展改革委 海关总署']);
  });
});

describe('names that nothing parts', () => {
  it.each([
    ['市教育局市财政局市民政局', '市教育局 市财政局 市民政局'],
    ['市委组织部市教育局县民政局', '市委组织部 市教育局 县民政局'],
    ['市教育局各县（市、区）人民政府', '市教育局 各县（市、区）人民政府'],
    ['市公安局市中分局、市教育局市民服务中心', '市公安局市中分局 市教育局市民服务中心'],
  ])('%s', (names, expected) => {
    expect(listsIn(`1.推进改革。（${names}负责）`)).toEqual([`r: ${expected}`]);
    expect(codesIn(`1.推进改革。（${names}负责）`)).toEqual([]);
  });

  it.each(['教育局财政局', '市教育局国网江城供电公司'])('are not certain where they might be one: %s', (names) => {
    expect(codesIn(`1.推进改革。责任单位：${names}`)).toEqual(['unit.run-together']);
  });

  it('are one where the second is a part of the first', () => {
    expect(codesIn('1.推进改革。责任单位：市公安局交警支队、国家税务总局江城市税务局、省水利厅淮河管理局')).toEqual([]);
  });
});

describe('a collective', () => {
  it('ends like a name, or is not certain', () => {
    expect(codesIn('1.甲。责任单位：各街道、各县（市、区）、各开发区管委会')).toEqual([]);
    expect(codesIn('1.甲。责任单位：各街道2.投资增长8%左右')).toEqual(['words.unread', 'list.empty']);
  });
});
