import { pdfText } from './pdf.js';
import { pdf, type Words } from './testing-pdf.js';

const line = (y: number, text: string, x = 60): Words => ({ x, y, text });
const LONG = '为深入贯彻落实党中央国务院决策部署加快推进全省低空经济高质量发展结合实际';

describe('the text of a PDF', () => {
  it('joins what only the width of the page broke, and names the page of each paragraph', async () => {
    const file = pdf([
      {
        words: [
          line(780, '一、总体要求'),
          line(760, LONG, 84),
          line(740, `${LONG}制定`),
          line(720, '本方案。'),
          line(700, LONG, 84),
          line(680, `${LONG}和下`),
        ],
      },
      { words: [line(780, '一页。'), line(760, '二、主要任务')] },
    ]);
    const { text, places, format } = await pdfText(file);
    expect(text).toBe(`一、总体要求\n${LONG}${LONG}制定本方案。\n${LONG}${LONG}和下一页。\n二、主要任务\n`);
    expect(places).toEqual([
      { at: 0, page: 1 },
      { at: text.indexOf('二、'), page: 2 },
    ]);
    expect(format).toBe('pdf');
  });

  it('has neither page numbers nor what stands at the head of every page', async () => {
    const pages = [1, 2, 3].map((n) => ({ words: [line(810, '内部资料'), line(700, `第${n}段。`), line(30, `— ${n} —`, 280)] }));
    expect((await pdfText(pdf(pages))).text).toBe('第1段。\n第2段。\n第3段。\n');
  });

  it('reads pages that lie on their side', async () => {
    const sideways = [line(60, '第一行', 100), line(60, '第二行', 120)];
    for (const rotate of [0, 90]) expect((await pdfText(pdf([{ rotate, turn: 1, words: sideways }]))).text).toBe('第一行\n第二行\n');
  });

  it('is refused when there is none: a scan', async () => {
    await expect(pdfText(pdf([{ words: [] }, { words: [] }]))).rejects.toMatchObject({ code: 'file.scan' });
  });

  it('says when some pages have none', async () => {
    const { notes } = await pdfText(pdf([{ words: [line(700, '正文。')] }, { words: [] }]));
    expect(notes).toEqual(['note.pages-without-text']);
  });
});

describe('a table in a PDF', () => {
  const frame = (xs: number[], ys: number[]) => [
    ...xs.map((x) => [x, ys[0]!, x, ys.at(-1)!] as const),
    ...ys.map((y) => [xs[0]!, y, xs.at(-1)!, y] as const),
  ];

  it('is read by its drawn lines: wrapped cells on one line, units apart', async () => {
    const head = [line(735, '重点任务', 60), line(735, '牵头', 205), line(722, '单位', 205), line(735, '时限', 305)];
    const task = [line(690, '建设全省统一平台并推广', 60), line(676, '应用。', 60)];
    const words = head.concat(task, [line(690, '省财政厅', 205), line(676, '省科技厅', 205), line(690, '2025年', 305)]);
    const { text, notes } = await pdfText(pdf([{ words, lines: frame([50, 200, 300, 400], [650, 710, 760]) }]));
    expect(text).toBe('重点任务\t牵头单位\t时限\n建设全省统一平台并推广应用。\t省财政厅；省科技厅\t2025年\n');
    expect(notes).toEqual([]);
  });

  it('repeats merged cells and goes on over the page', async () => {
    const head = [line(735, '任务', 60), line(735, '牵头单位', 205), line(735, '时限', 305)];
    const first = {
      words: [
        ...head,
        line(690, '建设', 60),
        line(700, '省财政厅', 205),
        line(700, '6月', 305),
        line(660, '省科技厅', 205),
        line(660, '7月', 305),
      ],
      lines: [...frame([50, 200, 300, 400], [650, 710, 760]), [200, 680, 400, 680] as const],
    };
    const second = {
      words: [line(735, '推广', 60), line(735, '省教育厅', 205), line(735, '8月', 305)],
      lines: frame([50, 200, 300, 400], [710, 760]),
    };
    expect((await pdfText(pdf([first, second]))).text).toBe(
      '任务\t牵头单位\t时限\n建设\t省财政厅\t6月\n建设\t省科技厅\t7月\n推广\t省教育厅\t8月\n',
    );
  });

  it('without lines is a guess from where its words stand, and says so', async () => {
    const words = [1, 2, 3, 4].flatMap((n) => [
      line(760 - n * 20, `任务${n}`, 60),
      line(760 - n * 20, '省财政厅', 200),
      line(760 - n * 20, '年底', 400),
    ]);
    const { text, notes } = await pdfText(pdf([{ words }]));
    expect(text.split('\n')[1]).toBe('任务2\t省财政厅\t年底');
    expect(notes).toEqual(['note.table-unsure']);
  });
});

describe('a PDF that cannot be read', () => {
  it('is broken when it is cut off', async () => {
    await expect(pdfText(Buffer.from('%PDF-1.7\nnonsense'))).rejects.toMatchObject({ code: 'file.broken' });
  });
});
