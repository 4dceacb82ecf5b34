import type { PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { type Matrix, times } from './pdf-rules.js';

/** Words that were drawn together. x goes right, y goes down to the baseline; `size` is the height of the letters. */
export type Piece = { text: string; x: number; y: number; right: number; size: number };
/** `top` and `bottom` are its first and last baseline. */
export type Line = { text: string; x: number; right: number; top: number; bottom: number; size: number };

/** Steeper than any line that is meant to be read: stamps and watermarks. */
const STEEPEST = 0.1;

/** The words of a page in the order in which they were drawn, as the page is shown (turned pages are upright). */
export async function piecesOf(page: PDFPageProxy): Promise<Piece[]> {
  const { transform } = page.getViewport({ scale: 1 });
  const { items } = await page.getTextContent({ disableNormalization: false });
  const pieces: Piece[] = [];
  for (const item of items) {
    if (!('str' in item) || item.str.trim() === '') continue;
    const [a, b, c, d, x, y] = times(transform as unknown as Matrix, item.transform as unknown as Matrix);
    if (Math.abs(b) > STEEPEST * Math.abs(a)) continue;
    const size = Math.hypot(c, d);
    const text = item.str.trim();
    if (Number.isFinite(x + y + size + item.width) && size > 0) pieces.push({ text, x, y, right: x + item.width, size });
  }
  return pieces;
}

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
  return right - line.right < wordWidth + line.size * 0.4;
}
