const DIGITS = '〇一二三四五六七八九';
const FORMAL = '零壹贰叁肆伍陆柒捌玖';
const ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];

/** A number in one of Word's formats (ECMA-376, ST_NumberFormat); those we do not know are written with digits. '' for bullets. */
export function numeral(n: number, format: string): string {
  if (format === 'bullet' || format === 'none') return '';
  if (n < 0 || n > 9999) return String(n);
  if (
    /^(?:chineseCounting|chineseCountingThousand|japaneseCounting|taiwaneseCounting|taiwaneseCountingThousand|ideographTraditional)$/.test(
      format,
    )
  )
    return counted(n, DIGITS, '十百千');
  if (format === 'chineseLegalSimplified' || format === 'ideographLegalTraditional' || format === 'japaneseLegal')
    return counted(n, FORMAL, '拾佰仟');
  if (/^(?:ideographDigital|japaneseDigitalTenThousand|taiwaneseDigital)$/.test(format))
    return String(n).replace(/\d/g, (digit) => DIGITS.charAt(Number(digit)));
  if (format === 'decimalEnclosedCircle' || format === 'decimalEnclosedCircleChinese') return circled(n);
  if (format === 'lowerLetter') return letters(n).toLowerCase();
  if (format === 'upperLetter') return letters(n);
  if (format === 'lowerRoman') return roman(n).toLowerCase();
  if (format === 'upperRoman') return roman(n);
  if (format === 'decimalZero') return String(n).padStart(2, '0');
  if (format === 'ordinal') return `${n}.`;
  return String(n);
}

/** 十一, 一百零五; ten to nineteen go without a leading one in the plain form. */
function counted(n: number, digits: string, ranks: string): string {
  if (n === 0) return digits.charAt(0) === '〇' ? '零' : digits.charAt(0);
  let words = '';
  let gap = false;
  for (let rank = 3; rank >= 0; rank--) {
    const digit = Math.floor(n / 10 ** rank) % 10;
    if (digit === 0) {
      gap = words !== '';
      continue;
    }
    if (gap) words += '零';
    gap = false;
    words += digits.charAt(digit) + (rank > 0 ? ranks.charAt(rank - 1) : '');
  }
  return words.startsWith('一十') ? words.slice(1) : words;
}

function circled(n: number): string {
  if (n >= 1 && n <= 20) return String.fromCharCode(0x245f + n);
  if (n >= 21 && n <= 35) return String.fromCharCode(0x3250 + n - 20);
  return n >= 36 && n <= 50 ? String.fromCharCode(0x32b0 + n - 35) : String(n);
}

/** A … Z, AA, BB: Word repeats the letter. */
const letters = (n: number): string => (n < 1 ? '' : String.fromCharCode(65 + ((n - 1) % 26)).repeat(Math.min(20, Math.ceil(n / 26))));

function roman(n: number): string {
  let [left, words] = [n, ''];
  for (const [value, letter] of ROMAN)
    while (left >= value) {
      words += letter;
      left -= value;
    }
  return words;
}
