import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from './parse.js';
import { docx, docxParts, p, type Part, row, xlsx, zipOf } from './testing.js';
import { pdf } from './testing-pdf.js';

const locked = readFileSync(join(import.meta.dirname, 'fixtures/locked.pdf'));
const words = p('牵头单位：省财政厅');
const withPart = (part: Part) => zipOf([...docxParts(words), part]);
const replaced = (name: string, content: string) => zipOf(docxParts(words).map((part) => (part.name === name ? { name, content } : part)));
const lying = (lies: Part['lies']) => zipOf(docxParts(words).map((part) => (part.name === 'word/document.xml' ? { ...part, lies } : part)));

const NOTHING = Buffer.alloc(30_000_000);
const LAUGHS = `<!DOCTYPE x [<!ENTITY a "ha">${[...'bcdefghij'].map((name, i) => `<!ENTITY ${name} "${`&${'abcdefghi'.charAt(i)};`.repeat(10)}">`).join('')}]>`;
const XXE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>';
const document = (prolog: string, inside: string) =>
  `<?xml version="1.0"?>${prolog}<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>${inside}</w:t></w:r></w:p></w:body></w:document>`;

describe('an archive that is no document', () => {
  const whole = docx(words);
  it.each<[string, Buffer, string]>([
    ['that says how large it gets', withPart({ name: 'word/media/a', content: NOTHING }), 'file.bomb'],
    [
      'that says it stays small',
      zipOf(
        docxParts(words).map((part) =>
          part.name === 'word/document.xml' ? { name: part.name, content: NOTHING, lies: { size: 1000 } } : part,
        ),
      ),
      'file.bomb',
    ],
    [
      'of five thousand parts',
      zipOf([...docxParts(words), ...Array.from({ length: 5000 }, (_, i) => ({ name: `x${i}`, content: '' }))]),
      'file.bomb',
    ],
    ['of archives', zipOf([{ name: 'a.zip', content: zipOf([{ name: 'b.zip', content: 'x' }]) }]), 'file.archive'],
    ['that leads outside', withPart({ name: '../../x', content: '' }), 'file.unsafe'],
    ['that leads to the root', withPart({ name: '/etc/x', content: '' }), 'file.unsafe'],
    ['with a link', withPart({ name: 'word/a', content: '/etc/passwd', lies: { attributes: 0o120777 << 16 } }), 'file.unsafe'],
    ['with a password', lying({ flags: 0x0801 }), 'file.encrypted'],
    ['whose bytes are not those that were packed', lying({ crc: 1 }), 'file.broken'],
    ['that is cut off', whole.subarray(0, whole.length - 30), 'file.broken'],
    ['of nothing', zipOf([]), 'file.archive'],
    ['of another Office', zipOf([{ name: 'mimetype', content: 'application/vnd.oasis.opendocument.text' }]), 'file.unsupported'],
  ])('%s is refused', async (_, file, code) => {
    await expect(parse(file, 'docx')).rejects.toThrow(code);
  });
});

describe('XML that is no document', () => {
  it.each<[string, Buffer, string]>([
    ['that fetches a file', replaced('word/document.xml', document(XXE, '&f;')), 'file.unsafe'],
    ['that laughs a billion times', replaced('word/document.xml', document(LAUGHS, '&j;')), 'file.unsafe'],
    ['with a DOCTYPE where parts are named', replaced('_rels/.rels', '<!DOCTYPE x><Relationships/>'), 'file.unsafe'],
    ['with an entity that nobody declared', replaced('word/document.xml', document('', '&f;')), 'file.broken'],
    ['that never closes', replaced('word/document.xml', document('', '').replace('</w:document>', '')), 'file.broken'],
    ['that is too deep', docx('<w:sdt>'.repeat(10_000)), 'file.broken'],
    [
      'that is no UTF-8',
      replaced('word/document.xml', Buffer.from([0x3c, 0x61, 0xff, 0x3e]).toString('latin1').replace('ÿ', '\udc00')),
      'file.broken',
    ],
    ['without a body', replaced('word/document.xml', '<x/>'), 'file.broken'],
  ])('%s is refused', async (_, file, code) => {
    await expect(parse(file, 'docx')).rejects.toThrow(code);
  });

  it('may name what lies outside: nothing of it is followed', async () => {
    const relations =
      '<Relationships><Relationship Id="a" Type="x/footnotes" TargetMode="External" Target="http://127.0.0.1:9/x"/><Relationship Id="b" Type="x/styles" Target="../../../etc/passwd"/></Relationships>';
    const file = zipOf(
      docxParts(words).map((part) => (part.name === 'word/_rels/document.xml.rels' ? { ...part, content: relations } : part)),
    );
    expect((await parse(file, 'docx')).text).toBe('牵头单位：省财政厅\n');
  });

  it('may hold macros: they are neither run nor read, which is said', async () => {
    const relations = '<Relationships><Relationship Id="a" Type="x/vbaProject" Target="vbaProject.bin"/></Relationships>';
    const file = zipOf([
      ...docxParts(words).map((part) => (part.name === 'word/_rels/document.xml.rels' ? { ...part, content: relations } : part)),
      { name: 'word/vbaProject.bin', content: 'Sub AutoOpen()' },
    ]);
    const { text, notes } = await parse(file, 'docm');
    expect([text, notes]).toEqual(['牵头单位：省财政厅\n', ['note.macros']]);
  });
});

describe('a page that would do more than be read', () => {
  it('does not: it sends nobody elsewhere, fetches nothing, runs nothing', async () => {
    const page =
      '<html><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/"><base href="http://127.0.0.1:9/"><link rel="stylesheet" href="x.css">' +
      '</head><body onload="alert(1)"><p>牵头单位：<img src="http://127.0.0.1:9/x.png" onerror="alert(1)">省财政厅<object data="x"></object><svg onload="alert(1)"/>';
    expect((await parse(Buffer.from(page), 'html')).text).toBe('牵头单位：省财政厅\n');
  });
});

describe('a workbook that is no table', () => {
  it('of one text in a merged area of billions is cut to what is used', async () => {
    expect((await parse(xlsx([{ name: 'a', rows: row(1, 'x'), merges: ['A1:XFD1048576'] }]), 'xlsx')).text).toBe('x\n');
  });

  it('that repeats itself too often is refused', async () => {
    const rows = Array.from({ length: 2000 }, (_, i) => `<row r="${i + 1}"><c r="A${i + 1}"><v>1</v></c></row>`).join('');
    const wide = `<row r="3000">${Array.from({ length: 600 }, () => '<c><v>1</v></c>').join('')}</row>`;
    await expect(parse(xlsx([{ name: 'a', rows: rows + wide, merges: ['A1:ZZ2000'] }]), 'xlsx')).rejects.toThrow('file.too-large');
  });
});

describe('a PDF that is no document', () => {
  it('with a password is refused', async () => {
    await expect(parse(locked, 'pdf')).rejects.toThrow('file.encrypted');
  });

  it('with a script is read without running it', async () => {
    const file = pdf([{ words: [{ x: 60, y: 700, text: '正文。' }] }], {
      extra: '/OpenAction << /S /JavaScript /JS (while\\(true\\){}) >>',
    });
    expect((await parse(file, 'pdf')).text).toBe('正文。\n');
  });

  it('whose pages hold themselves ends', async () => {
    const file = Buffer.from(
      pdf([{ words: [] }])
        .toString('latin1')
        .replace('/Kids [6 0 R] /Count 1', '/Kids [2 0 R] /Count 9'),
      'latin1',
    );
    await expect(parse(file, 'pdf')).rejects.toThrow(/^file\.(?:broken|scan)$/);
  });

  it('whose fonts keep their letters to themselves is refused', async () => {
    // What such fonts give is the private letters of whoever made them.
    const text = '\ue001\ue002\ue003'.repeat(20);
    await expect(parse(pdf([{ words: [{ x: 60, y: 700, text }] }]), 'pdf')).rejects.toThrow('file.garbled');
  });
});
