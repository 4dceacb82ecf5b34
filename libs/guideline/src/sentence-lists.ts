import type { FoundList } from './found-list.js';
import { readLine } from './read-line.js';
import { lineOf, type View } from './text-view.js';

/** A clause that ends in what units do, or that begins with a label: 牵头单位是省科技厅. */
const SAYS_WHO =
  /(?:牵头|负责|配合|参与|协助|协办|主办|落实|实施|指导|分工)(?:[,、]|$)|(?:牵头|责任|配合|主办|协办)(?:单位|部门)(?:为|是|有)/;
const LONGEST = 300;

/**
 * Lists that are sentences, or the end of one: 由省科技厅牵头,省财政厅、省教育厅配合。 Only a sentence of which nothing is left over counts:
 * 省发展改革委负责解释 and 各市政府负责编制方案 say what somebody does, not who answers for the passage.
 */
export function listsInSentences(view: View, free: (start: number, end: number) => boolean): FoundList[] {
  const { text } = view;
  const lists: FoundList[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const char = text.charAt(at);
    if (at < text.length && !'。;!?\n)'.includes(char)) continue;
    if (at - start >= 6 && at - start <= LONGEST && SAYS_WHO.test(text.slice(start, at)) && free(start, at)) {
      const list = listEndingAt(view, start, at);
      if (list) lists.push(list);
    }
    start = at + 1;
  }
  return lists;
}

function listEndingAt(view: View, start: number, end: number): FoundList | null {
  for (const from of beginnings(view.text, start, end)) {
    const line = lineOf(view, from, end);
    const reading = readLine(line);
    const { named, verbs, unread, labels } = reading;
    if (verbs + labels.length === 0 || unread.length > 0 || named.length === 0) continue;
    if (!named.every(({ kind }) => kind === 'firm' || kind === 'many') || !named.some(({ kind }) => kind === 'firm')) continue;
    // «共同抓好落实,重大事项及时报告国务院»: words behind the last verb are the sentence's own.
    if (reading.notices.some(({ code }) => code === 'role.unsaid')) continue;
    return { start: from, end, line, reading, form: 'sentence', passage: null, path: null, title: null, notices: [], inherited: [] };
  }
  return null;
}

/** Where the list may begin: with the sentence, behind 由, behind a comma. */
function beginnings(text: string, start: number, end: number): number[] {
  const places = [start];
  for (let at = start; at < end && places.length < 12; at++) {
    const char = text.charAt(at);
    if (char === '由' || char === ',') places.push(at + 1);
  }
  return places;
}
