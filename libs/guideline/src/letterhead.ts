import { pointAt } from '@app/calendar/points-in-time.js';
import { type View, wordsIn } from './text-view.js';

/** What the head and the foot of a document say about it; null where they do not say. */
export type Letterhead = { title: string | null; number: string | null; issuer: string | null; issuedOn: string | null };

type Line = { start: number; end: number; text: string };

/** 皖政办秘〔2024〕56号, with the year in any bracket. */
const NUMBER = /([\u4e00-\u9fff]{2,14}(?:[〔[(]\d{4}[〕\])]|\d{4}年第?)第?\d{1,5}号)/;
const TITLE_END =
  /(?:意见|通知|方案|措施|办法|规划|计划|决定|规定|细则|公告|通告|通报|批复|意见书|清单|分工表|分工|任务表|安排|要点|行动|纲要|函|报告|指引|条例|台账|分解表|责任书|责任表|一览表|表|书)(?:的(?:通知|函|意见|决定|通告|批复))?(?:\([^()]{1,20}\))?$/;
const ORGAN_END = /(?:政府|办公厅|办公室|委员会|国务院|行政院|厅|局|部|委|办|院|署|会|府|领导小组|指挥部)$/;

/** Reads at most the first 60 and the last 40 lines with words in them. */
export function letterheadOf(view: View): Letterhead {
  const lines = linesOf(view);
  const number = numberIn(view, lines);
  const title = titleIn(view, lines, number?.line ?? null);
  const signed = signatureIn(view, lines);
  const named = title?.includes('关于') ? title.slice(0, title.indexOf('关于')) : null;
  return {
    title,
    number: number?.text ?? null,
    issuer: signed?.issuer ?? (named && ORGAN_END.test(named) ? named : null),
    issuedOn: signed?.on ?? null,
  };
}

function linesOf({ text }: View): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= text.length;) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    if (end > start) lines.push({ start, end, text: text.slice(start, Math.min(end, start + 400)) });
    start = end + 1;
  }
  return lines;
}

function numberIn(view: View, lines: readonly Line[]): { line: number; text: string } | null {
  for (const [i, line] of lines.slice(0, 60).entries()) {
    const found = NUMBER.exec(line.text.slice(0, 300));
    // A number inside a sentence is that of another document.
    if (!found || /[《"“]/.test(line.text.slice(0, found.index)) || line.text.slice(found.index + found[0].length).startsWith(')'))
      continue;
    if (found.index > 0 && !/[\s\])]$|^.{0,60}$/.test(line.text.slice(0, found.index))) continue;
    if (line.text.length > found[0].length + 60) continue;
    return { line: i, text: wordsIn(view, line.start + found.index, line.start + found.index + found[0].length) };
  }
  return null;
}

/** The title stands right above the number, or is the first line that ends like one; it may be broken into lines. */
function titleIn(view: View, lines: readonly Line[], number: number | null): string | null {
  const head = lines.slice(0, number ?? 12);
  const isEnd = ({ text }: Line) =>
    TITLE_END.test(text) && text.length <= 80 && text.length > 4 && !/[。:|\t]|^[(]?[一二三四五六七八九十]+[、)]/.test(text);
  const last = number === null ? head.findIndex(isEnd) : head.findLastIndex(isEnd);
  if (last < 0) return englishTitle(view, lines.slice(0, 6));
  let first = last;
  while (first > 0 && last - first < 4 && goesOn(head[first - 1]!, head[last]!)) first -= 1;
  return wordsIn(view, head[first]!.start, head[last]!.end);
}

/** The first lines that follow each other, as far as one that is called a plan or the like. */
function englishTitle(view: View, head: readonly Line[]): string | null {
  const isShort = ({ text }: Line) => /^[A-Z]/.test(text) && text.length <= 90 && !/[.:]$/.test(text);
  const first = head.findIndex(isShort);
  if (first < 0) return null;
  let last = -1;
  for (let i = first; i < Math.min(head.length, first + 4) && isShort(head[i]!); i++) {
    if (i > first && head[i - 1]!.end + 1 !== head[i]!.start) break;
    if (/(?:Plan|Strategy|Framework|Program|Programme|Policy|Guidelines?|Roadmap)\b[^.:]{0,40}$/i.test(head[i]!.text)) last = i;
  }
  return last < 0 ? null : wordsIn(view, head[first]!.start, head[last]!.end);
}

/** A line above that the title began in: short, no sentence, no end of its own, no remains of a web page. */
const goesOn = (above: Line, title: Line) =>
  above.end + 1 === title.start &&
  above.text.length <= 40 &&
  /关于|人民政府|国务院|委员会|办公[厅室]/.test(above.text) &&
  !/[。:;|,]/.test(above.text) &&
  !TITLE_END.test(above.text) &&
  !above.text.startsWith('附件');

/** The organ that signed, and the day under it. The last such pair before an annex or the end. */
function signatureIn(view: View, lines: readonly Line[]): { issuer: string; on: string | null } | null {
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!;
    const day = line.text.length <= 40 ? dayIn(line.text) : null;
    const organ = lines[i - 1]!;
    if (day === null || organ.text.length > 40 || !ORGAN_END.test(organ.text) || /[、,。:]/.test(organ.text)) continue;
    return { issuer: wordsIn(view, organ.start, organ.end), on: day };
  }
  return null;
}

function dayIn(text: string): string | null {
  const point = pointAt(text, 0, null);
  return point && point.sort === 'day' && point.yearSaid && /^(?:印发|发布)?$/.test(text.slice(point.end)) ? point.last : null;
}
