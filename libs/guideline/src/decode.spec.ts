import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { decodeText, Unreadable } from './decode.js';
import { sentences } from './sentences.js';

const seed = readFileSync(join(import.meta.dirname, '../../../test/guidelines/00_seed-anhui-xianyu-jiqun.txt'));
const utf16 = (text: string, littleEndian: boolean) => {
  const bytes = Buffer.from(text, 'utf16le');
  return littleEndian ? bytes : bytes.swap16();
};
/** «牵头单位：省科技厅» in GB18030. */
const GB = [0xc7, 0xa3, 0xcd, 0xb7, 0xb5, 0xa5, 0xce, 0xbb, 0xa3, 0xba, 0xca, 0xa1, 0xbf, 0xc6, 0xbc, 0xbc, 0xcc, 0xfc];

describe('the text of a file', () => {
  it('is what the seed says', () => {
    expect(decodeText(seed)).toEqual({ text: seed.toString('utf8'), encoding: 'utf-8' });
  });

  it.each([
    ['UTF-8 with a mark', [0xef, 0xbb, 0xbf, ...Buffer.from('牵头单位')], 'utf-8'],
    ['UTF-16 with a mark, little end first', [0xff, 0xfe, ...utf16('牵头单位', true)], 'utf-16le'],
    ['UTF-16 with a mark, big end first', [0xfe, 0xff, ...utf16('牵头单位', false)], 'utf-16be'],
  ])('is found in %s', (_, bytes, encoding) => {
    expect(decodeText(Uint8Array.from(bytes))).toEqual({ text: '牵头单位', encoding });
  });

  it('is found in GB18030', () => {
    expect(decodeText(Uint8Array.from(GB))).toEqual({ text: '牵头单位：省科技厅', encoding: 'gb18030' });
  });

  it.each([true, false])('is found in UTF-16 without a mark (little end first: %s)', (littleEndian) => {
    const text = '1.省科技厅牵头。\n2.省财政厅配合。\n';
    expect(decodeText(utf16(text, littleEndian)).text).toBe(text);
  });

  it('has one kind of line end', () => {
    expect(decodeText(Buffer.from('一\r\n二\r三\n')).text).toBe('一\n二\n三\n');
  });
});

describe('a file that is no text', () => {
  it.each([
    ['nothing', [], 'file.empty'],
    ['spaces only', [...Buffer.from(' \r\n　')], 'file.empty'],
    ['a PDF', [...Buffer.from('%PDF-1.7\n')], 'file.pdf'],
    ['a Word document of today', [0x50, 0x4b, 0x03, 0x04, 0x14, 0x00], 'file.word'],
    ['a Word document of old', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0x00], 'file.word'],
    ['RTF', [...Buffer.from('{\\rtf1\\ansi')], 'file.rtf'],
    ['a PNG', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a], 'file.image'],
    ['a JPEG', [0xff, 0xd8, 0xff, 0xe0], 'file.image'],
    ['a GIF', [...Buffer.from('GIF89a')], 'file.image'],
    ['gzip', [0x1f, 0x8b, 0x08], 'file.archive'],
    ['zero bytes in text', [...Buffer.from('牵头单位'), 0, 0, 0x41], 'file.binary'],
    ['bytes of no encoding', [0x41, 0xff, 0xff, 0x42], 'file.encoding'],
    ['half a UTF-16 character', [0xff, 0xfe, 0x41], 'file.encoding'],
    ['control characters', [1, 2, 3, 4, 0x41], 'file.binary'],
  ])('%s is refused', (_, bytes, code) => {
    expect(() => decodeText(Uint8Array.from(bytes))).toThrow(new Unreadable(code as Unreadable['code']));
  });

  it('is met with a sentence that says what to do', () => {
    for (const code of Object.keys(sentences).filter((key) => key.startsWith('file.'))) {
      expect(sentences[code as keyof typeof sentences]).toEqual({ zh: expect.stringMatching(/。$/), en: expect.stringMatching(/\.$/) });
    }
  });
});
