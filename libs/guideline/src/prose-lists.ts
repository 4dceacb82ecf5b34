import type { FoundList } from './found-list.js';
import { readLine } from './read-line.js';
import { joinLines, lineOf, type View } from './text-view.js';

/**
 * Sentences that say what somebody does together with others: 由A会同B研究提出方案 · A会同B于6月底前印发细则 · 由A牵头建立机制,B、C参加.
 * They name a lead and those who support, but might only tell; so what is read of them is never certain.
 */

/** What such a sentence sets somebody to do. To decide a single case (认定, 审批, 处罚) is everyday work and no task. */
const TASK = '研究|制定|提出|编制|起草|组织|抓好|做好|推进|推动|建立|完善|更新|遴选|修订|出台|开展|落实|负责|完成|办理|成立|印发';
const BY = '(?:于|在|力争)?(?:\\d{4}年|每年|每季度|\\d{1,2}月|今年|年底|年内)';
const OTHERS = '(?:等(?:有关|相关)?(?:部门|单位|方面)?)?';
/** Behind the names of those who support. */
const BEHIND = new RegExp(`${OTHERS},?(?:(${BY})|(${TASK}))`);
const TOGETHER = /(?:牵头)?,?(?:要|应|须)?(?:会同|联同)/;
const WITH_OBJECT = new RegExp(`牵头((?:${TASK})[^,;。]{2,30}),`);
const JOINS_IN = /(?:参加|参与|配合|协同)$/;

/** A会同B: those before it lead, those behind it support, where a task or a day follows. */
export function togetherIn(view: View, start: number, end: number): FoundList | null {
  const words = view.text.slice(start, end);
  const together = TOGETHER.exec(words);
  if (!together) return null;
  const opened = Math.max(words.lastIndexOf(',', together.index - 1), -1) + 1;
  const said = words.charAt(opened) === '由' ? 1 : 0;
  const from = together.index + together[0].length;
  const behind = BEHIND.exec(words.slice(from));
  if (!behind || behind.index < 2 || (behind[1] === undefined && said === 0)) return null;
  const to = from + behind.index;
  const rest = to + behind[0].length - (behind[1] ?? behind[2]!).length;
  return listOf(view, start, [
    [opened + said, together.index, '牵头,'],
    [from, rest, '配合,'],
    [rest, words.length, ''],
  ]);
}

/** 由A牵头建立机制,B、C等参加 */
export function withObjectIn(view: View, start: number, end: number): FoundList | null {
  const words = view.text.slice(start, end);
  const object = WITH_OBJECT.exec(words);
  if (!object || !JOINS_IN.test(words)) return null;
  const opened = words.lastIndexOf(',', object.index) + 1;
  if (words.charAt(opened) !== '由') return null;
  const from = object.index + object[0].length;
  return listOf(view, start, [
    [opened + 1, object.index, '牵头,'],
    [from, words.length, ','],
  ]);
}

/** The list of those parts of a sentence; the last one, where there are three, says when. */
function listOf(view: View, start: number, parts: readonly [from: number, to: number, mark: string][]): FoundList | null {
  const { line, starts } = joinLines(
    view.source,
    parts.map(([from, to, mark]) => ({ line: lineOf(view, start + from, start + to), mark })),
  );
  const reading = readLine({ ...line, text: line.text.slice(0, starts[2] ?? line.text.length) });
  const { named, unread } = reading;
  const firm = (role: string) => named.some((name) => name.role === role && name.kind === 'firm');
  if (unread.length > 0 || named.some(({ kind }) => kind === null) || !firm('lead') || !firm('support')) return null;
  if (starts[2] !== undefined) reading.due.push({ start: starts[2], end: line.text.length, field: false });
  reading.notices.push({ code: 'sentence.prose', details: {} });
  const [from, to] = [start + parts[0]![0], start + parts.at(-1)![1]];
  return { start: from, end: to, line, reading, form: 'sentence', passage: null, path: null, title: null, notices: [], inherited: [] };
}
