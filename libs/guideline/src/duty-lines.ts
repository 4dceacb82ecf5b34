import { trimmed } from './clauses.js';
import type { FoundList } from './found-list.js';
import { pathsFor, type Section } from './outline.js';
import { readLine } from './read-line.js';
import type { Reading } from './reading.js';
import { endOfLine, lineOf, type View } from './text-view.js';

/**
 * Lines that begin with who does it: 市财政局:负责保障资金. Under 职责分工 they say who answers for what; anywhere else they might only tell,
 * so that they are never certain there.
 */

/** The headings under which each line is somebody's duty. */
const DUTIES = /(?:职责|任务|责任|部门|单位)分工$/;
const LINE =
  /^(?:\(?[\d一二三四五六七八九十]{1,3}[、.)] ?)?([^\n:。;!?]{2,120}):(?=\n?(负责|牵头|承担|落实|组织|做好|统筹|制定|配合|协助))/;
/** Bodies that the document itself sets up: what they do may be only how it is run. */
const OWN_BODY = /(?:小组|专班|指挥部|工作组|组)(?:办公室)?$|^办公室$|^.{0,2}$/;

export function listsInDutyLines(view: View, sections: readonly Section[], free: (start: number, end: number) => boolean): FoundList[] {
  const lines = dutyLines(view, free);
  const paths = pathsFor(
    sections,
    lines.map(({ start }) => start),
  );
  return lines.flatMap(({ start, from, colon, end, verb }, i) => {
    const under = paths[i]!.some(({ title }) => DUTIES.test(title));
    const line = lineOf(view, from, colon);
    const reading = readLine(line);
    if (!isWho(reading, line.text, under) || (!under && verb !== '负责')) return [];
    const role = verb === '牵头' ? 'lead' : verb === '配合' || verb === '协助' ? 'support' : 'responsible';
    reading.named = reading.named.map((name) => ({ ...name, role: name.marked ?? role }));
    if (!under || role !== 'responsible' || hasOwnBody(reading, line.text)) reading.notices.push({ code: 'sentence.prose', details: {} });
    const passage: FoundList['passage'] = [colon + 1, end];
    return [{ start, end, line, reading, form: 'sentence', passage, path: null, title: null, notices: [], inherited: [] }];
  });
}

type DutyLine = { start: number; from: number; colon: number; end: number; verb: string };

function dutyLines({ text }: View, free: (start: number, end: number) => boolean): DutyLine[] {
  const lines: DutyLine[] = [];
  for (let start = 0; start < text.length;) {
    let end = endOfLine(text, start);
    const found = LINE.exec(text.slice(start, Math.min(end + 4, start + 140)));
    const colon = found ? start + found[0].length - 1 : end;
    // What they do may begin on the next line.
    if (colon === end - 1) end = endOfLine(text, end + 1);
    if (found && free(start, end)) {
      lines.push({ start, from: colon - found[1]!.length, colon, end: trimmed(text, colon, end)[1], verb: found[2]! });
    }
    start = end + 1;
  }
  return lines;
}

/** Whether these words are names of units and nothing else. */
function isWho({ named, unread, labels, verbs, due }: Reading, words: string, under: boolean): boolean {
  if (named.length === 0 || unread.length + labels.length + verbs + due.length > 0) return false;
  if (!named.every(({ kind }) => kind === 'firm' || kind === 'many')) return false;
  return under || (named.every(({ kind }) => kind === 'firm') && !hasOwnBody({ named }, words));
}

const hasOwnBody = ({ named }: Pick<Reading, 'named'>, words: string): boolean =>
  named.some(({ start, end }) => OWN_BODY.test(words.slice(start, end)));
