import { parse } from './parse.js';
import { docx, p, tc, tr } from './testing.js';

const textOf = async (file: Buffer) => (await parse(file, 'docx')).text;
const cellOf = (text: string, properties = '') => tc(p(text), properties);
const numPr = (list: number, level = 0) => `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${list}"/></w:numPr>`;

const lvl = (at: number, format: string, text: string, rest = '') =>
  `<w:lvl w:ilvl="${at}"><w:start w:val="1"/><w:numFmt w:val="${format}"/>${rest}<w:lvlText w:val="${text}"/></w:lvl>`;
const NUMBERING =
  `<w:abstractNum w:abstractNumId="0">${lvl(0, 'chineseCountingThousand', '%1、', '<w:pStyle w:val="H1"/>')}` +
  `${lvl(1, 'chineseCounting', '（%2）', '<w:pStyle w:val="H2"/>')}${lvl(2, 'decimal', '%3.')}${lvl(3, 'decimal', '%1.%4', '<w:isLgl/>')}</w:abstractNum>` +
  `<w:abstractNum w:abstractNumId="1">${lvl(0, 'bullet', '●')}</w:abstractNum>` +
  '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>' +
  '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="11"/></w:lvlOverride></w:num>';
const STYLES =
  '<w:style w:type="paragraph" w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>' +
  '<w:style w:type="paragraph" w:styleId="H2"><w:basedOn w:val="H1"/></w:style>';

describe('the numbers of a Word document', () => {
  it('are written out, level by level', async () => {
    const body = [
      p('要求', numPr(1)),
      p('原则', numPr(1, 1)),
      p('目标', numPr(1, 1)),
      p('甲', numPr(1, 2)),
      p('任务', numPr(1)),
      p('创新', numPr(1, 1)),
      p('法', numPr(1, 3)),
    ];
    expect(await textOf(docx(body.join(''), { numbering: NUMBERING }))).toBe(
      '一、要求\n（一）原则\n（二）目标\n1. 甲\n二、任务\n（一）创新\n2.1 法\n',
    );
  });

  it('come from styles, too, and each style has its level', async () => {
    const body =
      p('要求', '<w:pStyle w:val="H1"/>') +
      p('原则', '<w:pStyle w:val="H2"/>') +
      p('任务', '<w:pStyle w:val="H1"/>') +
      p('附件', `<w:pStyle w:val="H1"/>${numPr(0)}`);
    expect(await textOf(docx(body, { numbering: NUMBERING, styles: STYLES }))).toBe('一、要求\n（一）原则\n二、任务\n附件\n');
  });

  it('go on from where a list says, and bullets are none', async () => {
    expect(await textOf(docx(p('续', numPr(3)) + p('点', numPr(2)), { numbering: NUMBERING }))).toBe('十一、续\n点\n');
  });
});

describe('the words of a Word document', () => {
  it('are those after all revisions, without what is hidden', async () => {
    const body =
      '<w:p><w:r><w:t>甲</w:t></w:r><w:ins><w:r><w:t>乙</w:t></w:r></w:ins><w:del><w:r><w:delText>丙</w:delText></w:r></w:del>' +
      '<w:moveFrom><w:r><w:t>丁</w:t></w:r></w:moveFrom><w:r><w:rPr><w:vanish/></w:rPr><w:t>戊</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>己</w:t></w:r></w:p>' +
      '<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>一</w:t></w:r></w:p>' +
      p('二');
    const { text, notes } = await parse(docx(body), 'docx');
    expect(text).toBe('甲乙己\n一二\n');
    expect(notes.toSorted()).toEqual(['note.hidden', 'note.revised']);
  });

  it('have those of text boxes once, after the paragraph they hang on', async () => {
    const box = (text: string) => `<w:txbxContent>${p(text)}</w:txbxContent>`;
    const body =
      `<w:p><w:r><w:t>正</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><wps:txbx>${box('框')}</wps:txbx></mc:Choice>` +
      `<mc:Fallback><v:textbox>${box('框')}</v:textbox></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>文</w:t></w:r></w:p>`;
    expect(await textOf(docx(body))).toBe('正文\n框\n');
  });

  it('have those of notes at the end, and those of controls, links and lines of their own', async () => {
    const body =
      '<w:sdt><w:sdtContent><w:p><w:hyperlink><w:r><w:t>链</w:t><w:br/><w:t>接</w:t><w:tab/><w:noBreakHyphen/></w:r></w:hyperlink></w:p></w:sdtContent></w:sdt>';
    const footnotes = `<w:footnote w:type="separator">${p('——')}</w:footnote><w:footnote w:id="2">${p('注')}${p('二')}</w:footnote>`;
    expect(await textOf(docx(body, { footnotes }))).toBe('链\n接\t-\n[1] 注\n二\n');
  });

  it('stand in paragraphs that are counted', async () => {
    const { text, places } = await parse(docx(p('甲') + p('') + p('乙') + `<w:tbl>${tr(cellOf('a'), cellOf('b'))}</w:tbl>`), 'docx');
    expect(places.map(({ at, paragraph }) => [text.slice(at, at + 1), paragraph])).toEqual([
      ['甲', 1],
      ['乙', 2],
      ['a', 3],
    ]);
  });
});

describe('a table in Word', () => {
  it('becomes rows with tabs: merged cells repeated, headings alone', async () => {
    const body =
      `<w:tbl>${tr(tc(p('序') + p('号')), cellOf('任务'), cellOf('责任单位', '<w:gridSpan w:val="2"/>'))}` +
      tr(cellOf('一、创新', '<w:gridSpan w:val="4"/>')) +
      tr(cellOf('1', '<w:vMerge w:val="restart"/>'), cellOf('建设'), tc(p('省财政厅') + p('省科技厅')), cellOf('甲、')) +
      tr(cellOf('', '<w:vMerge/>'), cellOf('推广'), cellOf('省教育厅'), cellOf('')) +
      `</w:tbl>`;
    expect(await textOf(docx(body))).toBe(
      '序号\t任务\t责任单位\t责任单位\n一、创新\n1\t建设\t省财政厅；省科技厅\t甲、\n1\t推广\t省教育厅\t\n',
    );
  });

  it('leaves out deleted rows, and flattens a table in a cell', async () => {
    const inner = `<w:tbl>${tr(cellOf('x'), cellOf('y'))}</w:tbl>`;
    const body = `<w:tbl>${tr(cellOf('a'), cellOf('b'))}<w:tr><w:trPr><w:del/></w:trPr>${cellOf('')}</w:tr>${tr(tc(p('甲') + inner), cellOf('乙'))}</w:tbl>`;
    expect(await textOf(docx(body))).toBe('a\tb\n甲；x y\t乙\n');
  });

  it('of one cell is a frame around paragraphs', async () => {
    expect(await textOf(docx(`<w:tbl>${tr(tc(p('一、要求') + p('正文')))}</w:tbl>`))).toBe('一、要求\n正文\n');
  });
});
