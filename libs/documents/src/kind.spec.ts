import { extensionOf, formatNamed, kindOf } from './kind.js';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const OLE = '\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1';
const ole = (stream: string) => Buffer.concat([bytes(OLE), Buffer.alloc(600), Buffer.from(stream, 'utf16le')]);

describe('what a file is', () => {
  it.each([
    ['%PDF-1.7', 'txt', 'pdf'],
    ['\n\n%PDF-1.4', 'pdf', 'pdf'],
    ['这份 %PDF- 文件', 'txt', 'text'],
    ['PK\u0003\u0004', 'pdf', 'zip'],
    ['<!DOCTYPE html><p>', 'doc', 'html'],
    ['  <HTML xmlns="x">', '', 'html'],
    ['<p>', 'htm', 'html'],
    ['a,b', 'csv', 'csv'],
    ['# a', 'md', 'markdown'],
    ['BM is how this text begins', '', 'text'],
    ['a', 'exe', 'text'],
  ])('%j named .%s is %s', (content, extension, kind) => {
    expect(kindOf(bytes(content), extension)).toBe(kind);
  });
});

describe('a file that holds no text for us', () => {
  it.each([
    ['nothing', bytes(''), 'file.empty'],
    ['RTF', bytes('{\\rtf1\\ansi'), 'file.rtf'],
    ['a PNG', bytes('\u0089PNG\r\n'), 'file.image'],
    ['a JPEG', bytes('\u00ff\u00d8\u00ff\u00e0'), 'file.image'],
    ['a GIF', bytes('GIF89a'), 'file.image'],
    ['gzip', bytes('\u001f\u008b\u0008'), 'file.archive'],
    ['RAR', bytes('Rar!'), 'file.archive'],
    ['a Word document of old', ole('WordDocument'), 'file.old-word'],
    ['a workbook of old', ole('Workbook'), 'file.old-excel'],
    ['a document with a password', ole('EncryptedPackage'), 'file.encrypted'],
    ['another file of old', ole('PowerPoint Document'), 'file.unsupported'],
  ])('%s is refused', (_, content, code) => {
    expect(() => kindOf(content, 'txt')).toThrow(code);
  });
});

describe('the name of a file', () => {
  it.each([
    ['方案.DOCX', 'docx'],
    ['../../etc/passwd', ''],
    ['a.b/c', ''],
    [`${'督'.repeat(84)}.md`, 'md'],
    ['.txt ', 'txt'],
    ['x.__proto__', ''],
  ])('%s ends in “%s”', (name, extension) => {
    expect(extensionOf(name)).toBe(extension);
  });

  it('promises nothing when it is no extension of ours', () => {
    expect([formatNamed('constructor'), formatNamed('doc'), formatNamed('xlsx')]).toEqual([null, null, 'excel']);
  });
});
