import { parse } from './parse.js';
import { row, xlsx } from './testing.js';

const read = (...words: Parameters<typeof xlsx>) => parse(xlsx(...words), 'xlsx');

describe('the text of a workbook', () => {
  it('is its visible sheets, row by row, each with its place', async () => {
    const { text, places, notes, format } = await read([
      { name: '任务', rows: row(1, '序号', '任务', null, '牵头\n单位') + row(3, '1', '建设', null, '省财政厅\n省科技厅') },
      { name: '底稿', rows: row(1, '隐藏'), state: 'hidden' },
      { name: '说明', rows: row(2, '说明') },
    ]);
    expect(text).toBe('序号\t任务\t牵头单位\n1\t建设\t省财政厅；省科技厅\n说明\n');
    expect(places.map(({ sheet, row: at }) => [sheet, at])).toEqual([
      ['任务', 1],
      ['任务', 3],
      ['说明', 2],
    ]);
    expect([format, notes]).toEqual(['excel', ['note.hidden']]);
  });

  it('repeats merged cells, and a title across the sheet stands alone', async () => {
    const rows = row(1, '分工表') + row(2, '任务', '牵头', '配合') + row(3, '建设', '省财政厅', '甲') + row(4, null, '省科技厅', '乙');
    const { text } = await read([{ name: 'a', rows, merges: ['A1:C1', 'A3:A4', 'B2:XFD1048576'] }]);
    expect(text.split('\n')).toEqual(['分工表', '任务\t牵头\t牵头', '建设\t牵头\t牵头', '建设\t牵头\t牵头', '']);
    const { text: plain } = await read([{ name: 'a', rows, merges: ['A1:C1', 'A3:A4'] }]);
    expect(plain).toBe('分工表\n任务\t牵头\t配合\n建设\t省财政厅\t甲\n建设\t省科技厅\t乙\n');
  });

  it.each([
    ['a shared string', '<c r="A1" t="s"><v>1</v></c>', '乙'],
    ['a number without the noise', '<c r="A1"><v>0.30000000000000004</v></c>', '0.3'],
    ['a date', '<c r="A1" s="1"><v>46022</v></c>', '2025-12-31'],
    ['a month', '<c r="A1" s="2"><v>46022</v></c>', '2025年12月'],
    ['a Chinese date', '<c r="A1" s="3"><v>46022.5</v></c>', '2025年12月31日'],
    ['a number that looks like one', '<c r="A1" s="4"><v>46022</v></c>', '46022'],
    ['a truth', '<c r="A1" t="b"><v>1</v></c>', 'TRUE'],
    ['a formula with its result', '<c r="A1" t="str"><f>"a"&amp;B1</f><v>甲</v></c>', '甲'],
  ])('shows %s', async (_, cell, shown) => {
    const styles =
      '<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt numFmtId="165" formatCode="[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>' +
      '<numFmt numFmtId="166" formatCode="[Red]#,##0&quot;days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>' +
      '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs>';
    expect((await read([{ name: 'a', rows: `<row r="1">${cell}</row>` }], ['甲', '乙'], styles)).text).toBe(`${shown}\n`);
  });

  it('counts days from 1904 where the workbook does', async () => {
    const { text } = await read(
      [{ name: 'a', rows: '<row r="1"><c r="A1" s="0"><v>44560</v></c></row>' }],
      [],
      '<cellXfs><xf numFmtId="14"/></cellXfs>',
      '<workbookPr date1904="1"/>',
    );
    expect(text).toBe('2025-12-31\n');
  });

  it('says when a formula has no result', async () => {
    const { notes } = await read([{ name: 'a', rows: `${row(1, 'x')}<row r="2"><c r="A2"><f>B1</f></c></row>` }]);
    expect(notes).toEqual(['note.no-value']);
  });
});
