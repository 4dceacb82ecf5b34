import type { PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { TextItem } from 'pdfjs-dist/types/src/display/api.js';
import { type Matrix, times } from './pdf-rules.js';
import { withoutRadicals } from './radicals.js';

/** Words that were drawn together. x goes right, y goes down to the baseline; `size` is the height of the letters. */
export type Piece = { text: string; x: number; y: number; right: number; size: number };
/** `top` and `bottom` are its first and last baseline. */
export type Line = { text: string; x: number; right: number; top: number; bottom: number; size: number };

/** Steeper than any line that is meant to be read: stamps and watermarks. */
const STEEPEST = 0.1;

/** A page as it is read: with its letters upright, however it is turned. `toReader` leads from the page's own places to ours. */
export type Upright = { pieces: Piece[]; toReader: Matrix };

/** The words of a page in the order in which they were drawn. */
export async function uprightPage(page: PDFPageProxy): Promise<Upright> {
  const { items } = await page.getTextContent({ disableNormalization: false });
  const words = items.filter((item): item is TextItem => 'str' in item && item.str.trim() !== '');
  const shown = page.getViewport({ scale: 1 }).transform as unknown as Matrix;
  const toReader = times(turned(words, shown), shown);
  const pieces: Piece[] = [];
  for (const { str, transform, width } of words) {
    const [a, b, c, d, x, y] = times(toReader, transform as unknown as Matrix);
    if (a <= 0 || Math.abs(b) > STEEPEST * a) continue;
    const size = Math.hypot(c, d);
    if (Number.isFinite(x + y + size + width) && size > 0) pieces.push({ text: withoutRadicals(str.trim()), x, y, right: x + width, size });
  }
  return { pieces, toReader };
}

/** Most words of a page that lies on its side go up or down: it is turned for them. */
function turned(words: readonly TextItem[], shown: Matrix): Matrix {
  const letters = [0, 0, 0, 0];
  for (const { str, transform } of words) {
    const [a, b] = times(shown, transform as unknown as Matrix);
    letters[(Math.round(Math.atan2(b, a) / (Math.PI / 2)) + 4) % 4]! += str.length;
  }
  return QUARTERS[letters.indexOf(Math.max(...letters))]!;
}

const QUARTERS: readonly Matrix[] = [
  [1, 0, 0, 1, 0, 0],
  [0, -1, 1, 0, 0, 0],
  [-1, 0, 0, -1, 0, 0],
  [0, 1, -1, 0, 0, 0],
];

const WIDE = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]/;
export const isWide = (char: string | undefined): boolean => char !== undefined && WIDE.test(char);

/** Two pieces on one line; layouts put small gaps between ideographs that mean nothing. */
export function beside(before: string, after: string, gap: number, size: number): string {
  const ideographs = isWide(before.at(-1)) && isWide(after.charAt(0));
  return before + (gap > size * (ideographs ? 0.6 : 0.15) ? ' ' : '') + after;
}

/**
 * Whether `next` goes on with the paragraph of `line`: the line reaches so far right that the first word of the next did not fit.
 * `right` is how far lines reach here.
 */
export function wraps(line: Line, next: Line, right: number): boolean {
  const word = isWide(next.text.charAt(0)) ? next.text.charAt(0) : (/^[^\s\u2e80-\u9fff]+/u.exec(next.text)?.[0] ?? next.text);
  const wordWidth = isWide(word) ? next.size : ((next.right - next.x) * word.length) / Math.max(1, next.text.length);
  return right - line.right < wordWidth + line.size * 0.7;
}
