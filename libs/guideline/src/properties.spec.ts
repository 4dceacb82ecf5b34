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
];

const insideText = ({ lists, outline }: ReadGuideline, text: string) => {
  const spans = [
    ...outline.map(({ span }) => span),
    ...lists.flatMap((list) => [
      list.span,
      list.passage,
      ...list.units.map(({ span }) => span),
      ...list.deadlines.map(({ span }) => span),
      ...(list.rule ? [list.rule.span] : []),
    ]),
  ];
  return spans.every(([start, end]) => start >= 0 && start <= end && end <= text.length);
};

describe('a document that was written from lists', () => {
  it('comes back as those lists', () => {
    fc.assert(
      fc.property(fc.array(share, { minLength: 1, maxLength: 6 }), fc.constantFrom(...FORMS), (lists, form) => {
        const text = lists.map((list, i) => `${i + 1}.推进改革。完善制度，提升能力。${form(list)}`).join('\n');
        const found = readGuideline(text).lists.map(({ units }) => ({
          lead: units.filter(({ role }) => role === 'lead').map((unit) => unit.name),
          support: units.filter(({ role }) => role === 'support').map((unit) => unit.name),
        }));
        expect(found).toEqual(lists);
      }),
      { numRuns: 300 },
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
      ...'（ ） ( ) [ ] 、 ， ； 。 ： : \n \t | 牵头 负责 配合 单位 牵头单位 责任单位 会同 等 和 及 各市 县 人民政府 省科技厅 同上 无 2025年 底前 下同 排在第一位的 为牵头单位 以下均需 落实 一、 （一） 1. Lead: Support; and the by'.split(
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

  it('is read in time that grows with its length', () => {
    const size = 200_000;
    const fill = (words: string) => words.repeat(Math.ceil(size / words.length)).slice(0, size);
    for (const text of [
      '(',
      '（）',
      '（（（（（）））））',
      '、',
      '牵头单位：',
      '省科技厅和',
      '1.\n',
      '\t',
      '牵头单位\t',
      '|',
      '由省科技厅，',
      '2025年',
      '《',
      ' and ',
      'Lead: A, ',
    ].map(fill)) {
      const start = performance.now();
      expect(faultsOf(text)).toEqual([]);
      expect(performance.now() - start).toBeLessThan(10_000);
    }
  });
});
