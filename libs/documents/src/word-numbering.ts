import { numeral } from './numerals.js';
import { type Attributes, isOn, readXml, whole } from './xml.js';
import type { Zip } from './zip.js';

type Level = { start: number; format: string; text: string; suffix: string; legal: boolean; restart: number | null; style: string | null };
type List = { abstract: string; starts: Map<number, number>; levels: Map<number, Level> };
type Abstract = { levels: Map<number, Level>; style: string | null };
/** Where a paragraph gets its number from; a style may say so for all its paragraphs. */
export type Numbered = { list: string | null; level: number | null };
type Style = Numbered & { basedOn: string | null };

/** The levels of a list's definition; Word has nine. */
const LEVELS = 9;
const IDEOGRAPH_END = /[\p{Script=Han}、）．。：]$/u;

/** Counts the automatic numbers of a document, which its text does not contain: 一、 （一） 1. */
export class WordNumbering {
  readonly #abstracts = new Map<string, Abstract>();
  readonly #lists = new Map<string, List>();
  readonly #styles = new Map<string, Style>();
  /** By definition, not by list: lists of one definition go on counting, until one says where to start. */
  readonly #counts = new Map<string, (number | null)[]>();
  readonly #begun = new Set<string>();
  #defaultStyle: string | null = null;

  static async read(zip: Zip, numbering: string | null, styles: string | null): Promise<WordNumbering> {
    const it = new WordNumbering();
    if (numbering) await it.#readNumbering(zip, numbering);
    if (styles) await it.#readStyles(zip, styles);
    return it;
  }

  /** The number that Word shows before the next paragraph, with what sets it apart; '' for none. */
  next(style: string | null, own: Numbered): string {
    const { list: id, level: depth } = this.#resolve(style, own);
    const list = id === null || id === '0' ? undefined : this.#lists.get(id);
    if (!list || id === null) return '';
    const levels = this.#levelsOf(list);
    // A style of headings names the list; which level is its own, the list says.
    const linked = own.list === null ? [...levels].find(([, level]) => level.style !== null && level.style === style)?.[0] : undefined;
    const at = Math.min(LEVELS - 1, Math.max(0, linked ?? depth ?? 0));
    const level = levels.get(at);
    if (!level) return '';
    const counts = this.#counts.get(list.abstract) ?? Array.from({ length: LEVELS }, () => null);
    this.#counts.set(list.abstract, counts);
    if (!this.#begun.has(id)) {
      this.#begun.add(id);
      for (const [i, start] of list.starts) counts[i] = start - 1;
    }
    counts[at] = (counts[at] ?? level.start - 1) + 1;
    for (let i = at + 1; i < LEVELS; i++) if ((levels.get(i)?.restart ?? i) > at) counts[i] = null;
    const shown = level.text.replace(/%([1-9])/g, (_, digit: string) => {
      const i = Number(digit) - 1;
      const other = levels.get(i);
      return other ? numeral(counts[i] ?? other.start, level.legal ? 'decimal' : other.format) : '';
    });
    if (level.format === 'bullet' || shown.trim() === '') return '';
    return level.suffix === 'nothing' || IDEOGRAPH_END.test(shown) ? shown : `${shown} `;
  }

  #resolve(style: string | null, own: Numbered): Numbered {
    let { list, level } = own;
    let name = style ?? this.#defaultStyle;
    for (let steps = 0; name !== null && steps < 20 && list === null; steps++) {
      const found = this.#styles.get(name);
      if (!found) break;
      list ??= found.list;
      level ??= found.level;
      name = found.basedOn;
    }
    return { list, level };
  }

  #levelsOf(list: List): Map<number, Level> {
    const abstract = this.#abstracts.get(list.abstract);
    // A definition may only point to a numbering style, and that to a list with the levels.
    const linked = abstract?.style ? this.#lists.get(this.#styles.get(abstract.style)?.list ?? '') : undefined;
    const levels = abstract && abstract.levels.size > 0 ? abstract.levels : linked && this.#abstracts.get(linked.abstract)?.levels;
    return list.levels.size === 0 ? (levels ?? new Map()) : new Map([...(levels ?? []), ...list.levels]);
  }

  async #readNumbering(zip: Zip, part: string): Promise<void> {
    let abstract: Abstract | null = null;
    let list: List | null = null;
    let overridden = 0;
    let level: Level | null = null;
    await readXml(zip.read(part), {
      open: (name, attributes) => {
        const value = attributes['val'] ?? '';
        if (name === 'abstractNum') {
          abstract = { levels: new Map(), style: null };
          this.#abstracts.set(attributes['abstractNumId'] ?? '', abstract);
        } else if (name === 'num') {
          list = { abstract: '', starts: new Map(), levels: new Map() };
          this.#lists.set(attributes['numId'] ?? '', list);
        } else if (name === 'numStyleLink' && abstract) abstract.style = value;
        else if (name === 'abstractNumId' && list) list.abstract = value;
        else if (name === 'lvlOverride') overridden = whole(attributes['ilvl']) ?? 0;
        else if (name === 'startOverride') list?.starts.set(overridden, whole(value) ?? 1);
        else if (name === 'lvl') {
          level = { start: 1, format: 'decimal', text: '', suffix: 'tab', legal: false, restart: null, style: null };
          (list ?? abstract)?.levels.set(whole(attributes['ilvl']) ?? 0, level);
        } else if (level) describe(level, name, value, attributes);
      },
      close: (name) => {
        if (name === 'abstractNum') abstract = null;
        if (name === 'num') list = null;
        if (name === 'lvl') level = null;
      },
    });
  }

  async #readStyles(zip: Zip, part: string): Promise<void> {
    let style: Style | null = null;
    await readXml(zip.read(part), {
      open: (name, attributes) => {
        const value = attributes['val'] ?? '';
        if (name === 'style') {
          style = { list: null, level: null, basedOn: null };
          const id = attributes['styleId'] ?? '';
          this.#styles.set(id, style);
          if (attributes['type'] === 'paragraph' && isOn(attributes['default'] ?? '0')) this.#defaultStyle = id;
        } else if (name === 'basedOn' && style) style.basedOn = value;
        else if (name === 'numId' && style) style.list = value;
        else if (name === 'ilvl' && style) style.level = whole(value);
      },
    });
  }
}

function describe(level: Level, name: string, value: string, attributes: Attributes): void {
  if (name === 'start') level.start = whole(value) ?? 1;
  else if (name === 'numFmt') level.format = value;
  else if (name === 'lvlText') level.text = value.slice(0, 60);
  else if (name === 'suff') level.suffix = value;
  else if (name === 'pStyle') level.style = value;
  else if (name === 'isLgl') level.legal = isOn(attributes['val']);
  else if (name === 'lvlRestart') level.restart = whole(value);
}
