import { draft, unit } from './guideline-testing.js';
import type { Draft } from './draft.js';
import { continued, differences, type Standing } from './versions.js';

const firms = '支持龙头企业将配套伙伴企业纳入共同的供应链管理，建立稳定的供应、生产、销售等协作、配套关系';
const brand = '开展集群品牌建设试点，积极申报地理标志、集体商标等品牌，支持建设集群展览展示平台';
const travel = '推动集群融入长三角产业链，支持有需要的集群企业开设中欧定制班列，提升对外开放能力';
const science = '支持县（市）与集群企业、高校、科研院所等共建新型研发机构，布局一批现代产业学院';

const at = (list: string, heading: string, ...units: Draft['units']): Draft => ({
  ...draft(list, ...units),
  title: heading,
  path: ['三、任务', heading],
});
const lead = unit('省科技厅', 'lead');
const inForce = (taskId: string, draft: Draft, text: string): Standing => ({ taskId, draft, text });
const before = [
  inForce('task-firms', at('1', '1.引育群主企业', lead), firms),
  inForce('task-brand', at('2', '2.创建公共品牌', lead), brand),
  inForce('task-travel', at('3', '3.融入开放平台', lead), travel),
];

describe('finding the tasks that a new version continues', () => {
  const find = (...lists: [Draft, string][]) =>
    Object.fromEntries(
      continued(
        before,
        lists.map(([draft]) => draft),
        (draft) => lists.find(([own]) => own === draft)![1],
      ),
    );

  it('follows items that were renumbered and moved', () => {
    expect(find([at('1', '1.融入开放平台'), travel], [at('2', '2.引育群主企业'), firms])).toEqual({ 1: 'task-travel', 2: 'task-firms' });
  });

  it('follows an item that was reworded under its heading', () => {
    expect(find([at('1', '1.引育群主企业'), `${firms}，每个集群招引两家以上`])).toEqual({ 1: 'task-firms' });
  });

  it('takes a new item for a new one', () => {
    expect(find([at('1', '1.搭建创新平台'), science])).toEqual({});
  });

  it('gives no task to two lists: the more alike has it', () => {
    expect(find([at('1', '1.创建公共品牌'), brand.slice(0, 20)], [at('2', '2.创建公共品牌'), brand])).toEqual({ 2: 'task-brand' });
  });
});

describe('the differences between two versions', () => {
  it('say what is kept, changed, new and gone', () => {
    const after: [Draft, string][] = [
      [{ ...at('1', '一、引育群主企业', lead), was: 'task-firms' }, `${firms} `],
      [
        {
          ...at('2', '2.创建公共品牌', lead, unit('省财政厅', 'support')),
          was: 'task-brand',
          due: { dueOn: '2026-12-31', recurrence: null, words: null },
        },
        `${brand}。另加`,
      ],
      [at('3', '3.搭建创新平台', lead), science],
    ];
    const found = differences(
      before,
      after.map(([draft]) => draft),
      (draft) => after.find(([own]) => own === draft)![1],
    );
    expect(found.map(({ kind, list, taskId, fields }) => ({ kind, list, taskId, fields }))).toEqual([
      { kind: 'kept', list: '1', taskId: 'task-firms', fields: [] },
      { kind: 'changed', list: '2', taskId: 'task-brand', fields: ['text', 'units', 'due'] },
      { kind: 'new', list: '3', taskId: null, fields: [] },
      { kind: 'gone', list: null, taskId: 'task-travel', fields: [] },
    ]);
  });

  it.each([
    ['到2027年建成3个', '到2027年建成5个', ['text']],
    ['3个月内完成', '6个月内完成', ['text']],
    ['1.5万户以上', '2.5万户以上', ['text']],
    ['（一）建成平台', '（三）建成平台', []],
    ['第三条 建成平台\n1.立项', '第五条 建成平台\n2.立项', []],
  ])('“%s” and “%s” are told apart by what they say, not by their numbers', (was, is, fields) => {
    const draft = { ...at('1', '1.引育群主企业', lead), was: 'task-firms' };
    expect(differences([inForce('task-firms', draft, was)], [draft], () => is)[0]!.fields).toEqual(fields);
  });

  it('are none where only numbers, spaces and marks differ', () => {
    const same = { ...at('1', '2、引育群主企业', lead), was: 'task-firms' };
    expect(differences(before.slice(0, 1), [same], () => firms.replaceAll('，', ' , '))).toMatchObject([{ kind: 'kept' }]);
  });
});
