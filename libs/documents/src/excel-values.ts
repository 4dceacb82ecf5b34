import { isOn, readXml, whole } from './xml.js';
import type { Zip } from './zip.js';

/** How a date is shown: which of its parts, and whether in Chinese. */
type DateFormat = { year: boolean; month: boolean; day: boolean; time: boolean; chinese: boolean };
/** By the number of a cell's style; null where it shows no date. */
export type Formats = { readonly dates: readonly (DateFormat | null)[]; readonly since1904: boolean };

/** What Excel has built in (ECMA-376, part 1, 18.8.30), with what 27 to 36 and 50 to 58 mean in Chinese. */
const BUILT_IN: Record<number, string> = {
  ...Object.fromEntries([14, 15, 16].map((id) => [id, 'yyyy-mm-dd'])),
  17: 'yyyy-mm',
  ...Object.fromEntries([18, 19, 20, 21, 45, 46, 47].map((id) => [id, 'h:mm'])),
  22: 'yyyy-mm-dd h:mm',
  ...Object.fromEntries([27, 36, 50, 52, 57].map((id) => [id, 'yyyy年m月'])),
  ...Object.fromEntries([28, 29, 51, 53, 54, 58].map((id) => [id, 'm月d日'])),
  30: 'yyyy-mm-dd',
  31: 'yyyy年m月d日',
  ...Object.fromEntries([32, 33, 34, 35, 55, 56].map((id) => [id, 'h:mm'])),
};

export async function formatsOf(zip: Zip, part: string | null, since1904: boolean): Promise<Formats> {
  const codes = new Map<number, string>();
  const dates: (DateFormat | null)[] = [];
  let inCells = false;
  if (part)
    await readXml(zip.read(part), {
      open(element, { numFmtId, formatCode }) {
        const id = whole(numFmtId) ?? 0;
        if (element === 'numFmt') codes.set(id, formatCode ?? '');
        else if (element === 'cellXfs') inCells = true;
        else if (element === 'xf' && inCells) dates.push(dateFormat(codes.get(id) ?? BUILT_IN[id] ?? ''));
      },
      close(element) {
        if (element === 'cellXfs') inCells = false;
      },
    });
  return { dates, since1904 };
}

function dateFormat(code: string): DateFormat | null {
  // Text in quotes, colours and conditions in brackets, and the part for negative numbers show no date.
  const chinese = /[年月日]/.test(code);
  const bare = code.split(';')[0]!.replace(/\[(?!h|m|s)[^\]]*\]|"[^"]*"|\\./gi, ' ');
  const time = /h|s/i.test(bare);
  const [year, day] = [/[ye]/i.test(bare.replace(/general|e[+-]/gi, '')), /d/i.test(bare)];
  const month = /m/i.test(time ? bare.replace(/h[^dy]*m+|m+[^dy]*s/gi, '') : bare);
  return year || month || day || time ? { year, month, day, time, chinese } : null;
}

/** A cell's value as it is shown, near enough: numbers without the noise of binary fractions, dates with the parts that its format shows. */
export function valueOf(type: string, value: string, style: number, strings: readonly string[], { dates, since1904 }: Formats): string {
  if (type === 's') return strings[whole(value) ?? -1] ?? '';
  if (type === 'str' || type === 'inlineStr') return value;
  if (type === 'b') return value === '' ? '' : isOn(value) ? 'TRUE' : 'FALSE';
  if (type === 'e') return '';
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return value.trim();
  const format = dates[style];
  return format ? dateOf(number, format, since1904) : String(Number(number.toPrecision(15)));
}

function dateOf(serial: number, format: DateFormat, since1904: boolean): string {
  // Day 60 is 29 February 1900, which never was; dates before it are not in use.
  const date = new Date(Math.round((serial - 25_569 + (since1904 ? 1_462 : 0)) * 86_400) * 1000);
  if (serial < 0 || Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) return String(serial);
  const [y, m, d] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  if (!format.year && !format.month && !format.day) return date.toISOString().slice(11, 16);
  if (format.chinese) return `${format.day && !format.year ? '' : `${y}年`}${m}月${format.day ? `${d}日` : ''}`;
  const iso = date.toISOString();
  return format.day ? iso.slice(0, 10) : format.month ? iso.slice(0, 7) : String(y);
}
