import { parse } from './parse.js';

const read = (html: string, name = 'html') => parse(Buffer.from(html), name);
const textOf = async (html: string) => (await read(`<html>${html}`)).text;

describe('the text of a page', () => {
  it('is what is seen of it', async () => {
    const { text, notes } = await read(
      '<!doctype html><head><title>站名</title><style>p{}</style><body><nav>首页</nav><script>alert("x")</script><svg><text>图</text></svg>' +
        '<h1>关于印发&ldquo;方案&rdquo;的通知</h1><p>各市、\n  县：<br>第二行<!-- 注 --><p style="display: none">暗<div hidden>暗</div><iframe>x</iframe>尾',
    );
    expect(text).toBe('关于印发“方案”的通知\n各市、 县：\n第二行\n尾\n');
    expect(notes).toEqual(['note.hidden']);
  });

  it('has the numbers of its lists', async () => {
    expect(await textOf('<ol start=3><li>甲<li value=7>乙<ul><li>点</ul><li>丙</ol><ol type=a><li>x</ol>')).toBe(
      '3. 甲\n7. 乙\n点\n8. 丙\na. x\n',
    );
  });

  it('keeps lines that are set as such', async () => {
    expect(await textOf('<pre>a  b\n\tc</pre>')).toBe('a  b\n\tc\n');
  });

  it.each([
    ['gb2312', [0xca, 0xa1], '省'],
    ['utf-8', [...Buffer.from('省')], '省'],
    ['big5', [0xac, 0xd9], '省'],
  ])('is in the encoding that it names: %s', async (charset, bytes, shown) => {
    const file = Buffer.concat([
      Buffer.from(`<html><meta http-equiv="Content-Type" content="text/html; charset=${charset}"><p>`),
      Buffer.from(bytes),
    ]);
    expect((await parse(file, 'html')).text).toBe(`${shown}\n`);
  });
});

describe('a table in a page', () => {
  it('becomes rows with tabs, merged cells repeated', async () => {
    const html =
      '<table><tr><th>序<br>号<th>任务<th colspan=2>责任单位</tr><tr><td colspan=4>一、创新<tr><td rowspan=2>1<td>建设<td><p>省财政厅</p><p>省科技厅</p><td>' +
      '<tr><td>推广<td>省教育厅<td>甲</table>';
    expect(await textOf(html)).toBe('序号\t任务\t责任单位\t责任单位\n一、创新\n1\t建设\t省财政厅；省科技厅\t\n1\t推广\t省教育厅\t甲\n');
  });

  it('that only lays out the page is none', async () => {
    expect(await textOf('<table><tr><td>左<td><h1>题</h1><table><tr><td>a<td>b</table></table>')).toBe('左\n题\na\tb\n');
  });

  it('does not grow without end', async () => {
    await expect(textOf('<table>' + '<tr><td>a<td colspan=400 rowspan=65000>x'.repeat(2000))).rejects.toThrow('file.too-large');
  });
});
