import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGuideline } from './read.js';
import { toScoreJson } from './to-score.js';

const folder = join(import.meta.dirname, '../../../test/guidelines');
const document = (name: string) => readFileSync(join(folder, `${name}.txt`), 'utf8');

type Expected = {
  item: string;
  lead: string[];
  support: string[];
  guide?: string[];
  responsible: string[];
  deadlines: string[];
  raw: string;
  span: [number, number];
  ambiguous?: string;
};
const expected = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.expected.json`), 'utf8')) as Expected[];

const SEED = '00_seed-anhui-xianyu-jiqun';

describe('the document the product starts with', () => {
  const text = document(SEED);
  const read = readGuideline(text);

  it('says what it is', () => {
    expect(read).toMatchObject({
      title: '安徽省人民政府办公厅关于推进县域特色产业集群(基地)高质量发展的指导意见',
      number: '皖政办秘〔2024〕56号',
      issuer: '安徽省人民政府办公厅',
      issuedOn: '2024-08-16',
    });
  });

  it('has its thirteen lists, each as it was read by hand', () => {
    const found = read.lists.map(({ path, raw, span, units }) => {
      const named = (role: string) => units.filter((unit) => unit.role === role).map(({ name }) => name);
      return {
        item: path.join('/'),
        raw,
        span,
        lead: named('lead'),
        support: named('support'),
        guide: named('guide'),
        responsible: named('responsible'),
      };
    });
    expect(found).toEqual(
      expected(SEED).map(({ item, raw, span, lead, support, responsible }) => ({ item, raw, span, lead, support, guide: [], responsible })),
    );
    expect(read.lists).toHaveLength(13);
  });

  it('names 19 departments and one collective', () => {
    const units = read.lists.flatMap((list) => list.units);
    expect(new Set(units.filter(({ collective }) => !collective).map(({ name }) => name)).size).toBe(19);
    expect(new Set(units.filter(({ collective }) => collective).map(({ name }) => name))).toEqual(new Set(['各市、县人民政府']));
  });

  it('is read with certainty', () => {
    expect(read.lists.flatMap(({ unsure }) => unsure)).toEqual([]);
  });

  it('gives no date in any item, one of them a rhythm', () => {
    const deadlines = read.lists.flatMap((list) => list.deadlines);
    expect(deadlines.map(({ text, dueOn, recurrence }) => ({ text, dueOn, recurrence }))).toEqual([
      { text: '每年', dueOn: null, recurrence: '每年' },
    ]);
  });

  it('has each unit where its span says', () => {
    for (const { units, passage, span, raw, title } of read.lists) {
      for (const unit of units) expect(text.slice(...unit.span)).toBe(unit.written);
      expect(text.slice(...span)).toBe(raw);
      expect(text.slice(...passage)).toContain(title);
      expect(passage[1]).toBe(span[0]);
    }
  });

  it('survives being written down', () => {
    expect(JSON.parse(JSON.stringify(read))).toEqual(read);
  });
});

describe('documents written for this project', () => {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.txt') && !file.startsWith('00'))
    .map((file) => file.replace('.txt', ''));

  it.each(names)('%s', (name) => {
    const found = toScoreJson(readGuideline(document(name)));
    const truths = expected(name);
    expect(found).toHaveLength(truths.length);
    const clear = truths.flatMap((truth, i) => (truth.ambiguous ? [] : [{ truth, list: found[i]! }]));
    for (const { truth, list } of clear) {
      expect({ ...list, deadlines: list.deadlines.map(({ text }) => text) }).toMatchObject({
        lead: truth.lead,
        support: truth.support,
        guide: truth.guide ?? [],
        responsible: truth.responsible,
        deadlines: truth.deadlines,
      });
    }
    const ambiguous = truths.flatMap((truth, i) => (truth.ambiguous ? [found[i]!.unsure] : []));
    expect(ambiguous).not.toContain(undefined);
  });
});
