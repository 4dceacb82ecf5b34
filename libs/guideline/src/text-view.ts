import { entityAt, type Extent, markupIn, withoutMarkup } from './markup.js';
import { labelIn } from './vocabulary.js';
import { partsLines, wrapsIn } from './wrapped-lines.js';

/** UTF-16 offsets into the text as it was given, end exclusive. */
export type Span = readonly [start: number, end: number];

/**
 * A text as the grammar wants to see it, with the way back: `at[i]` is where character `i` stands in the source.
 * Full-width forms are half-width, traditional characters of the trade are simplified, spaces that mean nothing are gone
 * (also those a scanner puts between 牵 头 单 位); spaces between Latin words, tabs and line ends stay.
 * `seams` are the offsets at which a piece begins that stands elsewhere in the source: the next line of a cell. `spaced`: a scanner has put
 * spaces between the characters, so that one space parts nothing. `cells`: the cells of HTML tables, by where their tags stand in the source.
 */
export type View = {
  readonly source: string;
  readonly text: string;
  readonly at: Uint32Array;
  readonly seams?: readonly number[];
  readonly spaced?: boolean;
  readonly cells?: ReadonlyMap<number, Extent>;
};

/** Pairs of a traditional character and its simplified one: only those that the grammar and titles of units are made of. */
const TRADITIONAL =
  '單单責责牽牵頭头協协辦办機机關关構构處处廳厅會会縣县區区鎮镇鄉乡國国務务發发財财經经濟济資资訊讯農农業业環环衛卫劃划畫划計计設设導导員员總总檢检團团聯联黨党貿贸稅税審审動动運运輸输興兴產产質质監监場场與与參参執执實实項项據据標标題题條条號号級级開开間间時时約约達达進进應应災灾體体廣广電电視视學学醫医療疗勞劳內内後后從从為为並并兩两個个週周點点終终屆届歸归擬拟訂订負负權权專专組组領领轄辖華华綜综規规範范則则續续長长歲岁啟启啓启報报態态數数術术創创東东門门網网軍军隊队戰战統统軌轨訓训練练優优築筑鐵铁營营銷销廠厂獲获積积極极類类認认證证許许論论議议讓让調调諮咨詢询護护識识陸陆際际陽阳雙双離离難难靜静響响頂顶順顺須须預预頻频顯显飛飞飲饮馬马驗验鮮鲜鳳凤麗丽齊齐龍龙島岛灣湾臺台臨临舉举艦舰蘇苏藝艺藥药衝冲裝装複复貳贰見见觀观觸触記记評评試试詳详語语說说請请諸诸謀谋變变豐丰貢贡貨货貫贯費费賽赛轉转輔辅輕轻遊游違违遠远適适遷迁還还郵邮鄭郑醞酝釋释鋼钢錄录錢钱鍵键鏈链閉闭閱阅隨随險险雜杂養养無无於于衞卫屬属漁渔庫库測测績绩礎础擔担階阶織织該该選选價价額额確确寫写館馆婦妇殘残僑侨誌志願愿勵励購购貧贫縮缩礦矿陳陈橋桥園园圖图書书節节鄰邻嚴严頒颁佈布擇择習习職职稱称補补償偿籌筹';

const SIMPLIFIED = new Map<string, string>();
for (let i = 0; i + 1 < TRADITIONAL.length; i += 2) SIMPLIFIED.set(TRADITIONAL.charAt(i), TRADITIONAL.charAt(i + 1));
const OTHER_FORMS = '〜~～~﹔;﹕:∶:︰:【[】]〔[〕]﹝[﹞]〖[〗]﹙(﹚)﹑、､、｡。「“」”『“』”│|┃|║|';
for (let i = 0; i < OTHER_FORMS.length; i += 2) SIMPLIFIED.set(OTHER_FORMS.charAt(i), OTHER_FORMS.charAt(i + 1));

/** Characters that no reader sees: soft hyphens, marks of direction and order, controls. */
const INVISIBLE = /[\p{Cf}\p{Cc}]/u;
const isSpace = (char: string) =>
  char === ' ' || char === '\r' || char === '\u00a0' || char === '\u3000' || (char >= '\u2000' && char <= '\u200a') || char === '\u202f';
const isLineEnd = (char: string) => char === '\n' || char === '\u2028' || char === '\u2029' || char === '\f' || char === '\u000b';
/** What spaces part: ASCII, and Latin letters with their accents. */
const isPlain = (char: string) => (char > ' ' && char <= '~') || (char >= '\u00c0' && char <= '\u024f');
const isDigit = (char: string) => char >= '0' && char <= '9';

export function foldChar(char: string): string {
  const code = char.charCodeAt(0);
  if (code < 0x7f) return char;
  if (code >= 0xff01 && code <= 0xff5e) {
    const half = String.fromCharCode(code - 0xfee0);
    return SIMPLIFIED.get(half) ?? half;
  }
  return SIMPLIFIED.get(char) ?? char;
}

/** Marks before a label or a point: ▲责任单位. Inside a line they part what stands before from what stands behind. */
const BULLETS = new Set('▲△●★☆◆◇■□※►▶➢✓√');
const MARKUP = /(?:#{1,6}|[-*•●○▪◦·]) {1,4}(?=\S)/y;

/** A line that holds a page's number and nothing else: — 2 — · - 3 - · 第 4 页 共 9 页 · Water Plan | Page 3. */
const PAGE_WORDS = String.raw`(?:[-—–－─·]{1,2}[ \u3000]?\d{1,4}[ \u3000]?[-—–－─·]{1,2}|第[ ]?\d{1,4}[ ]?[页頁](?:[,，/ ]{0,2}共[ ]?\d{1,4}[ ]?[页頁])?|(?:[^\n|·—–]{1,80}[|·—–] ?)?Page \d{1,4}(?: of \d{1,4})?)\s*(?:\n\s*|$)`;
const PAGE_NUMBER = new RegExp(PAGE_WORDS, 'iy');
const PAGE_INSIDE = new RegExp(`\\n\\s*${PAGE_WORDS}`, 'gi');

/** The length of Markdown that is no words: ** anywhere, a heading's ## or a bullet at the start of a line. */
function markupAt(source: string, at: number, before: string): number {
  if (source.startsWith('**', at)) return 2;
  if (source.charAt(at) === '*' && before !== '\n' && !isPlain(before)) return 1;
  if (source.charAt(at) === '*' && before === '\n' && /[^\s*]/.test(source.charAt(at + 1))) return 1;
  if (before !== '\n') return 0;
  MARKUP.lastIndex = at;
  return MARKUP.exec(source)?.[0].length ?? 0;
}

/** One space between two whole names (市财政局 市教育局), where nobody has put spaces between all characters. */
const partsNames = (source: string, space: number, next: number) =>
  next === space + 1 &&
  /(?:[局厅委办部院府司署队会行]|中心|公司|集团|大学|街道)$/.test(source.slice(space - 2, space)) &&
  /[省市县區区州各国國团團]/.test(source.charAt(next)) &&
  /[^\s]{2}/.test(source.slice(space - 3, space - 1)) &&
  /[^\s]{2}/.test(source.slice(next + 1, next + 3));

/** **牵头单位** 市教育局: what is printed bold is a label without its colon. */
function isBoldLabel(words: string, behind: string): boolean {
  if (words.length > 12 || !/^ {1,5}[\u4e00-\u9fff]/.test(behind)) return false;
  const label = labelIn(words);
  return label !== null && label.role !== 'other' && label.length === words.length;
}

export function viewOf(source: string): View {
  const chars: string[] = [];
  const at = new Uint32Array(source.length + 1);
  const wraps = wrapsIn(source);
  const { marks, cells } = markupIn(source);
  let flat = 0;
  let space = -1;
  let loneDigit = false;
  let bold = -1;
  const push = (char: string, from: number) => {
    at[chars.length] = from;
    chars.push(char);
  };
  for (let i = 0; i < source.length; i++) {
    const entity = source.charAt(i) === '&' ? entityAt(source, i) : null;
    const raw = entity?.char ?? source.charAt(i);
    const from = i;
    i += (entity?.length ?? 1) - 1;
    if (isSpace(raw) || wraps.has(i) || (i < flat && (isLineEnd(raw) || raw === '\t'))) {
      if (space < 0) space = i;
      continue;
    }
    if ((chars.at(-1) ?? '\n') === '\n') {
      PAGE_NUMBER.lastIndex = i;
      const page = PAGE_NUMBER.exec(source);
      if (page) {
        // The page's empty lines go with it, so that a name broken over two pages is whole again.
        while (chars.at(-1) === '\n' && chars.at(-2) === '\n') chars.pop();
        i += page[0].length - 1;
        space = -1;
        continue;
      }
    }
    const tag = raw === '<' ? marks.get(i) : undefined;
    if (tag) {
      const before = chars.at(-1) ?? '\n';
      if (tag.as === 'break' && !/[\n\t、;,。:]/.test(before)) push(isPlain(before) ? ';' : '、', i);
      // A row reaches from its tag to the end of the one that closes it.
      else if (tag.as === '\n') push('\n', source.charAt(i + 1) === '/' ? i + tag.length - 1 : i);
      else if (tag.as === '\t') push('\t', i);
      if (tag.as === ' ' && space < 0) space = i;
      else if (tag.as !== '' && tag.as !== ' ') space = -1;
      flat = Math.max(flat, tag.flat);
      i += tag.length - 1;
      continue;
    }
    if (BULLETS.has(raw)) {
      if (!/[\n;,。、:([|\t]/.test(chars.at(-1) ?? '\n')) push(';', i);
      space = -1;
      continue;
    }
    const mark = raw === '*' || (chars.at(-1) ?? '\n') === '\n' ? markupAt(source, i, chars.at(-1) ?? '\n') : 0;
    if (mark > 0) {
      if (mark === 2) {
        if (bold >= 0 && isBoldLabel(chars.slice(bold).join(''), source.slice(i + 2, i + 8))) push(':', i);
        bold = bold < 0 && raw === '*' ? chars.length : -1;
      }
      i += mark - 1;
      continue;
    }
    const plain = (raw >= ' ' && raw <= '~') || raw === '\t' || isLineEnd(raw);
    if (!plain && INVISIBLE.test(raw)) continue;
    const char = isLineEnd(raw) ? '\n' : foldChar(raw);
    const before = chars.at(-1) ?? '\n';
    const digitAlone = isDigit(char) && !isDigit(foldChar(source.charAt(i + 1)));
    if (space >= 0) {
      // 2 0 2 5 comes from a scanner, «Q4 2025» does not.
      const scanned = loneDigit && digitAlone;
      if (isPlain(before) && isPlain(char) && !scanned) push(' ', space);
      loneDigit = digitAlone;
      if (partsNames(source, space, from)) push('、', space);
    } else {
      loneDigit = digitAlone && !isDigit(before);
    }
    space = -1;
    push(char, from);
  }
  at[chars.length] = source.length;
  return { source, text: chars.join(''), at, spaced: isSpaced(source), ...(cells.size > 0 && { cells }) };
}

/** Whether most neighbouring characters stand apart. */
function isSpaced(source: string): boolean {
  const start = source.slice(0, 20_000);
  const apart = start.match(/[\u4e00-\u9fff] (?=[\u4e00-\u9fff])/g)?.length ?? 0;
  return apart > 20 && apart > (start.match(/[\u4e00-\u9fff](?=[\u4e00-\u9fff])/g)?.length ?? 0);
}

/** The part of a view between two of its own offsets, on one line: a line end joins what it broke. */
export function lineOf(view: View, start: number, end: number): View {
  const chars: string[] = [];
  const at = new Uint32Array(Math.max(0, end - start) + 1);
  for (let i = start; i < end; i++) {
    const char = view.text.charAt(i);
    if (char === '\n' || char === '\t') {
      const mark = partsLines(view.text, i) ? '、' : ' ';
      if (mark === ' ' && (!isPlain(chars.at(-1) ?? '') || !isPlain(view.text.charAt(i + 1)) || partsYear(view.text, i))) continue;
      at[chars.length] = view.at[i]!;
      chars.push(mark);
      continue;
    }
    at[chars.length] = view.at[i]!;
    chars.push(char);
  }
  at[chars.length] = end > start ? view.at[end - 1]! + 1 : view.at[start]!;
  return { source: view.source, text: chars.join(''), at };
}

/** Whether a line end stands inside 20\n25年. */
function partsYear(text: string, at: number): boolean {
  const before = /\d{1,3}$/.exec(text.slice(Math.max(0, at - 4), at))?.[0] ?? '';
  const behind = /^\d{1,3}(?=年)/.exec(text.slice(at + 1, at + 5))?.[0] ?? '';
  return before !== '' && behind !== '' && before.length + behind.length === 4;
}

/** Several parts as one line, each with a mark behind it that the source does not have. `starts` says where each part begins. */
export function joinLines(source: string, parts: readonly { line: View; mark: string }[]): { line: View; starts: number[] } {
  const starts: number[] = [];
  const at: number[] = [];
  const seams: number[] = [];
  let text = '';
  for (const [i, { line, mark }] of parts.entries()) {
    starts.push(text.length);
    seams.push(
      ...(i > 0 && parts[i - 1]!.mark.trim() === '' ? [text.length] : []),
      ...(line.seams ?? []).map((seam) => seam + text.length),
    );
    text += line.text + mark;
    for (let i = 0; i < line.text.length; i++) at.push(line.at[i]!);
    for (let i = 0; i < mark.length; i++) at.push(line.at[line.text.length]!);
  }
  at.push(parts.at(-1)?.line.at.at(-1) ?? 0);
  return { line: { source, text, at: Uint32Array.from(at), seams }, starts };
}

/** Where the line ends that this offset is on, looking no further than `most` characters, so that a text on one line is still read in linear time. */
export function endOfLine(text: string, from: number, most = 3_000): number {
  const limit = Math.min(text.length, from + most);
  for (let at = from; at < limit; at++) if (text.charCodeAt(at) === 10) return at;
  return limit;
}

/** Where a stretch of the view stands in the source. */
export function spanOf(view: View, start: number, end: number): Span {
  if (end <= start) return [view.at[start] ?? 0, view.at[start] ?? 0];
  // A mark that joinLines put in stands nowhere; at the end of the text it must not reach beyond it.
  const last = view.at[end - 1]!;
  const length = view.source.charAt(last) === '&' ? (entityAt(view.source, last)?.length ?? 1) : 1;
  return [view.at[start]!, Math.min(last + length, view.source.length)];
}

/** The view's offset of a source offset: the first character that stands there or later. */
export function offsetIn(view: View, at: number): number {
  let [low, high] = [0, view.text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (view.at[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Words as they stand, without the spaces and line ends that a layout put into them. */
export function wordsIn(view: View, start: number, end: number): string {
  const seam = view.seams?.findLast((at) => at > start && at < end);
  if (seam !== undefined) {
    const space = view.text.charAt(seam - 1) === ' ' ? 1 : 0;
    return wordsIn(view, start, seam - space) + ' '.repeat(space) + wordsIn(view, seam, end);
  }
  const [from, to] = spanOf(view, start, end);
  const said = view.source.slice(from, to);
  const words = /[<&]/.test(said) ? withoutMarkup(said) : said;
  return tidy(words.includes('\n') ? words.replace(PAGE_INSIDE, '\n') : words);
}

export function tidy(words: string): string {
  const parts: string[] = [];
  for (const word of words.replace(/\p{Cf}/gu, '').split(/\s+/u)) {
    if (word === '') continue;
    const last = parts.at(-1);
    if (last && isPlain(last.at(-1)!) && isPlain(word.charAt(0))) parts.push(' ');
    parts.push(word);
  }
  return parts.join('');
}
