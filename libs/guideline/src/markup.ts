/** HTML inside plain text or Markdown: what its tags stand for, and where the cells of its tables are. */

/**
 * What a tag stands for: nothing, a space, a line end, the begin of a cell, or a break between the words of a cell. Behind it line ends are
 * no more than spaces, as far as `flat`.
 */
export type Mark = { length: number; as: '' | ' ' | '\n' | '\t' | 'break'; flat: number };
/** How far a cell reaches, in columns and rows. */
export type Extent = { across: number; down: number };
/** Both by the offsets of tags in the source. */
export type Markup = { marks: ReadonlyMap<number, Mark>; cells: ReadonlyMap<number, Extent> };

const BLOCKS =
  'p|div|li|ul|ol|dl|dt|dd|h[1-6]|hr|section|article|header|footer|main|blockquote|pre|caption|center|html|head|body|title|thead|tbody|tfoot|colgroup';
const INLINE = 'b|strong|i|em|u|s|span|font|a|sup|sub|small|big|mark|col|nobr|img|meta|link';
/** Other words in such brackets are words: PM2.5<35, <name>. */
const TAG = new RegExp(`<(/?)(table|tr|td|th|br|${BLOCKS}|${INLINE})(\\s[^<>]{0,400})?/?>`, 'gi');
const BLOCK = new RegExp(`^(?:${BLOCKS}|table|tr|td|th)$`);

/** `grid`: a row of it has two cells, and it holds no other table; else it only lays out what stands in it. `cells` are those of the row. */
type Table = { grid: boolean; holds: boolean; rows: number; cells: number };
type Tag = { at: number; length: number; name: string; closes: boolean; attributes: string; table: Table | null; row: number };

/** The markup of a text, in time linear in its length. */
export function markupIn(source: string): Markup {
  const marks = new Map<number, Mark>();
  const cells = new Map<number, Extent>();
  const tags = tagsIn(source);
  const next = nextsOfTable(tags);
  let cell: Tag | null = null;
  for (const [i, tag] of tags.entries()) {
    const { at, length, name, closes, attributes, table, row } = tag;
    const mark: Mark = { length, as: '', flat: 0 };
    marks.set(at, mark);
    const isCell = name === 'td' || name === 'th';
    if (isCell || name === 'tr' || name === 'table') cell = isCell && !closes ? tag : null;
    if (!table?.grid || table.holds) mark.as = name === 'br' ? 'break' : BLOCK.test(name) ? '\n' : '';
    else if (isCell) {
      mark.flat = next[i]!;
      if (closes) continue;
      mark.as = '\t';
      cells.set(at, { across: numberIn(attributes, 'colspan'), down: numberIn(attributes, 'rowspan') });
    } else if (name === 'tr' || name === 'table') {
      mark.as = '\n';
      if (name === 'tr' && !closes) mark.flat = next[i]!;
    } else if (name === 'br' || (BLOCK.test(name) && !closes)) {
      // The head of a column is broken because it is narrow.
      mark.as = cell === null ? '\n' : cell.name === 'th' || row === 1 ? ' ' : 'break';
    }
  }
  return { marks, cells };
}

function tagsIn(source: string): Tag[] {
  const tags: Tag[] = [];
  const open: Table[] = [];
  const openTable = () => open.push({ grid: false, holds: false, rows: 0, cells: 0 });
  for (const found of source.matchAll(TAG)) {
    const name = found[2]!.toLowerCase();
    const closes = found[1] === '/';
    const begins = !closes && name === 'table';
    if (begins && open.length > 0) open.at(-1)!.holds = true;
    // Rows that were copied without their table are one.
    if (begins || (!closes && name === 'tr' && open.length === 0)) openTable();
    const table = open.at(-1) ?? null;
    if (table && name === 'tr' && !closes) Object.assign(table, { rows: table.rows + 1, cells: 0 });
    if (table && (name === 'td' || name === 'th') && !closes && ++table.cells > 1) table.grid = true;
    tags.push({ at: found.index, length: found[0].length, name, closes, attributes: found[3] ?? '', table, row: table?.rows ?? 0 });
    if (closes && name === 'table') open.pop();
  }
  return tags;
}

/** Where the next row or cell of the same table begins or ends, for each tag; 0 where none does, so that a cell without an end goes no further than its line. */
function nextsOfTable(tags: readonly Tag[]): number[] {
  const nexts: number[] = Array.from({ length: tags.length }, () => 0);
  const last = new Map<Table, number>();
  for (let i = tags.length - 1; i >= 0; i--) {
    const { at, name, table } = tags[i]!;
    if (!table) continue;
    nexts[i] = last.get(table) ?? 0;
    if (name === 'td' || name === 'th' || name === 'tr' || name === 'table') last.set(table, at);
  }
  return nexts;
}

const numberIn = (attributes: string, name: string): number =>
  Math.max(1, Number(new RegExp(`\\b${name}\\s*=\\s*["']?(\\d{1,3})`, 'i').exec(attributes)?.[1] ?? 1));

const NAMED: Readonly<Record<string, string>> = {
  nbsp: ' ',
  ensp: ' ',
  emsp: '\u3000',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  middot: '·',
  ldquo: '“',
  rdquo: '”',
  lsquo: '‘',
  rsquo: '’',
  mdash: '—',
  ndash: '–',
  hellip: '…',
};
const ENTITY = /&(?:#(\d{1,6})|#x([\da-f]{1,5})|([a-z]{2,6}));/gi;
const ENTITY_HERE = new RegExp(ENTITY.source, 'iy');

/** The character that an entity stands for: &amp; · &#8226; Null where there is none. */
export function entityAt(source: string, at: number): { char: string; length: number } | null {
  ENTITY_HERE.lastIndex = at;
  const found = ENTITY_HERE.exec(source);
  const char = found ? charOf(found) : undefined;
  return found && char !== undefined ? { char, length: found[0].length } : null;
}

function charOf([, decimal, hexadecimal, name]: readonly (string | undefined)[]): string | undefined {
  if (name) return Object.hasOwn(NAMED, name.toLowerCase()) ? NAMED[name.toLowerCase()] : undefined;
  const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal!, 16);
  return code > 0 && code < 0xd800 ? String.fromCharCode(code) : undefined;
}

/** Words of the source as they are seen: without tags, and with the characters that entities stand for. */
export const withoutMarkup = (words: string): string =>
  words
    .replace(TAG, (_, __, name: string) => (BLOCK.test(name.toLowerCase()) || name.toLowerCase() === 'br' ? ' ' : ''))
    .replace(/<\/?[a-z]{0,10}\d?$/i, '')
    .replace(ENTITY, (whole, ...groups: string[]) => charOf([whole, ...groups.slice(0, 3)]) ?? whole);
