import type { FoundList } from './found-list.js';
import { togetherIn, withObjectIn } from './prose-lists.js';
import { readLine } from './read-line.js';
import type { Reading } from './reading.js';
import { lineOf, type View } from './text-view.js';
import type { Kind } from './unit-names.js';

/** A clause that ends in what units do, or that begins with a label: 牵头单位是省科技厅. */
const SAYS_WHO =
  /(?:牵头|负责|负责推进|负责推动|配合|参与|参加|协助|协办|协作|主办|落实|实施|指导|分工)(?:[,、]|$)|会同|联同|(?:牵头|责任|配合|主办|协办)(?:单位|部门)(?:为|是|有)/;
const LONGEST = 300;
/** What is told about others is no list of this document; nor is who holds an event (主办, 承办). */
const TELLS = /明确提出|获悉|透露|介绍|报道|据(?:了解|悉|介绍)/;
/** Who explains a document does nothing that it asks for. */
const EXPLAINS = /解释(?:工作)?$/;
/** 司长会督导相关局: a verb stands in what looks like a name. */
const WILL_DO = /[长局厅委部署](?:会|将|须|应)(?:督导|监督|监察|定期|检视|推动|协助|继续|统筹|负责|要求|带领)/;
const EVENT = /主办[,、;].*承办/;

/**
 * Lists that are sentences, or the end of one: 由省科技厅牵头,省财政厅、省教育厅配合。 Only a sentence of which nothing is left over counts:
 * 省发展改革委负责解释 and 各市政府负责编制方案 say what somebody does, not who answers for the passage.
 */
export function listsInSentences(view: View, free: (start: number, end: number) => boolean): FoundList[] {
  const { text } = view;
  const lists: FoundList[] = [];
  let [start, depth] = [0, 0];
  for (let at = 0; at <= text.length; at++) {
    const char = text.charAt(at);
    if (char === '(') depth += 1;
    // 各村(社区) is a name; a bracket that was opened before holds the sentence.
    if (char === ')' && depth > 0) {
      depth -= 1;
      continue;
    }
    if (at < text.length && !'。;!?\n)'.includes(char)) continue;
    depth = 0;
    if (at - start >= 6 && at - start <= LONGEST && SAYS_WHO.test(text.slice(start, at)) && free(start, at)) {
      const list =
        withObjectIn(view, start, at) ?? listIn(view, start, at) ?? listBeforeTheRest(view, start, at) ?? togetherIn(view, start, at);
      if (list) lists.push(list);
    }
    start = at + 1;
  }
  return lists;
}

/** 由民政部牵头,商务部参加,指导各地建立网络: who leads and who takes part is said, the rest of the sentence is what they do. */
function listBeforeTheRest(view: View, start: number, end: number): FoundList | null {
  const { text } = view;
  if (!/[由请]/.test(text.slice(start, end))) return null;
  for (let at = text.lastIndexOf(',', end), tries = 0; at > start && tries < 6; at = text.lastIndexOf(',', at - 1), tries++) {
    if (!/牵头.*(?:(?:配合|参加|参与|协助|协办|支持)$|(?:会同|联同)[^,]+$)/.test(text.slice(start, at))) continue;
    const list = listIn(view, start, at);
    if (list && list.reading.named.some(({ role }) => role === 'lead') && /[由请]/.test(text.slice(list.start - 1, list.start + 1)))
      return list;
  }
  return null;
}

function listIn(view: View, start: number, end: number): FoundList | null {
  for (const from of beginnings(view.text, start, end)) {
    const line = lineOf(view, from, end);
    const reading = readLine(line);
    const { named, verbs, unread, labels } = reading;
    if (verbs + labels.length === 0 || unread.length > 0 || named.length === 0) continue;
    if (!mayName(view.text, start, from, reading, line.text)) continue;
    // «共同抓好落实,重大事项及时报告国务院»: words behind the last verb are the sentence's own.
    if (reading.notices.some(({ code }) => code === 'role.unsaid')) continue;
    if (EXPLAINS.test(line.text)) return null;
    if (TELLS.test(view.text.slice(start, from)) || EVENT.test(line.text)) return null;
    const clause = from - start > 1 && named.every(({ kind }) => kind === 'many');
    if (clause) reading.notices.push({ code: 'sentence.prose', details: {} });
    return { start: from, end, line, reading, form: 'sentence', passage: null, path: null, title: null, notices: [], inherited: [] };
  }
  return null;
}

/**
 * Whether names like these make a list of a sentence: one at least is surely a unit. Loose ones may stand where somebody leads and somebody
 * supports; one name that may be a unit, or a collective behind 由, where it is all that the sentence says.
 */
function mayName(text: string, start: number, from: number, { named }: Reading, words: string): boolean {
  if (named.some((name) => WILL_DO.test(words.slice(name.start, name.end)))) return false;
  if (!named.every(({ kind }) => kind !== null)) return false;
  const count = (kind: Kind) => named.filter((name) => name.kind === kind).length;
  const [firm, loose] = [count('firm'), count('loose')];
  if (firm === 0) {
    const collective = loose === 0 && text.charAt(from - 1) === '由' && (from - start === 1 || text.charAt(from - 2) === ',');
    return collective || (from === start && named.length === 1 && loose === 1 && /^[省市县区镇乡村]/.test(words) && words.length < 20);
  }
  const paired = named.some(({ role }) => role === 'lead') && named.some(({ role }) => role === 'support');
  return loose === 0 || (paired && loose <= firm + 1);
}

/** Where the list may begin: with the sentence, behind 由 or 请, behind a comma. */
function beginnings(text: string, start: number, end: number): number[] {
  const places = [start];
  for (let at = start; at < end && places.length < 12; at++) {
    const char = text.charAt(at);
    if (char === '由' || char === '请' || char === ',') places.push(at + 1);
  }
  return places;
}
