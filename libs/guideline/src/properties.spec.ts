import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { readGuideline, type ReadGuideline } from './read.js';
import { sentences } from './sentences.js';

const folder = join(import.meta.dirname, '../../../test/guidelines');
const documents = readdirSync(folder)
  .filter((file) => file.endsWith('.txt'))
  .map((file) => readFileSync(join(folder, file), 'utf8'));

const name = fc
  .tuple(
    fc.constantFrom('省', '市'),
    fc.constantFrom('科技', '财政', '工业和信息化', '文化和旅游', '住房和城乡建设', '数据'),
    fc.constantFrom('厅', '局', '委'),
  )
  .map((parts) => parts.join(''));
const names = fc.uniqueArray(fc.oneof(name, fc.constantFrom('各市、县人民政府', '各县（市、区）人民政府')), { minLength: 1, maxLength: 5 });
const share = fc
  .tuple(names, fc.option(names, { nil: [] }))
  .map(([lead, support]) => ({ lead, support: support.filter((unit) => !lead.includes(unit)) }));
type Share = { lead: string[]; support: string[] };

const FORMS: readonly ((list: Share) => string)[] = [
  ({ lead, support }) => `（牵头单位：${lead.join('、')}${support.length ? `，配合单位：${support.join('、')}` : ''}）`,
  ({ lead, support }) => `(牵头单位:${lead.join('、')}${support.length ? `;责任单位:${support.join('、')}` : ''})`,
  ({ lead, support }) => `（${lead.join('、')}牵头${support.length ? `，${support.join('、')}配合` : ''}）`,
  ({ lead, support }) => `\n牵头单位：${lead.join('、')}${support.length ? `\n配合单位：${support.join('、')}` : ''}`,
  ({ lead, support }) => `【牵头单位】${lead.join('、')}${support.length ? `【配合单位】${support.join('、')}` : ''}`,
  ({ lead, support }) => `由${lead.join('、')}牵头${support.length ? `，${support.join('、')}配合` : ''}。`,
  ({ lead, support }) => `\n牵头单位：${lead.join('\n')}${support.length ? `\n配合单位：${support.join('、')}` : ''}`,
];

/** Tables of such lists, and what is written around them. */
const TABLES: readonly ((lists: readonly Share[]) => string)[] = [
  (lists) =>
    `序号\t任务\t牵头单位\t配合单位\n${lists.map(({ lead, support }, i) => `${i + 1}\t推进改革\t${lead.join('、')}\t${support.join('、') || '无'}`).join('\n')}`,
  (lists) =>
    `|配合单位|任务|牵头单位|\n|---|---|---|\n${lists.map(({ lead, support }) => `|${support.join('<br>') || '—'}|推进改革|${lead.join('、')}|`).join('\n')}`,
  (lists) =>
    `<table><tr><th>任务</th><th>牵头单位</th><th>配合单位</th></tr>\n${lists.map(({ lead, support }) => `<tr>\n<td>推进改革</td>\n<td>${lead.join('<br>')}</td><td>${support.map((unit) => `<p>${unit}</p>`).join('') || '无'}</td></tr>`).join('\n')}\n</table>`,
  (lists) =>
    [
      '序号',
      '任务',
      '牵头单位',
      '配合单位',
      ...lists.flatMap(({ lead, support }, i) => [`${i + 1}`, '推进改革', lead.join('、'), support.join('、') || '无']),
    ].join('\n'),
];
const asLists = (text: string) =>
  readGuideline(text).lists.map(({ units }) => ({
    lead: units.filter(({ role }) => role === 'lead').map((unit) => unit.name),
    support: units.filter(({ role }) => role === 'support').map((unit) => unit.name),
  }));

const insideText = ({ lists, outline }: ReadGuideline, text: string) => {
  const spans = [
    ...outline.map(({ span }) => span),
    ...lists.flatMap((list) => [
      list.span,
      list.passage,
      ...list.units.map(({ span }) => span),
      ...list.deadlines.map(({ span }) => span),
      ...list.rules.map(({ span }) => span),
    ]),
  ];
  return spans.every(([start, end]) => start >= 0 && start <= end && end <= text.length);
};

describe('a document that was written from lists', () => {
  it('comes back as those lists', () => {
    fc.assert(
      fc.property(fc.array(share, { minLength: 1, maxLength: 6 }), fc.constantFrom(...FORMS), (lists, form) => {
        const text = lists.map((list, i) => `${i + 1}.推进改革。完善制度，提升能力。${form(list)}`).join('\n');
        expect(asLists(text)).toEqual(lists);
      }),
      { numRuns: 400 },
    );
  });

  it('comes back from a table as those lists', () => {
    fc.assert(
      fc.property(fc.array(share, { minLength: 1, maxLength: 6 }), fc.constantFrom(...TABLES), (lists, table) => {
        expect(asLists(`重点任务分工表\n${table(lists)}\n`)).toEqual(lists);
      }),
      { numRuns: 200 },
    );
  });

  it('comes back from a matrix of marks as those lists', () => {
    const marks = fc.array(fc.array(fc.constantFrom('●', '○', ''), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 5 });
    const heads = ['市教育局', '市财政局', '各县（市、区）人民政府'];
    fc.assert(
      fc.property(marks, (rows) => {
        const said = rows.filter((row) => row.some((mark) => mark !== ''));
        fc.pre(said.length === rows.length);
        const text = `任务\t${heads.join('\t')}\n${rows.map((row) => `推进改革\t${row.join('\t')}`).join('\n')}\n注：●牵头，○配合`;
        const named = (row: string[], mark: string) => heads.filter((_, i) => row[i] === mark);
        expect(asLists(text)).toEqual(rows.map((row) => ({ lead: named(row, '●'), support: named(row, '○') })));
      }),
      { numRuns: 200 },
    );
  });
});

describe('any text at all', () => {
  /** What is wrong with the answer: spans outside the text, codes without a sentence. */
  const faultsOf = (text: string) => {
    const read = readGuideline(text);
    const codes = read.lists.flatMap(({ unsure, deadlines }) => [...unsure.map(({ code }) => code), ...deadlines.map(({ flag }) => flag)]);
    return [...(insideText(read, text) ? [] : ['span']), ...codes.filter((code) => code !== null && !(code in sentences))];
  };

  it('is read without a throw when a real document was damaged', () => {
    const scraps = fc.constantFrom(
      '（',
      '）',
      '(',
      ')',
      '、',
      '：',
      '；',
      '牵头',
      '\n',
      '\t',
      '|',
      '同上',
      '等',
      '和',
      ' ',
      '2025年',
      '前',
      '下同',
      '《',
      '“',
      '\u0000',
      '😀',
      'Lead: ',
      '<td>',
      '</tr>',
      '<table>',
      '&amp;',
    );
    const wound = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), scraps);
    fc.assert(
      fc.property(fc.constantFrom(...documents), fc.array(wound, { minLength: 1, maxLength: 12 }), (document, wounds) => {
        const start = Math.floor(document.length * 0.4);
        let text = document.slice(0, 400) + document.slice(start, start + 1_500);
        for (const [place, cut, scrap] of wounds) {
          const at = Math.floor(place * text.length);
          text = text.slice(0, at) + scrap + text.slice(at + cut);
        }
        expect(faultsOf(text)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('is read without a throw when it is made of the words of lists', () => {
    const words = fc.constantFrom(
      ...'（ ） ( ) [ ] 、 ， ； 。 ： : \n \t | 牵头 负责 配合 单位 牵头单位 责任单位 会同 等 和 及 各市 县 人民政府 省科技厅 同上 无 2025年 底前 下同 排在第一位的 为牵头单位 以下均需 落实 一、 （一） 1. Lead: Support; and the by <table> <tr> <td> <td\trowspan=3> </td> </table> <br> &amp;'.split(
        ' ',
      ),
      ' ',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), (parts) => {
        expect(faultsOf(parts.join(''))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  /** Eight times the text takes about eight times as long; sixty-four would be the square. Measured is the time of the processor, which does not grow when others run, each at its best of three. */
  it.each([
    '(',
    '（）',
    '（（（（（）））））',
    '、',
    '牵头',
    '牵头单位：',
    '省科技厅和',
    '市财政局',
    '1.\n',
    '\t',
    '\n',
    '牵头单位\t',
    '|',
    '由省科技厅，',
    '2025年',
    '《',
    ' and ',
    'Lead: A, ',
    'led by ',
    '●\t○\t',
    '市科技局\t市财政局\t市民政局\n',
    '序号\n任务\n牵头单位\n1\n',
    '序号\n任务\n牵头单位\n1\n甲\n市教育局\n',
    '任务\n牵头单位\n时限\n甲\n市教育局\n2025年\n',
    '任务\n\n牵头单位\n\n时限\n\n(1)丁\n\n甲\n\n市教育局\n\n',
    '序号\n任务\n牵头单位\n1\n甲\n市教育局\n14\n一、丙\n',
    '任务\n牵头单位\n',
    '1\n甲\n市教育局\n',
    '①',
    '序号 任务 责任单位 1 甲 市教育局 2 乙 市民政局 ',
    '序号 任务 责任单位 ',
    '序号任务责任单位',
    '序号任务责任单位1甲市教育局2乙市民政局',
    '序号  任务  责任单位\n1  甲  市教育\n   乙  局\n一、丙\n',
    '任务1.甲责任单位：市教育局2.乙',
    '序号  任务  牵头单位\n1  市教育  市教育\n  局  局\n',
    '由市教育局会同市财政局研究。',
    '推进城市更新改造\t市教育局\t5\n',
    '<table>',
    '<td>市教育局',
    '<tr><td rowspan=99>任务</td><td>责任单位</td></tr>',
    '<a ',
    '&amp;',
    'Roads Board and Coastal Fire ',
  ])('is read in time that grows with its length: %j', (words) => {
    const fill = (size: number) => words.repeat(Math.ceil(size / words.length)).slice(0, size);
    // As much text in pieces as in one: a clock of processor time may tick too seldom for one piece.
    const best = (...texts: string[]) =>
      Math.min(
        ...[1, 2, 3].map(() => {
          const start = process.cpuUsage();
          for (const text of texts) readGuideline(text);
          return process.cpuUsage(start).user / 1_000;
        }),
      );
    const [short, long] = [fill(10_000), fill(80_000)];
    expect(faultsOf(short)).toEqual([]);
    expect(best(long) / (best(...Array.from({ length: 8 }, () => short)) + 10)).toBeLessThan(4);
  });
});
