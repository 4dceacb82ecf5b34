import { dueDatesIn } from '@app/calendar/due-dates.js';
import type { UnitRole } from '@app/domain/task.js';
import { englishLabelIn } from './english-labels.js';
import { cut, HEAD, readNames } from './english-names.js';
import { emptyReading, type Reading } from './reading.js';

/** The list grammar of English action plans: Lead: A; Supporting: B, C; Timeline: Q4 2025 · A, with direction from B, and C. */

const WITH =
  /(?:^|, ?| \(?)(?:(?:with|under)(?: the)?(?: strategic| technical| overall| active)? (direction|guidance|oversight|supervision|support|assistance|input|participation|help|contributions?|advice)(?: from| of| by)|(supported by|assisted by|with support from|in (?:close )?(?:collaboration|partnership|consultation|coordination|co-ordination|cooperation|co-operation|conjunction|association) with|together with|working with|overseen by|guided by)) /i;
const GUIDING = /direction|guidance|oversight|supervision|overseen|guided|advice/i;

/** Reads one line: labels with what follows them, separated by semicolons, full stops or commas. `given` is a label that stands outside. */
export function readEnglish(text: string, given: UnitRole | null = null): Reading {
  const reading = emptyReading();
  for (const { start, end, role, plural } of fieldsOf(text, given)) {
    if (role !== given || start > 0) reading.labels.push(role ?? 'other');
    if (role === 'due') reading.due.push({ start, end, field: true });
    else if (role !== 'other') readField(text, start, end, role, plural, reading);
  }
  return reading;
}

type Field = { start: number; end: number; role: UnitRole | 'due' | 'other'; plural: boolean };

function fieldsOf(text: string, given: UnitRole | null): Field[] {
  const fields: Field[] = [];
  let field: Field | null = given ? { start: 0, end: 0, role: given, plural: true } : null;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    const label = englishLabelIn(text.slice(Math.max(field?.start ?? 0, at - 48), at), text.slice(at + 1, at + 80));
    if (!label) continue;
    if (field) fields.push({ ...field, end: at - label.length });
    field = { start: at + 1, end: 0, role: label.role, plural: /(?:s|s\))$/.test(text.slice(at - 2, at)) };
  }
  if (field) fields.push({ ...field, end: text.length });
  return fields;
}

function readField(text: string, start: number, end: number, role: UnitRole, plural: boolean, reading: Reading) {
  const several = plural || /;(?=\s*\S)/.test(text.slice(start, end));
  for (const [from, until] of cut(text, start, end, ';')) {
    if (isTime(text.slice(from, until))) {
      reading.due.push({ start: from, end: until, field: true });
      continue;
    }
    const to = timeBehind(text, from, until);
    if (to < until) reading.due.push({ start: to, end: until, field: true });
    const others = withOthers(text, from, to);
    readNames(text, from, others?.from ?? to, role, several, reading);
    if (!others) continue;
    reading.verbs += 1;
    readNames(text, others.behind, others.end, others.role, true, reading);
    if (others.back !== null) readNames(text, others.back, to, role, plural, reading);
  }
}

type Others = { from: number; behind: number; end: number; role: UnitRole; back: number | null };

/** Those with whose support or direction it is done. «A, with direction from B, and C»: C is on a line with A again. */
export function withOthers(text: string, start: number, end: number): Others | null {
  const found = WITH.exec(text.slice(start, end));
  if (!found) return null;
  const from = start + found.index;
  const behind = from + found[0].length;
  const back = /, and /.exec(text.slice(behind, end));
  const role = GUIDING.test(found[0]) ? 'guide' : 'support';
  return back
    ? { from, behind, end: behind + back.index, role, back: behind + back.index + back[0].length }
    : { from, behind, end, role, back: null };
}

const isTime = (words: string) => words.length < 60 && dueDatesIn(words.trim(), { field: true }).length > 0 && !HEAD.test(words);

/** Where the time begins that a comma parts from the names: Ministry of Health, by 30 June 2026. */
function timeBehind(text: string, start: number, end: number): number {
  const comma = text.lastIndexOf(',', end - 1);
  return comma > start && isTime(text.slice(comma + 1, end)) ? comma : end;
}
