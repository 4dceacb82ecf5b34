import { numeral } from './numerals.js';

describe('a number in a document', () => {
  it.each([
    [1, 'chineseCounting', '一'],
    [10, 'chineseCountingThousand', '十'],
    [12, 'chineseCounting', '十二'],
    [20, 'chineseCounting', '二十'],
    [105, 'chineseCountingThousand', '一百零五'],
    [1010, 'chineseCountingThousand', '一千零一十'],
    [3, 'chineseLegalSimplified', '叁'],
    [20, 'ideographDigital', '二〇'],
    [20, 'decimalEnclosedCircleChinese', '⑳'],
    [21, 'decimalEnclosedCircle', '㉑'],
    [28, 'lowerLetter', 'bb'],
    [1994, 'upperRoman', 'MCMXCIV'],
    [7, 'decimalZero', '07'],
    [7, 'hebrew1', '7'],
    [7, 'bullet', ''],
  ])('%d as %s is %s', (n, format, shown) => {
    expect(numeral(n, format)).toBe(shown);
  });
});
