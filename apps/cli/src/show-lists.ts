import pc from 'picocolors';
import { datesToCheck, type Deadline, type Due, isAsRead, type Quotation, type Remark } from '@app/domain/due.js';
import type { Language } from '@app/runtime/sentences.js';
import { say as sayCode } from '../../api/src/http/sentences.js';
import type { Words } from './words.js';

const ROLES = ['lead', 'responsible', 'guide', 'support'] as const;

type Place = Readonly<{ page?: number; paragraph?: number; sheet?: string; row?: number }> | null;

/** A list as a person sees it, whether it was just read or is a draft. */
export type ShownList = Readonly<{
  path: readonly string[];
  title: string;
  span: readonly [number, number];
  units: readonly Readonly<{ name: string; role: (typeof ROLES)[number] }>[];
  rules: readonly (Quotation & { place?: Place })[];
  due: Due;
  deadlines: readonly Deadline[];
  unsure: readonly Remark[];
  mark?: string;
  place?: Place;
}>;

/** The last heading with its number, and what it is about where that is not its words. */
function headingOf({ path, title }: ShownList): string {
  const heading = path.at(-1) ?? '';
  return heading.endsWith(title) ? heading : [heading, title].filter(Boolean).join(heading.length > 6 ? ' · ' : ' ');
}

/** Prints lists in their order, the unsure ones last, and their sum. */
export function showLists(lists: readonly ShownList[], say: Words, language: Language): void {
  const sentence = ({ code, details }: Remark) => sayCode(code, details, language);
  const where = ({ span, place }: { span: readonly [number, number]; place?: Place }) => {
    const parts = Object.entries(place ?? {}).map(([kind, value]) => ` · ${say(`place.${kind as 'page'}`, { value })}`);
    return pc.dim(`[${span.join('–')}${parts.join('')}]`);
  };
  const sure = lists.filter(({ unsure }) => unsure.length === 0);
  const unsure = lists.filter((list) => list.unsure.length > 0);
  for (const list of [...sure, ...unsure]) {
    if (list === unsure[0]) console.log(`\n${pc.yellow(pc.bold(say('read.unsure-from', { unsure: unsure.length })))}`);
    const mark = list.mark ? `${pc.green(list.mark)} ` : '';
    const above = list.path.slice(0, -1).join(' / ');
    // A mark is the number to call the list by: one number is enough.
    const name = list.mark ? list.title : headingOf(list);
    console.log(`${above ? `\n${pc.dim(above)}` : ''}\n${mark}${pc.bold(name)} ${where(list)}`);
    for (const role of ROLES) {
      const names = list.units.filter((unit) => unit.role === role).map(({ name }) => name);
      if (names.length > 0) console.log(`  ${pc.cyan(say(`role.${role}`))} ${names.join('、')}`);
    }
    for (const rule of list.rules) console.log(`  ${say('read.rule', { rule: rule.text })} ${where(rule)}`);
    for (const line of dateLines(list, sentence, say)) console.log(`  ${line}`);
    const reasons = list.unsure.map(sentence).join(' ');
    if (reasons) console.log(pc.yellow(`  ${say('read.unsure', { reasons })}`));
  }
  const units = new Set(lists.flatMap((list) => list.units.map(({ name }) => name)));
  const toCheck = lists.filter((list) => datesToCheck(list).length > 0).length;
  const sum = say('read.sum', { lists: lists.length, units: units.size, unsure: unsure.length });
  console.log(`\n${lists.length === 0 ? say('read.none') : sum}${toCheck > 0 ? say('read.sum-dates', { dates: toCheck }) : ''}`);
}

/** Everything that is said about when, each with its day or what there is to say about it, then what was taken where that does not show by itself. */
function dateLines(list: ShownList, sentence: (remark: Remark) => string, say: Words): string[] {
  const { due, deadlines } = list;
  const asked = new Set(datesToCheck(list).map(({ details }) => details['words']));
  const lines = deadlines.map(({ text, dueOn, recurrence, flag, base }) => {
    const remark = flag && sentence({ code: flag, details: { words: text, base: base ?? text } });
    const gives = [...new Set([text, dueOn ?? recurrence ?? text])].join(' → ');
    return `${pc.magenta(gives)}${remark ? ` ${asked.has(text) ? pc.yellow(remark) : pc.dim(remark)}` : ''}`;
  });
  const taken = [due.dueOn, due.recurrence].filter(Boolean).join(' · ');
  if (deadlines.length === 1 && isAsRead(list)) return lines;
  if (taken) return [...lines, say('read.due', { due: taken })];
  return deadlines.length > 0 ? [...lines, say('read.due', { due: say('read.no-due') })] : [];
}

/** What is to be known about how a file was read. */
export function showNotes(notes: readonly string[], say: Words, language: Language): void {
  for (const note of notes) console.log(pc.yellow(say('read.note', { note: sayCode(note, {}, language) })));
}
