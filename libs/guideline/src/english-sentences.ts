import { dueDatesIn } from '@app/calendar/due-dates.js';
import type { UnitRole } from '@app/domain/task.js';
import { readNames } from './english-names.js';
import { withOthers } from './english.js';
import type { FoundList } from './found-list.js';
import { isLatin } from './read-line.js';
import { emptyReading, type Reading } from './reading.js';
import { lineOf, type View } from './text-view.js';

/** Lists that are English sentences: The Department of X shall lead this action, supported by Y, by 30 June 2026. */

const SPEAKS =
  /\b(?:collaboration with|partnership with|cooperation with|coordination with|together with|leads?|led|responsib(?:le|ility)|coordinated|implemented|delivered|carried out|undertaken|executed|spearheaded)\b/gi;
const LONGEST = 300;

const MODAL = '(?:will|shall|should|must|is to|are to)';
const WORK =
  '(?:action|measure|item|task|work|activit(?:y|ies)|initiative|implementation|delivery|recommendation|commitment|effort|process|project|program(?:me)?|objective|target|priority|intervention|output|step)s?';
/** Somebody does it: names, what they do, the work. */
const ACTIVE = new RegExp(
  `^((?:the )?[A-Z].{2,200}?),? (${MODAL}(?: jointly)? (?:lead|take the lead|coordinate|be responsible|be accountable|have (?:lead|overall|primary|joint) responsibility|be the lead agency|act as (?:the )?lead(?: agency)?)|(?:jointly )?leads?|take(?:s)? the lead|(?:is|are) (?:jointly )?responsible|ha(?:s|ve) (?:lead|overall|primary|joint) responsibility)(?= |[,.]|$)`,
  'i',
);
/** It is done by somebody. */
const PASSIVE = new RegExp(
  `^(.{0,120}?)(?:^| )(${MODAL} be |to be |is |are )?(?:jointly )?(led|coordinated|implemented|delivered|carried out|undertaken|executed|spearheaded) (?:jointly )?by `,
  'i',
);
const RESTS =
  /^(.{0,40}?)responsibility (?:for [^.]{3,80}? )?(?:rests|lies|sits|will rest|shall rest|is assigned|will lie) (?:jointly )?(?:with|to) /i;
const THIS_WORK = new RegExp(
  `^,?(?: ?(?:on|for|in|of|to))? ?(?:(?:the )?(?:delivery|implementation|execution|completion|coordination|roll-?out|development) of )?(?:(?:this|these|the|its|all|each)(?: above| following)? )?${WORK}(?=$|[ ,;.])|^(?: ?(?:on|for))? ?(?:this|it)?(?=$|[,;.])`,
  'i',
);

/** Somebody does something with others: names, with whom, what they will do. */
const WITH_OTHERS = new RegExp(
  `^((?:the )?[A-Z][^,]{2,80}), (?:in (?:close )?(?:collaboration|partnership|cooperation|coordination) with|together with) [^.]{2,200}?, ${MODAL} [a-z]`,
  'i',
);

export function listsInEnglishSentences(view: View, free: (start: number, end: number) => boolean): FoundList[] {
  const lists: FoundList[] = [];
  let done = 0;
  for (const { index } of view.text.matchAll(SPEAKS)) {
    if (index < done) continue;
    const [start, end] = sentenceAround(view.text, index);
    done = end;
    if (!free(start, end)) continue;
    const line = lineOf(view, start, end);
    const reading = isLatin(line.text) ? readSentence(line.text) : null;
    if (reading)
      lists.push({ start, end, line, reading, form: 'sentence', passage: null, path: null, title: null, notices: [], inherited: [] });
  }
  return lists;
}

/** The sentence around a place, over the line ends that a layout put into it. */
function sentenceAround(text: string, at: number): [number, number] {
  let start = at;
  while (start > 0 && at - start < LONGEST && !isEnd(text, start - 1)) start -= 1;
  let end = at;
  while (end < text.length && end - at < LONGEST && !isEnd(text, end)) end += 1;
  while (start < end && /[\s\d.)(•-]/.test(text.charAt(start))) start += 1;
  if (/^[a-z]\) /i.test(text.slice(start, start + 3))) start += 3;
  return [start, end];
}

function isEnd(text: string, at: number): boolean {
  const char = text.charAt(at);
  const next = text.charAt(at + 1);
  // A line that a layout broke is long, or goes on in small letters.
  if (char === '\n') return !/[a-z(]/.test(next) && at - text.lastIndexOf('\n', at - 1) < 60 && text.charAt(at - 1) !== ',';
  return (
    ';!?:'.includes(char) ||
    (char === '.' && /^\s?$/.test(next) && !/\b(?:Dept|Gov|No|St|Mr|Ms|Dr|[A-Z])$/.test(text.slice(Math.max(0, at - 5), at)))
  );
}

function readSentence(text: string): Reading | null {
  const active = ACTIVE.exec(text);
  if (active) {
    const [whole, names, verb] = active as unknown as [string, string, string];
    const rest = text.slice(whole.length);
    const clear = THIS_WORK.test(rest);
    const role = /responsible|accountable/.test(verb) ? 'responsible' : 'lead';
    return listOf(
      text,
      /^the /i.exec(names)?.[0].length ?? 0,
      names.length,
      role,
      whole.length,
      clear,
      new RegExp(`^${MODAL}|responsib`, 'i').test(verb),
    );
  }
  const joint = WITH_OTHERS.exec(text);
  if (joint) {
    const names = joint[1]!;
    return listOf(text, /^the /i.exec(names)?.[0].length ?? 0, names.length, 'lead', names.length, false, true, joint[0].lastIndexOf(', '));
  }
  const rests = RESTS.exec(text);
  if (rests)
    return listOf(text, rests[0].length, text.length, /lead/i.test(rests[1]!) ? 'lead' : 'responsible', rests[0].length, true, true);
  const passive = PASSIVE.exec(text);
  if (!passive) return null;
  const [whole, subject, modal, verb] = passive as unknown as [string, string, string | undefined, string];
  const role = /led|coordinated|spearheaded/i.test(verb) ? 'lead' : 'responsible';
  const clear =
    subject.trim() === '' ||
    (modal !== undefined && new RegExp(`^(?:(?:this|these|the|all|each) )?${WORK}$|^it$`, 'i').test(subject.trim()));
  return listOf(text, whole.length, text.length, role, whole.length, clear, /will|shall|must|to be/i.test(modal ?? ''));
}

/** The list, when all its names are names of bodies and the work is this one: said so (`clear`), or promised (`ahead`) with those who support it. */
function listOf(
  text: string,
  start: number,
  end: number,
  role: UnitRole,
  rest: number,
  clear: boolean,
  ahead: boolean,
  othersEnd = text.length,
): Reading | null {
  const reading = emptyReading();
  reading.due.push(...dueDatesIn(text).map((due) => ({ start: due.start, end: due.end, field: false })));
  const date = reading.due.find((due) => due.start > Math.max(start, 1))?.start ?? text.length;
  const others = withOthers(text, rest, Math.min(othersEnd, Math.max(rest, date)));
  const until = Math.min(end, date, others && others.from >= start ? others.from : text.length);
  const stop = text
    .slice(start, until)
    .search(/, (?:which|who|to|and will|in order|through|as)\b| (?:to|in order to|so that|through) [a-z]/);
  readNames(text, start, stop < 0 ? until : start + stop, role, true, reading);
  if (others) {
    // …, with full coverage by 2026: how it is done.
    const how = text.slice(others.behind, others.end).search(/, (?:with|to|in order to|so that|covering|including)\b/);
    readNames(text, others.behind, how < 0 ? others.end : others.behind + how, others.role, true, reading);
  }
  reading.verbs = 1;
  if (!(clear || (ahead && others))) return null;
  // «Led by local authorities, with support from the Housing Agency.»: such a sentence is nothing but a list.
  const begins = rest === start && /^(?:jointly )?(?:led|coordinated|implemented|delivered) /i.test(text);
  const { named, unread } = reading;
  if (named.length === 0 || unread.length > 0) return null;
  if (!named.every(({ kind }) => kind === 'firm' || kind === 'many')) return null;
  if (named[0]!.kind !== 'firm' && !(begins && named.some(({ kind }) => kind === 'firm'))) return null;
  if (!clear) reading.notices.push({ code: 'sentence.prose', details: {} });
  return reading;
}
