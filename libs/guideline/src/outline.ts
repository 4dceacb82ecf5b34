import { endOfLine, spanOf, type Span, type View, wordsIn } from './text-view.js';

/** A numbered heading. `level` 1 is the outermost kind: 第一章, 一、, (一), 1., (1), ①. `span` is that of its number and words. */
export type Heading = { level: number; numeral: string; title: string; span: Span };
/** A heading with its place in the view. */
export type Section = Heading & { start: number; end: number };

const CHINESE = '一二三四五六七八九十百零〇';
const FORMAL = '壹贰参肆伍陆柒捌玖拾';
type Form = { level: number; pattern: RegExp; show: (number: string) => string };
/** Forms of numbering, outermost first. English plans number 1, 1.1, or say «Action 4:». */
const FORMS: readonly Form[] = [
  { level: 1, pattern: new RegExp(`第([${CHINESE}]{1,4}|\\d{1,2})(?:章|部分|编|篇)[、:.]?`, 'y'), show: (n) => `第${n}章` },
  { level: 2, pattern: new RegExp(`([${FORMAL}]{1,2})、`, 'y'), show: (n) => `${n}、` },
  { level: 2, pattern: new RegExp(`第([${CHINESE}]{1,4}|\\d{1,2})节[、:.]?`, 'y'), show: (n) => `第${n}节` },
  { level: 3, pattern: new RegExp(`([${CHINESE}]{1,4})[、.](?!\\d)`, 'y'), show: (n) => `${n}、` },
  { level: 4, pattern: new RegExp(`\\(([${CHINESE}]{1,4})\\)[、.]?`, 'y'), show: (n) => `（${n}）` },
  {
    level: 5,
    pattern: new RegExp(`\\[?((?:任务|措施|举措|行动|事项|项目|工程|专项|问题|目标)(?:[${CHINESE}]{1,3}|\\d{1,3}))(?:\\]:?|[:、.])`, 'y'),
    show: (n) => `${n} `,
  },
  {
    level: 5,
    pattern: /(?:Action|Objective|Goal|Initiative|Priority|Recommendation|Measure|Task|Step) (\d{1,3}(?:\.\d{1,2}){0,2})[:.]? ?/iy,
    show: (n) => `Action ${n}: `,
  },
  { level: 7, pattern: /(\d{1,3}(?:\.\d{1,3}){1,3})[.、]? ?(?=[^\d%‰年月日万亿个])/y, show: (n) => `${n} ` },
  { level: 6, pattern: /(\d{1,3})(?:[.、](?!\d)|\)) ?/y, show: (n) => `${n}.` },
  { level: 8, pattern: /\((\d{1,3})\)[、.]? ?/y, show: (n) => `（${n}）` },
  { level: 8, pattern: /\(([a-z])\) (?=[A-Z])/y, show: (n) => `(${n}) ` },
  { level: 9, pattern: /([①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳])/y, show: (n) => n },
];
const ORDINALS = '①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳';
const LONGEST_TITLE = 40;

/** What a heading may follow inside a line. */
const ENDS = '。)]!: ';
const DIGIT_OR_FORMAL = /[\d第]/;

/** The numbered headings of a document, in order; also those inside a line, when the text came on one line and the numbers go on. */
export function outlineOf(view: View): Section[] {
  const { text } = view;
  const sections: Section[] = [];
  const last = new Map<number, number>();
  for (let at = 0; at < text.length; at++) {
    const before = text.charAt(at - 1);
    const lineStart = at === 0 || before === '\n';
    if (!lineStart && !(text.charAt(at) === '(' || ENDS.includes(before) || DIGIT_OR_FORMAL.test(text.charAt(at)))) continue;
    const found = numeralAt(text, at);
    if (!found) continue;
    const { form, number, length } = found;
    if (!lineStart && !goesOn(text, at, form.level, number, last, sections.at(-1))) continue;
    const section = sectionAt(view, at, length, form, found.label);
    if (!section) continue;
    if (sections.at(-1)?.start === at) continue;
    sections.push(section);
    last.set(form.level, number);
    for (const level of last.keys()) if (level > form.level && !(form.level === 4 && level === 6)) last.delete(level);
    at += length - 1;
  }
  return sections;
}

/** Inside a line a number is a heading when it carries its row on, or begins one right behind the heading above it. */
function goesOn(
  text: string,
  at: number,
  level: number,
  number: number,
  last: ReadonlyMap<number, number>,
  above: Section | undefined,
): boolean {
  const ended = ENDS.includes(text.charAt(at - 1));
  if (level >= 8 || level === 5) return ended && number === (last.get(level) ?? 0) + 1 && text.charAt(at - 1) !== ':';
  if (number > 1) return number === (last.get(level) ?? 0) + 1 && (ended || level === 4);
  if (last.has(level) && above && above.level >= level) return false;
  if (level <= 3) return ended;
  return above !== undefined && above.level < level && at - above.start <= 80 && !text.slice(above.start + 3, at).includes('。');
}

function numeralAt(text: string, at: number): { form: Form; number: number; label: string; length: number } | null {
  for (const form of FORMS) {
    form.pattern.lastIndex = at;
    const found = form.pattern.exec(text);
    if (found) return { form, number: valueOf(found[1]!), label: found[1]!, length: found[0].length };
  }
  return null;
}

function valueOf(label: string): number {
  const number = label.replace(/^[任措举行事项工专问目][务施动项目程题标]/, '');
  if (/^\d/.test(number)) return Number(number.split('.').at(-1));
  if (ORDINALS.includes(number)) return ORDINALS.indexOf(number) + 1;
  if (FORMAL.includes(number.charAt(0))) return FORMAL.indexOf(number.charAt(0)) + 1;
  const [tens, ones] = number.split('十') as [string, string?];
  const digit = (char: string) => Math.max(0, CHINESE.indexOf(char.charAt(0)) + (char === '' ? 0 : 1));
  return ones === undefined ? digit(tens) : (tens === '' ? 1 : digit(tens)) * 10 + digit(ones);
}

function sectionAt(view: View, start: number, length: number, form: Form, label: string): Section | null {
  const { text } = view;
  const from = start + length;
  const lineEnd = endOfLine(text, from, 200);
  const title = titleEnd(text, from, lineEnd);
  const words = wordsIn(view, from, title);
  // Dots lead to a page number in a table of contents.
  if (words === '' || words.includes('....') || words.includes('……')) return null;
  const numeral = form.show(label);
  return { level: form.level, numeral, title: words, span: spanOf(view, start, title), start, end: title };
}

/** The words of a heading: its first sentence, or that one's first clause when the sentence is long. A bracket begins something else. */
function titleEnd(text: string, from: number, lineEnd: number): number {
  const limit = lineEnd;
  let [clause, depth] = [-1, 0];
  for (let at = from; at < limit; at++) {
    const char = text.charAt(at);
    if (char === '“' || char === '《') depth += 1;
    if (char === '”' || char === '》') depth -= 1;
    if (depth > 0) continue;
    if (char === '\t' || char === '|') return at;
    if ('。!?;:'.includes(char) || (char === '.' && /[ \n]|^$/.test(text.charAt(at + 1)) && at - from > 8)) return cutAt(at);
    if ((char === '(' || char === '[') && at > from && opensList(text, at)) return cutAt(at);
    if (char === '—' && at > from && text.charAt(at + 1) === '—' && opensList(text, at)) return cutAt(at);
    if (char === ',' && clause < 0) clause = at;
  }
  return cutAt(limit);
  function cutAt(end: number) {
    return end - from > LONGEST_TITLE && clause > from ? clause : end;
  }
}

const opensList = (text: string, at: number) => /牵头|负责|责任|配合|单位|部门|Lead|Respons/.test(text.slice(at, at + 60));

/** The headings that a place stands under, outermost first. */
export function pathAt(sections: readonly Section[], at: number): Section[] {
  const path: Section[] = [];
  for (const section of sections) {
    if (section.start > at) break;
    while (path.length > 0 && path.at(-1)!.level >= section.level) path.pop();
    path.push(section);
  }
  return path;
}

/** Paths for places in ascending order, without walking the outline again for each. */
export function pathsFor(sections: readonly Section[], places: readonly number[]): Section[][] {
  const paths: Section[][] = [];
  const path: Section[] = [];
  let next = 0;
  for (const place of places) {
    for (; next < sections.length && sections[next]!.start <= place; next++) {
      while (path.length > 0 && path.at(-1)!.level >= sections[next]!.level) path.pop();
      path.push(sections[next]!);
    }
    paths.push([...path]);
  }
  return paths;
}
