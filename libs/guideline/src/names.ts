import type { UnitRole } from '@app/domain/task.js';
import { carriesOn, kindOf, type Kind, opensPlaces, partsNames, withoutPerson } from './unit-names.js';
import { AND_OTHERS, AS_ABOVE, NOBODY } from './vocabulary.js';

/** One name, in offsets of the line it stands in. `marked` is the role that a bracket behind it gives: 省科技厅(牵头). */
export type NamePiece = { start: number; end: number; kind: Kind | null; marked: UnitRole | null };
export type Names = { names: NamePiece[]; openEnded: boolean; unread: [start: number, end: number][] };

const MARK = /\((牵头|主办|牵头单位|主办单位|主责|配合|协办|配合单位|协办单位|指导)\)$/;
const MARKED: Readonly<Record<string, UnitRole>> = { 牵: 'lead', 主: 'lead', 配: 'support', 协: 'support', 指: 'guide' };
const BEFORE_NAME = /^(?:[\u4e00-\u9fff]{2,6}(?:层面|方面)由|其中|以及|并由|由|及|和|与|并|请|则|是|为|有)(?=[^级])/;
const MANNER_BEHIND = /\((?:按|依|各自|分别)[^()]{0,12}(?:分工|职责|职能|负责|落实)[^()]{0,6}\)$/;
/** Longer than any name: somebody's sentence. */
const TOO_LONG = 40;
/** Names that «和» or «等» may join. */
const LONGEST_PIECE = 200;

/** The names between two offsets of a line that holds nothing else: 省科技厅、各市、县人民政府和省财政厅等有关部门. */
export function namesIn(text: string, start: number, end: number): Names {
  const found: Names = { names: [], openEnded: false, unread: [] };
  for (const [from, to] of joinPlaces(text, cut(text, start, end))) {
    if (to - from > LONGEST_PIECE) found.unread.push([from, to]);
    else readPiece(text, from, to, found);
  }
  return found;
}

/** What parts names, among it the numbers of ①市教育局②市财政局. */
const PARTS = '、/\\·•，,;①②③④⑤⑥⑦⑧⑨⑩';
/** The number of a name: 1.市教育局 */
const NUMBER = /^(?:\(?\d{1,2}[.)]|\([一二三四五六七八九十]{1,3}\))/;

/** Cuts at 、 outside brackets and quotation marks. */
function cut(text: string, start: number, end: number): [number, number][] {
  const pieces: [number, number][] = [];
  let [from, depth] = [start, 0];
  for (let at = start; at < end; at++) {
    const char = text.charAt(at);
    if ('([“《'.includes(char)) depth += 1;
    else if (')]”》'.includes(char)) depth = Math.max(0, depth - 1);
    else if (depth === 0 && PARTS.includes(char)) {
      pieces.push([from, at]);
      from = at + 1;
    }
  }
  pieces.push([from, end]);
  return pieces.filter(([a, b]) => b > a);
}

/** Puts together what a 、 inside one name parted: 各市、县人民政府 · 各省、自治区、直辖市 · 各区、县级市. */
function joinPlaces(text: string, pieces: readonly [number, number][]): [number, number][] {
  const joined: [number, number][] = [];
  let open = false;
  for (const [from, to] of pieces) {
    const last = joined.at(-1);
    const words = text.slice(from, to);
    const before = last ? text.slice(last[0], last[1]) : '';
    // 各市、县人民政府和省财政厅: a name may stand behind.
    if (open && last && (carriesOn(words, before) || carriesOn(words.split(/[和及与等]/, 1)[0]!, before))) last[1] = to;
    else {
      joined.push([from, to]);
      open = opensPlaces(words) || /(?:党委|[市县区州盟旗乡镇)]委|^各.*[公行]署)$/.test(words);
    }
  }
  return joined;
}

function readPiece(text: string, start: number, end: number, found: Names) {
  let from = start + (NUMBER.exec(text.slice(start, end))?.[0].length ?? 0);
  let to = end;
  const led = BEFORE_NAME.exec(text.slice(from, to));
  if (led && kindOf(text.slice(from, to)) === null) from += led[0].length;
  else if (led && /^(?:由|以及|并由|请|其中)/.test(led[0])) from += led[0].length;
  const others = othersIn(text, from, to);
  if (others) {
    found.openEnded = true;
    if (others > from) readPiece(text, from, others, found);
    const rest = restAfterOthers(text, others, to);
    if (rest < to) readPiece(text, rest, to, found);
    return;
  }
  const parted = partedAt(text, from, to);
  if (parted) {
    readPiece(text, from, parted[0], found);
    readPiece(text, parted[1], to, found);
    return;
  }
  // A、(B)
  if (/^\([^()]{2,}\)$/.test(text.slice(from, to))) return readPiece(text, from + 1, to - 1, found);
  const words = text.slice(from, to);
  if (words === '' || NOBODY.test(words) || /^其(?:他|它|余)$/.test(words)) return;
  to = from + withoutPerson(words).length;
  // 省水利厅(按职责分工)
  to -= MANNER_BEHIND.exec(text.slice(from, to))?.[0].length ?? 0;
  // 市财政局(市教育局为主) says more than a name.
  const tail = /(?<=.{3})\([^()]{2,}(?:为主|牵头|负责|配合)\)$/.exec(text.slice(from, to));
  if (tail && !MARK.test(tail[0])) {
    found.unread.push([from + tail.index, to]);
    to = from + tail.index;
  }
  // Behind the name stood a sign in its bracket.
  to -= /\([*#]?\)$/.exec(text.slice(from, to))?.[0].length ?? 0;
  const mark = MARK.exec(text.slice(from, to));
  if (mark) to -= mark[0].length;
  // Figures stand in sentences, hardly ever in names nobody knows.
  const name = text.slice(from, to);
  if (to - from > TOO_LONG || (/\d/.test(name) && kindOf(name) === null)) {
    found.unread.push([from, to]);
    return;
  }
  found.names.push({ start: from, end: to, kind: kindOf(name), marked: mark ? MARKED[mark[1]!.charAt(0)]! : null });
}

/** Where 等 stands that means «and others»; null when there is none (省高等教育学会 has another). */
function othersIn(text: string, start: number, end: number): number | null {
  for (let at = start; at < end; at++) {
    if (text.charAt(at) !== '等') continue;
    if (/[高中初同平均一二三优特上下]/.test(text.charAt(at - 1)) && !AND_OTHERS.test(text.slice(at, end))) continue;
    if (text.charAt(at - 1) === '高' && /^等(?:院校|学校|教育|法院|学府|职业)/.test(text.slice(at, at + 4))) continue;
    if (insideBracket(text, start, at)) continue;
    const rest = text.slice(at, end);
    if (AND_OTHERS.test(rest) || kindOf(text.slice(start, at)) !== null) return at;
  }
  return null;
}

function insideBracket(text: string, start: number, at: number): boolean {
  return text.lastIndexOf('(', at) >= start && text.lastIndexOf('(', at) > text.lastIndexOf(')', at);
}

/** Behind «等有关部门和» names may go on: 等有关部门和各市、县人民政府. */
function restAfterOthers(text: string, at: number, end: number): number {
  // 等有关部门及各地区 names the places.
  const places = /[和及与]各(?:地区|省|自治区|市|县|区|州|地方|地)/.exec(text.slice(at, end));
  if (places && AND_OTHERS.test(text.slice(at, at + places.index))) return at + places.index + 1;
  for (let to = end; to > at; to--) {
    if (AND_OTHERS.test(text.slice(at, to)) && (to === end || /[和及与、]$/.test(text.slice(at, to)))) return to;
  }
  return at + 1;
}

const partsWholeNames = (before: string, behind: string) =>
  /^[省市县区州].{2,}[局厅委办部]$/.test(before) &&
  /^[省市县区州](?![场属直级区辖域内外]|民(?![政族宗防])|中.*分局$)/.test(behind) &&
  kindOf(before) === 'firm' &&
  kindOf(behind) !== null;

function partedAt(text: string, start: number, end: number): [number, number] | null {
  for (let at = start + 2; at < end - 1; at++) {
    // 市教育局各县区: nothing parts the names, and no name has such a middle.
    if (text.charAt(at) === '各' && /[\u4e00-\u9fff]{3}[局厅]$/.test(text.slice(start, at)) && kindOf(text.slice(at, end)) === 'many')
      return [at, at];
    // 市教育局市财政局: a lost line end has parted them.
    if (partsWholeNames(text.slice(start, at), text.slice(at, end))) return [at, at];
    const length = text.startsWith('以及', at) ? 2 : /[和及与并]/.test(text.charAt(at)) ? 1 : 0;
    if (length === 0 || insideBracket(text, start, at)) continue;
    if (partsNames(text.slice(start, at), text.slice(at + length, end))) return [at, at + length];
  }
  return null;
}

/** Whether words begin with a name, or with what stands in the place of one. */
export function beginsWithName(words: string): boolean {
  const first = words.split(/[、,;。:\n\t|]/, 1)[0]!;
  if (NOBODY.test(first) || AS_ABOVE.test(first)) return true;
  for (let end = Math.min(first.length, 36); end >= 2; end--) if (kindOf(first.slice(0, end)) !== null) return true;
  return false;
}
