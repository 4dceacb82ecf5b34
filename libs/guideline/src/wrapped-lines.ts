/** Line ends that a layout put into paragraphs: the text of a page, copied, has all its full lines equally long. */

const SHORTEST_FULL = 22;
const LONGEST_FULL = 64;
/** What begins a line of its own: a number, a bullet, a label, a bracket that holds one. */
const BEGINS =
  /^[\s　]*(?:[#|>*•●○▪◦·—-]|\d{1,3}(?:[.．、)）]|\s)|[(（]?[一二三四五六七八九十]{1,3}[、.．)）]|第[一二三四五六七八九十\d]{1,3}[章节条部]|[①-⑳]|附件|附表|注[:：]|(?:\d{1,4}|无|—+|同上)\s*$|[\u4e00-\u9fff（）()]{2,8}[:：]|【)/;
const ENDS = /[。：:；;！!？?|]\s*$/;
const CHINESE = /[\u3000-\u9fff\uff00-\uffef]/;

type Line = { start: number; end: number; width: number; words: string };

const WHOLE_NAME = /[\u4e00-\u9fff)）](?:[局厅委办部院署会处]|人民政府|集团|公司|中心|大学|学院|街道|支队|大队|分行|园区|开发区)$/;

/** Whether a line end parts two whole names that nothing else parts: 市财政局\n市教育局. */
export const partsLines = (text: string, at: number): boolean =>
  WHOLE_NAME.test(text.slice(Math.max(0, at - 6), at)) && /^\n?[省市县区州各国团][^\n]{2}/.test(text.slice(at + 1, at + 5));

/** Where the line ends stand that only a layout has put there. */
export function wrapsIn(source: string): ReadonlySet<number> {
  const wraps = new Set<number>();
  const lines = linesOf(source);
  const full = lines.reduce((widest, { width }) => Math.max(widest, width), 0);
  const isFull = ({ width }: Line) => width >= full - 2;
  if (full < SHORTEST_FULL || full > LONGEST_FULL || lines.filter(isFull).length < Math.max(3, lines.length / 5)) return wraps;
  for (const [i, line] of lines.entries()) {
    const next = lines[i + 1];
    const whole = ENDS.test(line.words) || partsLines(source, line.end);
    if (next && next.width > 0 && isFull(line) && next.start === line.end + 1 && !whole && !BEGINS.test(next.words)) wraps.add(line.end);
  }
  return wraps;
}

/** Tabs, bars or several wide gaps: the line of a table. */
const isRow = (words: string) => /[\t|]/.test(words) || (words.match(/ {3,}|\u3000{2,}/g)?.length ?? 0) > 1;

/** The lines that hold Chinese words; half-width characters count half. */
function linesOf(source: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < source.length;) {
    let end = source.indexOf('\n', start);
    if (end < 0) end = source.length;
    const words = source.slice(start, Math.min(end, start + 4 * LONGEST_FULL));
    if (CHINESE.test(words)) {
      let width = 0;
      for (const char of words) width += char === '\r' ? 0 : char > '\u00ff' ? 1 : 0.5;
      lines.push({ start, end, width: isRow(words) ? 0 : width, words });
    }
    start = end + 1;
  }
  return lines;
}
