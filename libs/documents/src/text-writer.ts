import type { Format } from './kind.js';
import { limits } from './limits.js';
import { withoutRadicals } from './radicals.js';
import { Unreadable } from './unreadable.js';

/** Where a stretch of the text comes from; it reaches to the next place. `at` is a UTF-16 offset into the text. */
export type Place = { at: number; page?: number; paragraph?: number; sheet?: string; row?: number };
/** The codes in `notes` are keys of `sentences`. */
export type Extracted = { text: string; format: Format; encoding: string | null; places: readonly Place[]; notes: string[] };

/** Writes the lines of a text down, with where each comes from. */
export class TextWriter {
  readonly places: Place[] = [];
  readonly #notes = new Set<string>();
  readonly #lines: string[] = [];
  #length = 0;

  /** Adds one line, or several when it holds line ends; nothing when it is blank. Throws past the limit of a text. */
  line(text: string, place: Omit<Place, 'at'>): void {
    const clean = withoutRadicals(storable(text)).replace(/^[ \n]+|[ \n]+$/g, '');
    if (clean.trim() === '') return;
    if (Object.keys(place).length > 0 && !isSame(this.places.at(-1), place)) this.places.push({ at: this.#length, ...place });
    this.#lines.push(clean);
    this.#length += clean.length + 1;
    if (this.#length > limits.textLength) throw new Unreadable('file.too-large');
  }

  note(code: string): void {
    this.#notes.add(code);
  }

  done(format: Format, encoding: string | null): Extracted {
    if (this.#lines.length === 0) throw new Unreadable('file.empty');
    return { text: this.#lines.join('\n') + '\n', format, encoding, places: this.places, notes: [...this.#notes] };
  }
}

const isSame = (last: Place | undefined, { page, paragraph, sheet, row }: Omit<Place, 'at'>): boolean =>
  last !== undefined && last.page === page && last.paragraph === paragraph && last.sheet === sheet && last.row === row;

/** Without what a database cannot keep: NUL and other controls become spaces, half a character the mark for one that is lost. Keeps the length. */
const storable = (text: string): string =>
  text.replace(/(?![\t\n])\p{Cc}/gu, ' ').replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
