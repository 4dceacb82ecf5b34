import { readGuideline } from './read.js';
import { codesIn, listsIn } from './testing.js';

describe('a list in a table', () => {
  it('has its columns in any order', () => {
    const text =
      '序号\t完成时限\t配合单位\t牵头单位\t工作任务\n1\t2025年6月\t省财政厅\t省科技厅\t推进改革\n2\t每季度\t无\t省教育厅\t召开会议\n';
    expect(listsIn(text)).toEqual(['l: 省科技厅 | s: 省财政厅 | 2025年6月 = 2025-06-30', 'l: 省教育厅 | 每季度 = 每季度']);
  });

  it('may have days in what is to be done beside the one it is due on', () => {
    const text = '| 任务 | 责任单位 | 时限 |\n|---|---|---|\n| 2026年6月底前定方案，9月底前建成 | 市数据局 | 2026年底 |\n';
    expect(listsIn(text)).toEqual(['r: 市数据局 | 2026年底 = 2026-12-31 | 2026年6月底前 = 2026-06-30 | 9月底前 = 2026-09-30']);
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

  it('may have names of a cell on lines of their own', () => {
    const text = '民生实事分解表\n序号\n实事\n责任单位\n时限\n1\n修桥\n县住建局\n县水利局\n6月底前\n2\n建馆\n县文旅局\n9月投用\n';
    expect(listsIn(text)).toEqual(['r: 县住建局 县水利局 | 6月底前 = due.no-issue-date', 'r: 县文旅局 | 9月 = due.no-issue-date']);
    expect(codesIn(text)).toEqual(['table.flat']);
  });

  it('may have headings before its numbers and bars between its lines', () => {
    const rows = [
      '任务',
      '要求',
      '责任科室',
      '时限',
      '公开文件',
      '1',
      '公布目录',
      '办公室',
      '年底前',
      '解读政策',
      '2',
      '丰富形式',
      '各科室',
      '每季度',
    ];
    expect(listsIn(rows.join('\n|\n'))).toEqual(['r: 办公室 | 年底前 = due.no-issue-date', 'r: 各科室 | 每季度 = 每季度']);
    expect(codesIn(rows.join('\n|\n'))).toEqual([]);
  });

  describe('with each cell on a line of its own', () => {
    const head = '序号 任务 牵头单位 配合单位 时限';
    const [one, other] = ['l: 市教育局 | s: 市财政局 | 2025年6月 = 2025-06-30', 'l: 市民政局 | s: 市妇联 | 每季度 = 每季度'];
    const [first, second] = ['市教育局 市财政局 2025年6月', '市民政局 市妇联 每季度'];
    const unled = 'l: 市民政局 | 每季度 = 每季度';
    /** Each word on a line of its own; _ is an empty line, ~ a space. */
    const text = (words: string) =>
      words
        .split(' ')
        .map((line) => (line === '_' ? '' : line.replaceAll('~', ' ')))
        .join('\n');
    it.each<[string, string, string[], string[]]>([
      [
        'a person whose name has a wide space',
        `序号 任务 领导 ${head.slice(6)} 1 甲 张　敏 ${first} 2 乙 赵　国　栋 ${second}`,
        [one, other],
        [],
      ],
      ['numbers of two parts', `${head} 1.1 甲 ${first} 2.1 乙 ${second}`, [one, other], []],
      ['numbers in brackets', `${head} （1） 甲 ${first} （2） 乙 ${second}`, [one, other], []],
      ['letters before its numbers', `${head} A1 甲 ${first} B1 乙 ${second}`, [one, other], []],
      ['numbers before its tasks', `${head} 1.甲事 ${first} 2.乙事 ${second}`, [one, other], []],
      ['numbers without a head', `${head.slice(3)} 1 甲 ${first} 2 乙 ${second}`, [one, other], []],
      ['numbers that begin again under a heading', `${head} 一、丙 1 甲 ${first} 二、丁 1 乙 ${second}`, [one, other], []],
      ['numbered headings on two lines', `${head} 一 丙 1 甲 ${first} 二 丁 2 乙 ${second}`, [one, other], []],
      ['its head again, and the number of the page', `${head} 1 甲 ${first} 1 ${head} 2 乙 ${second} 2`, [one, other], []],
      ['numbers of pages above a heading and its head', `${head} 1 甲 ${first} 14 一、丙 ${head} 2 乙 ${second} 15`, [one, other], []],
      ['numbers of pages above a heading', `${head} 1 甲 ${first} 2 一、丙 2 乙 ${second} 3`, [one, other], []],
      [
        'numbers of pages, and a cell less',
        `${head} 1 甲 市教育局 2025年6月 7 二、丙 ${head} 2 乙 ${second} 8`,
        [`l: 市教育局 | 2025年6月 = 2025-06-30`, other],
        ['row.short'],
      ],
      ['figures in a column', `序号 任务 数量 ${head.slice(6)} 1 植树 2 ${first} 2 造林 3 ${second}`, [one, other], []],
      ['heads broken into lines', `序号 任务 牵头 单位 配合单位 完成 时限 1 甲 ${first} 2 乙 ${second}`, [one, other], []],
      ['a column that is always empty', `${head} 备注 1 甲 ${first} 2 乙 ${second}`, [one, other], []],
      ['empty lines for empty cells', `${head} 1 甲 ${first} 2 乙 市民政局 _ 每季度 3 丙 ${first}`, [one, unled, one], []],
      ['tasks on several lines', `${head} 1 推进改革， 压缩办理时间 ${first} 2 乙 ${second}`, [one, other], []],
      ['a cell less', `${head} 1 甲 ${first} 2 乙 市民政局 每季度`, [one, unled], ['row.short']],
      ['a cell less, and sentences behind', `${head} 1 甲 ${first} 2 乙 市民政局 每季度 各单位要高度重视。`, [one, unled], ['row.short']],
      [
        'names that go on',
        `${head} 1 甲 市教育局 市财政局、 市妇联 2025年6月 2 乙 ${second}`,
        [one.replace('财政局', '财政局 市妇联'), other],
        ['table.flat'],
      ],
      [
        'names that go on where a cell is missing',
        `${head} 1 甲 市教育局 市财政局、 市妇联 2 乙 ${second}`,
        ['l: 市教育局 | s: 市财政局 市妇联', other],
        ['table.flat'],
      ],
      [
        'a name that goes on',
        `${head} 1 甲 市住房和城乡建 设局 市财政局 2025年6月 2 乙 ${second}`,
        [one.replace('教育局', '住房和城乡建设局'), other],
        ['table.flat'],
      ],
      ['no numbers', `${head.slice(3)} 甲 ${first} 乙 ${second} 本方案自印发之日起施行。`, [one, other], []],
      [
        'no numbers, but headings and its head again',
        `${head.slice(3)} 一、丙 甲 ${first} 二、丁 ${head.slice(3)} 乙 ${second}`,
        [one, other],
        [],
      ],
      [
        'no numbers, but numbers of pages above its head',
        `${head.slice(3)} 甲 ${first} 12 ${head.slice(3)} 乙 ${second} 13`,
        [one, other],
        [],
      ],
      [
        'no numbers, but numbered headings, and empty lines between all',
        `${head} 一、丙 (1)丁。 甲 ${first} 戊 ${second} (2)己。 乙 ${second}`.split(' ').join(' _ '),
        [one, other, other],
        [],
      ],
      [
        'no numbers, but numbered headings, and a cell less above one of them',
        `任务 牵头单位 配合单位 (1)丁。 甲 市教育局 市财政局 乙 市民政局 _ _ (2)己。 丙 市民政局 市妇联`.replaceAll(' ', ' _ '),
        ['l: 市教育局 | s: 市财政局', 'l: 市民政局', 'l: 市民政局 | s: 市妇联'],
        ['table.flat'],
      ],
      ['no numbers, and a title above', `任务分解表 ${head.slice(3)} 甲 ${first} 乙 ${second}`, [one, other], []],
      ['no numbers, and who signed below', `${head.slice(3)} 甲 ${first} 乙 ${second} 某市人民政府 2025年1月5日`, [one, other], []],
      ['no numbers, but empty lines', `${head.slice(3)} 甲 ${first} 乙 市民政局 _ 每季度`, [one, unled], []],
      ['no numbers, and longer tasks', `${head.slice(3)} 推进改革， 压缩办理时间 ${first} 乙 ${second}`, [one, other], ['table.flat']],
      ['no numbers, and two columns', '任务 责任单位 甲 市教育局 乙 市民政局', ['r: 市教育局', 'r: 市民政局'], []],
      ['schools to build', '任务 牵头单位 配合单位 建设学校 市教育局 市财政局', ['l: 市教育局 | s: 市财政局'], []],
      [
        'traditional characters',
        '項次 工作項目 主辦機關 協辦機關 1 甲 交通部 內政部 2 乙 環境部 —',
        ['l: 交通部 | s: 內政部', 'l: 環境部'],
        [],
      ],
    ])('may have %s', (_, words, lists, codes) => {
      expect(listsIn(text(words))).toEqual(lists);
      expect(codesIn(text(words))).toEqual(codes);
    });

    const english = 'Ref Action Lead Partners By~when';
    const [plan, health] = [
      'l: Housing Services | s: Schools Public Health | May 2025 = 2025-05-31',
      'l: City Council | s: Police Service | Ongoing = Ongoing',
    ];
    const [draft, meet] = [
      'Draft~the~plan Housing~Services Schools,~Public~Health May~2025',
      'Meet~monthly City~Council Police~Service Ongoing',
    ];
    it.each<[string, string, string[], string[]]>([
      [
        'headings and its head again',
        `${english} 1.1 ${draft} Priority~2:~Homes ${english} 2.1 ${meet} Is~this~page~useful?`,
        [plan, health],
        [],
      ],
      [
        'a cell less',
        `${english} 1 Draft~the~plan Housing~Services May~2025 2 ${meet}`,
        ['l: Housing Services | May 2025 = 2025-05-31', health],
        ['row.short'],
      ],
      [
        'an action on two lines',
        `${english} 1 Draft~the~plan that~residents~have~long~asked~for ${draft.slice(15)} 2 ${meet}`,
        [plan, health],
        ['table.flat'],
      ],
      [
        'numbers of pages, headings with a sentence, and its head again',
        `Goal~1~Homes ${english} 1 ${draft} 21 Goal~2~Streets These~actions~protect~streets. ${english} 2 ${meet} 22`,
        [plan, health],
        [],
      ],
      ['a head on two lines', `Ref Action Lead agency Partners Target date 1 ${draft} 2 ${meet}`, [plan, health], []],
      [
        'no numbers',
        `${english.slice(4)} Theme~1:~Homes ${draft} Theme~2:~Streets ${meet} Contact~us~for~more~information.`,
        [plan, health],
        [],
      ],
    ])('may be English and have %s', (_, words, lists, codes) => {
      expect(listsIn(text(words))).toEqual(lists);
      expect(codesIn(text(words))).toEqual(codes);
    });

    it('ends where another begins, or a list outside', () => {
      const tables = `序号 任务 责任单位 1 甲 市教育局 附表2 ${head} 1 乙 ${second} 三、保障 加强领导。（市政府办公室牵头）`;
      expect(listsIn(text(tables))).toEqual(['r: 市教育局', other, 'l: 市政府办公室']);
    });

    it('is none where its head stands above sentences, or names what follows it', () => {
      expect(
        listsIn('Action\nLead\nPartners\nThe council will publish the plan in May.\nIt will then meet.\nA final version follows.'),
      ).toEqual([]);
      expect(listsIn(text('工作任务 推进改革 责任单位 市发改委 完成时限 2025年6月'))).toEqual([]);
    });
  });

  it('may have its columns parted by single spaces', () => {
    expect(listsIn('序号 工 作 任 务 牵头负责部门\n1 就业 1000 万人 人力资源社会保障部\n')).toEqual(['l: 人力资源社会保障部']);
  });

  it('is not certain where single spaces part names and columns alike', () => {
    const text = '序号 任务 牵头单位 时限\n1 完善 制度 市数据局 2026年\n2 优化服务 市民政局 市妇联 2027年\n';
    expect(listsIn(text)).toEqual(['l: 市数据局 | 2026年 = 2026-12-31', 'l: 市民政局 市妇联 | 2027年 = 2027-12-31']);
    expect(codesIn(text)).toEqual(['table.flat']);
  });

  it('may go on in a row or a line that says nothing but more units', () => {
    const text =
      '序号\t任务\t牵头单位\t配合单位\n1\t甲\t市教育局\t市财政局\n\t\t\t市人社局\n2\t乙\t市民政局\t市妇联\n团市委\n以上请抓好落实。';
    expect(listsIn(text)).toEqual(['l: 市教育局 | s: 市财政局 市人社局', 'l: 市民政局 | s: 市妇联 团市委']);
    expect(codesIn(text)).toEqual(['row.wrapped', 'row.wrapped']);
  });

  it('may come with a bar behind each cell, with headings between rows and numbers that do not begin at one', () => {
    const heads = '序号|\n目标任务|\n主要责任单位|\n协同配合单位|\n';
    const text = `${heads}一、扩大投资\n3|\n推进改革|\n市教育局|\n市财政局、各县区|\n二、改善民生\n68|\n优化服务|\n市民政局|\n市妇联|\n`;
    expect(listsIn(text)).toEqual(['l: 市教育局 | s: 市财政局 各县区', 'l: 市民政局 | s: 市妇联']);
  });

  it('may have units at the heads of its columns and marks in the cells', () => {
    const text = '任务\t市教育局\t市财政局\t市民政局\t完成时限\n推进改革\t●\t○\t\t2026年\n优化服务\t\t●\t○\t2026年6月\n';
    const lists = ['l: 市教育局 | s: 市财政局 | 2026年 = 2026-12-31', 'l: 市财政局 | s: 市民政局 | 2026年6月 = 2026-06-30'];
    expect(listsIn(`${text}注：●牵头，○配合`)).toEqual(lists);
    expect(codesIn(`${text}注：●牵头，○配合`)).toEqual([]);
    expect(listsIn(text)).toEqual(lists);
    expect(codesIn(text)).toEqual(['marks.unexplained', 'marks.unexplained']);
  });

  it('may tick the units that are responsible', () => {
    expect(listsIn('任务\t市教育局\t市财政局\n推进改革\t√\t√\n优化服务\t\t√\n')).toEqual(['r: 市教育局 市财政局', 'r: 市财政局']);
  });

  it('may have letters in its cells, which do not say clearly who leads', () => {
    const text = 'Task | Ministry of Health | Food Agency | Deadline\nDraft rules | A | R | June 2026\n';
    expect(listsIn(text)).toEqual(['l: Ministry of Health | s: Food Agency | June 2026 = 2026-06-30']);
    expect(codesIn(text)).toEqual(['role.ambiguous']);
  });

  it('may say in words what the units at its head do', () => {
    const text = '|任务|市教育局|市财政局|各镇街|\n|-|-|-|-|\n|推进改革|牵头|配合|落实|\n|优化服务|—|牵头|配合|\n';
    expect(listsIn(text)).toEqual(['l: 市教育局 | s: 市财政局 各镇街', 'l: 市财政局 | s: 各镇街']);
    expect(listsIn('|指标|市教育局|市财政局|\n|-|-|-|\n|在编人数|120|80|\n')).toEqual([]);
  });

  it('may have rows that are one cell short below a merged one', () => {
    const text = '类别 | 任务 | 责任单位 | 分管领导 |\n教育 | 推进改革 | 市教育局 | 王某 |\n优化服务 | 市财政局 | 李某 | |\n';
    expect(listsIn(text)).toEqual(['r: 市教育局', 'r: 市财政局']);
  });

  it('may have rows with their empty cells at the end below a merged one', () => {
    const rows = '一、公开 | 1.公布预算 | 财务科 |\n2.更新栏目 | 办公室牵头，各科室配合 | |\n';
    expect(listsIn(`工作任务 | 要求 | 责任部门 |\n${rows}`)).toEqual(['r: 财务科', 'l: 办公室 | s: 各科室']);
  });

  it('is not read where it sums up', () => {
    expect(listsIn('序号\t指标\t分值\t责任单位\n\t合计\t100\t\n1\t2026年6月底前建档\t5\t县水利局\n')).toEqual([
      'r: 县水利局 | 2026年6月底前 = 2026-06-30',
    ]);
  });

  it('may come stacked with its numbers before what is to be done', () => {
    const text =
      'Strategic action\nLead institution\nSupporting institutions\nTimeframe\n1. Enact the bill\nMinistry of Works\nCity councils\n2026\n';
    expect(listsIn(text)).toEqual(['l: Ministry of Works | s: City councils | 2026 = 2026-12-31']);
  });

  it('may have headings in rows of their own', () => {
    const rows =
      '| **一** | **交通项目** | | |\n| 1 | 修路 | 市交通运输局 | 2026年 |\n| 二、水利 | | | |\n| 2 | 筑坝 | 市水利局 | 2027年 |\n';
    const { lists } = readGuideline(`| 序号 | 项目 | 责任单位 | 时限 |\n|-|-|-|-|\n${rows}`);
    expect(lists.map(({ path }) => path)).toEqual([
      ['一交通项目', '1'],
      ['二、水利', '2'],
    ]);
  });

  it('may have a head in two rows', () => {
    const text = '序号\t任务\t责任分工\t\t完成时限\n\t\t牵头单位\t配合单位\t\n1\t推进改革\t市教育局\t市财政局\t2026年\n';
    expect(listsIn(text)).toEqual(['l: 市教育局 | s: 市财政局 | 2026年 = 2026-12-31']);
  });

  it('may have 主(协)办 at the head of a column and say in the cells which is meant', () => {
    const text = '項次\t工作項目\t主（協）辦單位\n1\t演習\t主辦：環境部 協辦：財政部、地方政府\n2\t整備\t財政部、環境部\n';
    expect(listsIn(text)).toEqual(['l: 環境部 | s: 財政部 地方政府', 'r: 財政部 環境部']);
    expect(codesIn(text)).toEqual(['role.ambiguous']);
  });

  it('is not certain where a column that nobody knows names units', () => {
    expect(codesIn('任务\t责任单位\t把关\n推进改革\t市教育局\t市财政局\n')).toEqual(['column.unread']);
    expect(codesIn('任务\t责任单位\t分管领导\n推进改革\t市教育局\t王某某\n')).toEqual([]);
  });

  describe('that asks for posts', () => {
    const table = (head: string, ...cells: string[]) =>
      `Ref\tAction\t${head}\tDue\n${cells.map((cell, i) => `${i + 1}\tPlant trees\t${cell}\tMay 2026\n`).join('')}`;
    const due = ' | May 2026 = 2026-05-31';
    it.each(['Responsible Officer', 'Officer', 'Position', 'Post holder', 'Officer responsible', 'Responsible person(s)'])(
      'calls them %s',
      (head) => {
        const text = table(
          head,
          'Manager Parks and Gardens',
          'Director Works; Chief Executive Officer',
          'Head of Planning, Building and Environment',
        );
        expect(listsIn(text)).toEqual([
          `r: Manager Parks and Gardens${due}`,
          `r: Director Works Chief Executive Officer${due}`,
          `r: Head of Planning, Building and Environment${due}`,
        ]);
        expect(codesIn(text)).toEqual([]);
      },
    );

    it('parts two posts, and posts from bodies', () => {
      const text = table(
        'Lead officer',
        'Town Clerk and Director Works',
        'Manager Water and Parks Department',
        'Manager Roads, Manager Bridges',
      );
      expect(listsIn(text)).toEqual([
        `l: Town Clerk Director Works${due}`,
        `l: Manager Water Parks Department${due}`,
        `l: Manager Roads Manager Bridges${due}`,
      ]);
      expect(codesIn(text)).toEqual(['unit.and']);
    });

    it('is not certain where it names somebody else', () => {
      expect(listsIn(table('Responsible Officer', 'Jo Doe'))).toEqual([`r: Jo Doe${due}`]);
      expect(codesIn(table('Responsible Officer', 'Jo Doe'))).toEqual(['unit.unrecognised']);
    });

    it('may be Chinese', () => {
      const text = '任务\t责任岗位\t时限\n完成年报\t办公室主任、综合管理岗\t2025年底\n检修设备\t王某某\t每季度\n';
      expect(listsIn(text)).toEqual(['r: 办公室主任 综合管理岗 | 2025年底 = 2025-12-31', 'r: 王某某 | 每季度 = 每季度']);
      expect(codesIn(text)).toEqual(['unit.unrecognised']);
    });

    it('may have a cell to a line', () => {
      const rows = [
        'Action',
        'Responsible Officer',
        'Due',
        'Plant trees',
        'Works Supervisor',
        'May 2026',
        'Adopt a plan',
        'Manager Parks / Head of Finance and Risk',
        'Ongoing',
      ];
      expect(listsIn(rows.join('\n\n'))).toEqual([
        `r: Works Supervisor${due}`,
        'r: Manager Parks Head of Finance and Risk | Ongoing = Ongoing',
      ]);
      expect(codesIn(rows.join('\n\n'))).toEqual([]);
    });

    it('has none of them beside the bodies', () => {
      const text = 'Action\tLead agency\tResponsible officer\nPlant trees\tParks Department\tManager Gardens\n';
      expect(listsIn(text)).toEqual(['l: Parks Department']);
      expect(codesIn(text)).toEqual([]);
      expect(listsIn('Name\tPosition\tEnd date\nJo Doe\tHead of Finance\tMay 2026\n')).toEqual([]);
    });
  });

  it('may call its column 单位, which else counts something', () => {
    expect(listsIn('任务\t单位\t时限\n推进改革\t市教育局\t2026年\n')).toEqual(['r: 市教育局 | 2026年 = 2026-12-31']);
    expect(listsIn('任务\t单位\t时限\n植树造林\t万亩\t2026年\n')).toEqual([]);
  });

  it('may hold labels in a cell, and two lines', () => {
    const rows = '|推进改革|牵头单位：市科技局 责任单位：市财政局|\n|优化服务|市公安局<br>各区政府|';
    expect(listsIn(`|任务|责任单位|\n|---|---|\n${rows}`)).toEqual(['l: 市科技局 | s: 市财政局', 'r: 市公安局 各区政府']);
  });

  it('repeats the row above, and says so', () => {
    const text = '| 任务 | 责任单位 |\n|---|---|\n| 推进改革 | 省科技厅（牵头）、省财政厅 |\n| 优化服务 | 同上 |\n';
    expect(listsIn(text)[1]).toBe('l: 省科技厅 | s: 省财政厅');
    expect(codesIn(text)).toEqual(['unit.same-as-above']);
    expect(listsIn('| 任务 | 责任单位 | 时限 |\n| 甲 | 市教育局 | 2026年8月 |\n| 乙 | 市民政局 | 〃 |\n')[1]).toBe(
      'r: 市民政局 | 2026年8月 = 2026-08-31',
    );
  });
});

describe('a table in HTML inside the text', () => {
  const heads = '<tr><th>序号</th><th>任务</th><th>牵头单位</th><th>配合单位</th><th>完成时限</th></tr>';
  const table = (...rows: string[]) => `任务分工表\n<table class="a">\n${rows.join('\n')}\n</table>\n`;

  it('has its rows as lists, which stand where the tags of the row do', () => {
    const row = '<tr>\n<td>1</td>\n<td>建设平台</td>\n<td>市数据局</td>\n<td>市财政局、各县区</td>\n<td>2026年6月底前</td>\n</tr>';
    const text = table(heads, row, '<tr><td>2</td><td>优化服务</td><td>市民政局</td><td>无</td><td>持续推进</td></tr>');
    expect(listsIn(text)).toEqual(['l: 市数据局 | s: 市财政局 各县区 | 2026年6月底前 = 2026-06-30', 'l: 市民政局 | 持续推进 = 持续推进']);
    const { lists } = readGuideline(text);
    expect(lists[0]!.raw).toBe(row);
    expect(lists[0]!.units.map(({ span }) => text.slice(...span))).toEqual(['市数据局', '市财政局', '各县区']);
  });

  it('may have paragraphs, breaks, marks of print and entities in its cells', () => {
    const text = table(
      '<TR><TD><p>任务</p></TD><TD style="width:8%"><p>责任<br/>单位</p></TD><TD>时限</TD></TR>',
      '<tr><td><p>建设<b>平台</b></p></td><td><p>市数据局</p><p>市财政局</p></td><td>2026年&nbsp;6月</td></tr>',
      '<tr><td>优化&ldquo;一门&rdquo;</td><td>市民政局<br>各<span lang="zh">县区</span></td><td>2027年</td></tr>',
    );
    expect(listsIn(text)).toEqual(['r: 市数据局 市财政局 | 2026年6月 = 2026-06-30', 'r: 市民政局 各县区 | 2027年 = 2027-12-31']);
    expect(readGuideline(text).lists.map(({ title }) => title)).toEqual(['建设平台', '优化“一门”']);
  });

  it('may be English', () => {
    const text =
      '<table><tr><th>Measure</th><th>Responsible<br>bureau</th><th>Due</th></tr>\n' +
      '<tr><td>Fund R&amp;D</td><td>Health &amp; Safety Board, <em>Lands</em> Bureau</td><td>Q3 2026</td></tr>\n' +
      '<tr><td>Open piers</td><td><ul><li>Marine Board</li><li>Piers Trust</li></ul></td><td>Ongoing</td></tr></table>';
    expect(listsIn(text)).toEqual([
      'r: Health & Safety Board Lands Bureau | Q3 2026 = 2026-09-30',
      'r: Marine Board Piers Trust | Ongoing = Ongoing',
    ]);
    expect(codesIn(text)).toEqual([]);
  });

  it('has what is merged in every row that it reaches', () => {
    const text = table(
      '<tr><td>任务</td><td>牵头单位</td><td>时限</td></tr>',
      '<tr><td>甲</td><td rowspan="2">市数据局</td><td>2026年</td></tr>',
      '<tr><td>乙</td><td>2027年</td></tr>',
      '<tr><td colspan=3>二、水利</td></tr>',
      '<tr><td>丙</td><td>市水利局</td><td>2028年</td></tr>',
    );
    expect(listsIn(text)).toEqual([
      'l: 市数据局 | 2026年 = 2026-12-31',
      'l: 市数据局 | 2027年 = 2027-12-31',
      'l: 市水利局 | 2028年 = 2028-12-31',
    ]);
    expect(codesIn(text)).toEqual([]);
    expect(readGuideline(text).lists.at(-1)!.path).toEqual(['二、水利', '丙']);
  });

  it('may have a head in two rows', () => {
    const upper =
      '<tr><th rowspan=2>任务</th><th colspan=2>责任分工</th><th rowspan=2>时限</th></tr><tr><th>牵头单位</th><th>配合单位</th></tr>';
    expect(listsIn(table(upper, '<tr><td>甲</td><td>市数据局</td><td>市财政局</td><td>2026年</td></tr>'))).toEqual([
      'l: 市数据局 | s: 市财政局 | 2026年 = 2026-12-31',
    ]);
  });

  it('may have units at its head', () => {
    const text = table(
      '<tr><th>任务</th><th>市教育局</th><th>市财政局</th></tr>',
      '<tr><td>甲</td><td>●</td><td>○</td></tr><tr><td>乙</td><td></td><td><p>●</p></td></tr>',
    );
    expect(listsIn(`${text}注：●牵头，○配合`)).toEqual(['l: 市教育局 | s: 市财政局', 'l: 市财政局']);
  });

  it('may lack ends of its cells, or its own', () => {
    expect(listsIn('<table><tr><td>任务<td>责任单位<tr><td>甲<td>市教育局\n二、保障\n由市财政局负责。')).toEqual([
      'r: 市教育局',
      'r: 市财政局',
    ]);
    expect(
      listsIn('<tr><td>任务</td><td>责任单位</td></tr>\n<tr><td>甲</td><td>市教育局</td></tr>\n<p>（二）乙。（市财政局负责）</p>'),
    ).toEqual(['r: 市教育局', 'r: 市财政局']);
  });

  it('only lays out the page where it holds another, or has one cell in a row', () => {
    const inner = '<table><tr><td>任务</td><td>责任单位</td></tr><tr><td>甲</td><td>市教育局</td></tr></table>';
    const text = `<table><tr><td><p>（一）建设平台。（市数据局负责）</p>${inner}</td><td></td></tr></table>`;
    expect(listsIn(text)).toEqual(['r: 市数据局', 'r: 市教育局']);
  });
});

describe('HTML around other words', () => {
  it('ends lines and parts labels', () => {
    const text = '<h2>（一）建设平台</h2>\n<p><strong>牵头单位：</strong>市数据局<br>配合单位：市财政局</p><p>完成时限：2026年6月</p>';
    expect(listsIn(text)).toEqual(['l: 市数据局 | s: 市财政局 | 2026年6月 = 2026-06-30']);
    expect(readGuideline(text).lists[0]!.path).toEqual(['（一）建设平台']);
  });

  it('is none where such brackets and ands are words', () => {
    const text = '1.使PM2.5<35，增速>5%。（牵头单位：省<数据>局、A&B有限公司 &foo;）';
    expect(readGuideline(text).lists.map(({ title, units }) => [title, units.length])).toEqual([['使PM2.5<35，增速>5%', 2]]);
  });
});

describe('a table that lost the line with its heads', () => {
  it.each([
    [
      '1\t建设统一数据平台\t市数据局\t市财政局、市教育局\t2026年6月\n2\t优化养老服务供给\t市民政局\t\t每季度\n',
      ['l: 市数据局 | s: 市财政局 市教育局 | 2026年6月 = 2026-06-30', 'l: 市民政局 | 每季度 = 每季度'],
    ],
    [
      '| 建设统一数据平台 | 市数据局 | 2026年 |\n| --- | --- | --- |\n| 优化养老服务供给 | 市民政局、各县区 | 2027年 |\n',
      ['r: 市数据局 | 2026年 = 2026-12-31', 'r: 市民政局 各县区 | 2027年 = 2027-12-31'],
    ],
    [
      '<table><tr><td>Draft the roads bill</td><td>Ministry of Works</td></tr></table>\nA\tDraft the roads bill\tRoads Board\nB\tOpen the new port\tNavy Office\n',
      ['r: Roads Board', 'r: Navy Office'],
    ],
  ])('is read by its cells, and not as certain: %j', (text, lists) => {
    expect(listsIn(`重点任务分工表\n${text}`)).toEqual(lists);
    expect(codesIn(text)).toEqual(['table.headless', 'table.headless']);
  });

  it.each([
    ['who somebody is', '张某\t市教育局\t科长\t0551-6288888\n李某\t市财政局\t高级会计师\t0551-6299999\n'],
    ['figures', '市教育局\t120\t35\n市财政局\t80\t12\n'],
    ['heads that nobody knows', '单位名称\t获奖项目的名称\t年份\n市教育局\t智慧校园建设项目\t2025\n市财政局\t预算一体化项目\t2025\n'],
    ['one row', '1\t建设统一数据平台\t市数据局\n'],
    ['more columns of units than two', '市教育局\t市财政局\t市民政局\t共同推进城市更新\n市水利局\t市林业局\t市司法局\t共同推进河道治理\n'],
  ])('is none where its cells say %s', (_, text) => {
    expect(listsIn(text)).toEqual([]);
  });
});

describe('a table whose rows run together on one line', () => {
  const [one, other] = ['l: 市数据局 | s: 市财政局 | 2026年6月 = 2026-06-30', 'l: 市民政局 | s: 市妇联 各县区 | 每季度 = 每季度'];
  const heads = ['序号', '工作任务', '牵头单位', '配合单位', '完成时限'];
  const rows = ['1', '建设平台', '市数据局', '市财政局', '2026年6月', '2', '优化服务', '市民政局', '市妇联、各县区', '每季度'];
  const line = (mark: string) => [...heads, ...rows].join(mark);

  it.each([
    ['parted by single spaces', line(' ')],
    ['by tabs', line('\t')],
    ['by bars', `| ${heads.join(' | ')} | |---|---|---|---|---| | ${rows.slice(0, 5).join(' | ')} | | ${rows.slice(5).join(' | ')} |`],
    ['in the middle of other words', `一、总体要求。二、任务分工 附件 任务分工表。${line(' ')} 三、保障措施 加强领导。`],
  ])('is read where the heads count its cells: %s', (_, text) => {
    expect(listsIn(text)).toEqual([one, other]);
    expect(codesIn(text)).toEqual([]);
  });

  it('may have no numbers', () => {
    expect(listsIn('任务 牵头单位 配合单位 建设平台 市数据局 市财政局 优化服务 市民政局 —')).toEqual([
      'l: 市数据局 | s: 市财政局',
      'l: 市民政局',
    ]);
  });

  it('is not certain where a row has more words or fewer', () => {
    const text =
      '序号 重点任务 责任单位 完成时限 备注 1 建设 5 处枢纽 市数据局 市财政局 2026年6月底前 2 优化 服务 市民政局（牵头） 市妇联 每季度';
    expect(listsIn(text)).toEqual(['r: 市数据局 市财政局 | 2026年6月底前 = 2026-06-30', 'l: 市民政局 | s: 市妇联 | 每季度 = 每季度']);
    expect(codesIn(text)).toEqual(['table.flat', 'table.flat']);
  });

  it('is not certain where nothing parts its cells', () => {
    expect(listsIn(line(''))).toEqual([one, other]);
    expect(codesIn(line(''))).toEqual(['table.flat', 'table.flat']);
    const wide = '序号主要任务责任单位1推进城市更新市住房和城乡建设局、市城市管理局2.建设区域医疗中心各县（市、区）人民政府';
    expect(listsIn(wide)).toEqual(['r: 市住房和城乡建设局 市城市管理局', 'r: 各县（市、区）人民政府']);
  });

  it('says at least which units it names where its rows cannot be told', () => {
    const text = '序号 工作任务 责任单位 完成时限 推进改革 市教育局 市财政局 优化服务 市民政局';
    expect(listsIn(text)).toEqual(['r: 市教育局 市财政局 市民政局']);
    expect(codesIn(text)).toEqual(['table.flat']);
  });

  it('is none where a sentence speaks of its heads', () => {
    expect(listsIn('本表应当包括 序号 工作任务 责任单位 完成时限 等栏目，由各单位如实填写。')).toEqual([]);
  });

  it('may keep its line ends and have heads that nobody knows', () => {
    const text = '序号 任务 责任单位 时限 目标值 计量\n1 植树 市林业局 2026年 5 万亩\n2 造林 市水利局 2027年 6 万亩\n';
    expect(listsIn(text)).toEqual(['r: 市林业局 | 2026年 = 2026-12-31', 'r: 市水利局 | 2027年 = 2027-12-31']);
  });
});

describe('a table of spaces whose cells go on over lines', () => {
  it('has each piece under its head', () => {
    const text = [
      '序号  工作任务          牵头单位    配合单位      完成时限',
      '1     推进城市更新和老  市住建局    市财政局、    2026年6月',
      '      旧小区改造                    市教育局      底前',
      '2     优化服务          市民政局    市妇联        每季度',
      '                                    团市委',
      '三、抓好落实（市政府办公室牵头）',
    ].join('\n');
    expect(listsIn(text)).toEqual([
      'l: 市住建局 | s: 市财政局 市教育局 | 2026年6月底前 = 2026-06-30',
      'l: 市民政局 | s: 市妇联 团市委 | 每季度 = 每季度',
      'l: 市政府办公室',
    ]);
    expect(codesIn(text)).toEqual([]);
  });

  it('has its head again on each page', () => {
    const head = '序号  工作任务          牵头单位        配合单位';
    const text = [
      head,
      '1     建立“红黑名单”      市司法局        市财政局、市民',
      '      制度                                政局',
      '',
      '— 2 —',
      '',
      head,
      '2     清理历史遗留问    市自然资源和规  市税务局',
      '      题                划局',
    ].join('\n');
    expect(listsIn(text)).toEqual(['l: 市司法局 | s: 市财政局 市民政局', 'l: 市自然资源和规划局 | s: 市税务局']);
    expect(codesIn(text)).toEqual([]);
  });

  it('is not certain where numbers stand in the middle of their rows', () => {
    const text = [
      '序号  工作任务          牵头单位    配合单位',
      '      推进城市更新和老              市财政局、',
      '1                       市住建局',
      '      旧小区改造                    市教育局',
      '      推进                          市妇联、',
      '2                       市民政局',
      '      服务                          各县区',
    ].join('\n');
    expect(listsIn(text)).toEqual(['l: 市住建局 | s: 市财政局 市教育局', 'l: 市民政局 | s: 市妇联 各县区']);
    expect(codesIn(text)).toEqual(['row.wrapped', 'row.wrapped']);
  });

  it('may be English', () => {
    const text = [
      'No.  Action              Lead agency          Partners             Deadline',
      '1    Draft the national  Ministry of Health   WHO, UNICEF          June 2026',
      '     health bill',
      '2    Train nurses        Nursing Council      Ministry of          Dec 2026',
      '                                              Education',
    ].join('\n');
    expect(listsIn(text)).toEqual([
      'l: Ministry of Health | s: WHO UNICEF | June 2026 = 2026-06-30',
      'l: Nursing Council | s: Ministry of Education | Dec 2026 = 2026-12-31',
    ]);
  });

  it('is not certain without numbers', () => {
    const text =
      '工作任务          牵头单位        完成时限\n推进城市更新和老  市住房和城乡    2026年6月\n旧小区改造        建设局          底前\n优化服务          市民政局        每季度\n';
    expect(listsIn(text)).toEqual(['l: 市住房和城乡建设局 | 2026年6月底前 = 2026-06-30', 'l: 市民政局 | 每季度 = 每季度']);
    expect(codesIn(text)).toEqual(['row.wrapped']);
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

  it('line ends in all paragraphs, also where they part a rule or a name', () => {
    const paragraphs = [
      '为做好今年的重点工作，现将任务分工印发给你们，各项任务中排在第一位的部门为牵头单位，其他部门为配合单位，请认真抓好落实。',
      '1.完善科技创新体系，健全多元投入机制，提升成果转化能力，到2027年建成创新平台二十个。（省科技厅、省财政厅、各市人民政府）',
    ];
    const lines = paragraphs.flatMap((words) => words.match(/.{1,25}/gu)!);
    expect(lines.length).toBeGreaterThan(4);
    expect(listsIn(lines.join('\n'))).toEqual(['l: 省科技厅 | s: 省财政厅 各市人民政府 | 到2027年 = 2027-12-31']);
  });

  it('marks inside names that nobody sees', () => {
    const { lists } = readGuideline('1.改革。（各市、\u200b县人民政府负责）');
    expect(lists.map(({ units }) => units.map(({ name }) => name))).toEqual([['各市、县人民政府']]);
  });

  it('all of it on one line', () => {
    const text =
      '一、总体要求。坚持创新。二、主要任务（一）推进改革。完善。（省科技厅负责）（二）优化服务。到2025年建成。（省数据局牵头）三、保障措施。加强领导。';
    const { lists, outline } = readGuideline(text);
    expect(lists.map(({ path }) => path.join('/'))).toEqual(['二、主要任务/（一）推进改革', '二、主要任务/（二）优化服务']);
    expect(outline).toHaveLength(5);
  });
});

describe('a text that came on one line', () => {
  it.each([
    [
      '重点任务分工措施一：建设平台牵头单位：市数据局配合单位：市财政局、各县区完成时间：2026年6月措施二：优化服务牵头科室：政务办责任领导：王某配合科室：督查室完成时间：每季度',
      ['l: 市数据局 | s: 市财政局 各县区 | 2026年6月 = 2026-06-30', 'l: 政务办 | s: 督查室 | 每季度 = 每季度'],
    ],
    [
      '任务清单1.建设平台，2026年6月底前完成。责任单位：市数据局2.优化服务。责任单位：市民政局、市妇联3.召开会议。责任单位：各部门',
      ['r: 市数据局 | 2026年6月底前 = 2026-06-30', 'r: 市民政局 市妇联', 'r: 各部门'],
    ],
    [
      '重点任务1.建设平台。责任单位：市数据局2.优化服务。责任单位：市民政局3.召开会议。责任单位：市妇联',
      ['r: 市数据局', 'r: 市民政局', 'r: 市妇联'],
    ],
    [
      '年度重点项目一、建设平台，按照第二条要求推进。责任单位：市数据局二、优化服务。责任单位：市民政局、市妇联',
      ['r: 市数据局', 'r: 市民政局 市妇联'],
    ],
    [
      '若干措施第一条 放宽准入。牵头单位：市商务局第二条 降低成本。牵头单位：市财政局；配合单位：各县区',
      ['l: 市商务局', 'l: 市财政局 | s: 各县区'],
    ],
    [
      '任务清单（一）改善水质。责任单位：1.市水利局；2.市城管局整改时限：2026年9月（二）清理河道。责任单位：各街道',
      ['r: 市水利局 市城管局 | 2026年9月 = 2026-09-30', 'r: 各街道'],
    ],
  ])('%s', (text, lists) => {
    expect(listsIn(text)).toEqual(lists);
  });

  it('is left as it is where the words belong together', () => {
    expect(listsIn('请各责任单位：市教育局已经印发要点，第1、2、3条另行通知，全市投资增长3.5个百分点以上，有关情况另报。')).toEqual([]);
    const prose = '1.落实第2.3款所列要求，建设项目1个。责任单位：市教育局、市财政局，其中第2项与第3项由专人负责';
    expect(readGuideline(prose).outline).toHaveLength(1);
  });
});

describe('a label at the end of a full line', () => {
  it('has its names on the next', () => {
    const text =
      '1.推进全市城市更新和老旧小区改造提升工作。主办：市住建局；会办：\n市自然资源局、市财政局。\n2.优化服务。责任单位：市民政局\n、市妇联';
    expect(listsIn(text)).toEqual(['l: 市住建局 | s: 市自然资源局 市财政局', 'r: 市民政局 市妇联']);
  });

  it('may be empty', () => {
    expect(listsIn('牵头单位：市教育局\n配合单位：\n市教育局印发的方案要抓好落实。')).toEqual(['l: 市教育局']);
  });
});
