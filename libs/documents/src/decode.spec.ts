import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeText } from './decode.js';
import type { Unreadable } from './unreadable.js';

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
    for (const text of [
      '1.省科技厅牵头。\n2.省财政厅配合。\n',
      '一、总体要求\n　　一是统一。\n',
      seed.toString('utf8'),
      'Lead: Treasury\n',
    ])
      expect(decodeText(utf16(text, littleEndian)).text).toBe(text);
  });

  it('has one kind of line end', () => {
    expect(decodeText(Buffer.from('一\r\n二\r三\n')).text).toBe('一\n二\n三\n');
  });

  it('is in the encoding that the file declares, unless its bytes say otherwise', () => {
    expect(decodeText(Uint8Array.from([0xa4, 0xa4]), 'big5')).toEqual({ text: '中', encoding: 'big5' });
    expect(decodeText(Uint8Array.from(GB), 'utf-8').encoding).toBe('gb18030');
  });
});

describe('a file that is no text', () => {
  it.each([
    ['nothing', [], 'file.empty'],
    ['spaces only', [...Buffer.from(' \r\n　')], 'file.empty'],
    ['zero bytes in text', [...Buffer.from('牵头单位'), 0, 0, 0x41], 'file.binary'],
    ['bytes of no encoding', [0x41, 0xff, 0xff, 0x42], 'file.encoding'],
    ['half a UTF-16 character', [0xff, 0xfe, 0x41], 'file.encoding'],
    ['control characters', [1, 2, 3, 4, 0x41], 'file.binary'],
  ])('%s is refused', (_, bytes, code) => {
    expect(() => decodeText(Uint8Array.from(bytes))).toThrow(code as Unreadable['code']);
  });
});
