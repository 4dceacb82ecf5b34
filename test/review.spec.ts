import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Command } from 'commander';
import { docx, p } from '../libs/documents/src/testing.js';
import { importFile } from '../apps/cli/src/import.js';
import { addReview } from '../apps/cli/src/review.js';
import { wordsIn } from '../apps/cli/src/words.js';
import { Stack } from './support/stack.js';
import type { Visitor } from './support/visitor.js';

let stack: Stack;
let supervisor: Visitor;
let folder: string;

beforeAll(async () => {
  stack = await Stack.start();
  supervisor = await stack.person('ducha');
  folder = await mkdtemp(join(tmpdir(), 'duban-review-'));
  process.env['DUBAN_TOKEN'] = (await supervisor.must(supervisor.post<{ token: string }>('/tokens', { name: '核对' }))).token;
});
afterAll(async () => {
  delete process.env['DUBAN_TOKEN'];
  await stack?.stop();
  await rm(folder, { recursive: true });
});

type Said = { code: number; text: string };

/** What a supervisor sees who types this. */
async function typed(run: (done: (code: number) => void) => Promise<unknown>): Promise<Said> {
  const said: string[] = [];
  const { log, error } = console;
  console.log = console.error = (...words: unknown[]) => void said.push(words.join(' '));
  try {
    let code = 0;
    await run((answer) => void (code = answer));
    return { code, text: stripVTControlCharacters(said.join('\n')) };
  } finally {
    Object.assign(console, { log, error });
  }
}
const review = async (...words: string[]) => {
  await stack.settled();
  return typed(async (done) => {
    const program = new Command().exitOverride();
    addReview(program, wordsIn('zh'), 'zh', done);
    await program.parseAsync(['review', ...words, '--url', stack.url], { from: 'user' });
  });
};
async function imported(name: string, content: Uint8Array | string, next?: string): Promise<Said & { id: string }> {
  await stack.settled();
  await writeFile(join(folder, name), content);
  const said = await typed(async (done) => done(await importFile(wordsIn('zh'), 'zh')(join(folder, name), { url: stack.url, next })));
  return { ...said, id: /duban review show (\S+)/.exec(said.text)?.[1] ?? '' };
}

const lines = [
  '关于核对清单的通知',
  '一、主要任务',
  '1.建设平台。到2026年底前建成。（省科技厅、省财政厅负责，列第一位者为牵头单位，下同）',
  '2.创新品牌。自批复之日起3个月内完成。（省商务厅、省教育厅）',
  '3.推广应用。持续推广。（省教育厅）',
  '4.再造流程。优化流程。（省民政厅）',
  '5.说明。本项不下发。（省民政厅）',
];

describe('a document on its way to the units', () => {
  let id: string;

  it('is imported, and every list shown with its paragraph and the sentence that decided it', async () => {
    const done = await imported('a.docx', docx(lines.map((line) => p(line)).join('')));
    expect([done.code, done.text]).toEqual([0, expect.stringContaining('已导入：关于核对清单的通知，5 项清单，0 项待确认。')]);
    ({ id } = done);
    const { text } = await review('show', id);
    expect(text).toMatch(
      /1\. 建设平台 \[\d+–\d+ · 第 3 段\]\n {2}牵头 省科技厅\n {2}配合 省财政厅\n {2}依据“列第一位者为牵头单位，下同” \[\d+–\d+ · 第 3 段\]/,
    );
    expect(text).toMatch(
      /2\. 创新品牌 .* · 第 4 段\]\n {2}牵头 省商务厅\n {2}配合 省教育厅\n {2}依据.* · 第 3 段\]\n {2}自批复之日起3个月内 期限取决于“自批复之日起”，暂无日期。/,
    );
    expect(text).toContain('5 项清单 · 5 家单位 · 0 项待确认 · 1 项期限待核对');
  });

  it('is told of when it comes again, and where it is', async () => {
    const again = await imported('b.docx', docx(lines.map((line) => p(line)).join('')));
    expect([again.code, again.id, again.text]).toEqual([1, id, expect.stringContaining('此前已导入')]);
  });

  it('is corrected: a role that is not named keeps its units, and whoever names others answers for them', async () => {
    const kept = await review('correct', id, '2', '--support', '省教育厅、各市、县人民政府', '--due', '2027-03-31', '--every', '每季度');
    expect(kept.text).toContain('  牵头 省商务厅\n  配合 省教育厅、各市、县人民政府\n  自批复之日起3个月内');
    expect(kept.text).toContain('期限：2027-03-31 · 每季度');
    expect(kept.text).not.toContain('依据');
    expect((await review('correct', id, '1', '--due', '2026-13-45')).text).toContain('due.dueOn');
    expect((await review('correct', id, '9', '--title', '无')).text).toContain('清单 9 不在待核清单之中');
  });

  it('is split, merged and rejected', async () => {
    const parts = await review('split', id, '1', '--part', 'lead=省科技厅;title=前期工作;due=2026-12-01', 'lead=省财政厅;support=省科技厅');
    expect(parts.text).toMatch(/1\.1\. 前期工作[^]*期限：2026-12-01[^]*1\.2\. 建设平台[^]*牵头 省财政厅\n {2}配合 省科技厅/);
    expect((await review('merge', id, '3', '4')).text).toMatch(/3\. 推广应用[^]*牵头 省教育厅、省民政厅/);
    expect(await review('reject', id, '5', '--reason', '不是任务')).toEqual({ code: 0, text: '已去掉清单 5' });
  });

  it('says what stands in the way of issuing it, until the units are registered', async () => {
    await review('correct', id, '3', '--support', '省低空办、新区群体');
    const refused = await review('issue', id);
    expect([refused.code, refused.text]).toEqual([1, expect.stringContaining('以下单位不在单位库中：省低空办、新区群体')]);
    expect(refused.text).toMatch(/3\. 推广应用[^]*待确认：“省低空办”不在单位名录中/);
    expect(refused.text).not.toContain('1.1. ');
    expect((await review('register', '省低空办', '--alias-of', '没有的单位')).text).toContain('名录中没有“没有的单位”');
    expect(await review('register', '省低空办', '--alias-of', '省科技厅')).toEqual({ code: 0, text: '已登记：省低空办' });
    expect((await review('register', '新区群体', '--kind', 'collective', '--members', '合肥市人民政府、省教育厅')).code).toBe(0);
  });

  it('is issued, with what is still to check; the history has every correction with before and after', async () => {
    expect((await review('amend', id, '--number', '皖政〔2026〕9号', '--issued-on', '2026-11-20')).text).toContain(
      '皖政〔2026〕9号 · 2026-11-20',
    );
    await review('correct', id, '2', '--due', 'none');
    const { code, text } = await review('issue', id);
    expect([code, text]).toEqual([0, expect.stringMatching(/^已下发：4 项任务，\d+ 项分工/)]);
    await stack.settled();
    const { rows } = await supervisor.must(
      supervisor.get<{ rows: { type: string; data: { before?: object; after?: object } }[] }>(`/guidelines/${id}/history?limit=50`),
    );
    const corrections = rows.filter(({ type }) => type === 'DraftCorrected');
    expect(corrections.length).toBe(3);
    for (const { data } of corrections) expect([data.before, data.after]).toEqual([expect.any(Object), expect.any(Object)]);
  });

  it('has a next version, which shows what it keeps, changes, adds and drops', async () => {
    const next = lines
      .with(3, '2.创新品牌。自批复之日起6个月内完成。（省商务厅、省教育厅）')
      .with(6, '5.推进节能。到2027年降耗。（省生态环境厅）');
    const { text, code } = await imported('v2.txt', next.join('\n'), id);
    expect(code).toBe(0);
    expect(text).toMatch(/2\. 有改动 \(内容、单位.*\) 创新品牌/);
    expect(text).toMatch(/5\. 新增 推进节能/);
    expect(text).toMatch(/删去 /);
  });
});

describe('a file that cannot be read', () => {
  it.each<[what: string, bytes: Uint8Array | string, sentence: string]>([
    ['nothing', '', '文件是空的'],
    [
      'a scan of before',
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600), Buffer.from('WordDocument', 'utf16le')]),
      '另存为 .docx',
    ],
  ])('is said in one sentence, and nothing is kept: %s', async (_, bytes, sentence) => {
    const { answer, events } = await stack.recordedBy(() => imported('x.doc', bytes));
    expect([answer.code, answer.text]).toEqual([1, expect.stringMatching(new RegExp(`x\\.doc.*${sentence}`))]);
    expect(events).toEqual([]);
    expect(answer.text.split('\n')).toHaveLength(1);
  });

  it('that is not there is said so', async () => {
    const { code, text } = await typed(async (done) =>
      done(await importFile(wordsIn('zh'), 'zh')(join(folder, 'no.txt'), { url: stack.url })),
    );
    expect([code, text]).toEqual([1, expect.stringContaining('没有这个文件')]);
  });

  it('without a list is kept, and said so', async () => {
    expect((await imported('plain.txt', '今天天气很好。\n')).text).toContain('没有读到责任清单。');
  });
});
