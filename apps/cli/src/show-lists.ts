import pc from 'picocolors';
import type { Language } from '@app/runtime/sentences.js';
import { say as sayCode } from '../../api/src/http/sentences.js';
import type { Words } from './words.js';

const ROLES = ['lead', 'responsible', 'guide', 'support'] as const;

/** A list as a person sees it, whether it was just read or is a draft. */
export type ShownList = Readonly<{
  path: readonly string[];
  title: string;
  span: readonly [number, number];
  units: readonly Readonly<{ name: string; role: (typeof ROLES)[number] }>[];
  dates: readonly string[];
  unsure: readonly Readonly<{ code: string; details: Readonly<Record<string, string>> }>[];
  mark?: string;
  place?: Readonly<{ page?: number; paragraph?: number; sheet?: string; row?: number }> | null;
}>;

const placeOf = ({ place }: ShownList, say: Words) =>
  Object.entries(place ?? {})
    .map(([kind, value]) => ` · ${say(`place.${kind as 'page'}`, { value })}`)
    .join('');

/** Prints lists in their order, the unsure ones last, and their sum. */
export function showLists(lists: readonly ShownList[], say: Words, language: Language): void {
  const sure = lists.filter(({ unsure }) => unsure.length === 0);
  const unsure = lists.filter((list) => list.unsure.length > 0);
  for (const list of [...sure, ...unsure]) {
    const mark = list.mark ? `${pc.green(list.mark)} ` : '';
    console.log(
      `\n${pc.dim(list.path.slice(0, -1).join(' / '))}\n${mark}${pc.bold(list.title)} ${pc.dim(`[${list.span.join('–')}${placeOf(list, say)}]`)}`,
    );
    for (const role of ROLES) {
      const names = list.units.filter((unit) => unit.role === role).map(({ name }) => name);
      if (names.length > 0) console.log(`  ${pc.cyan(say(`role.${role}`))} ${names.join('、')}`);
    }
    for (const date of list.dates) console.log(`  ${pc.magenta(date)}`);
    const reasons = list.unsure.map(({ code, details }) => sayCode(code, details, language)).join(' ');
    if (reasons) console.log(pc.yellow(`  ${say('read.unsure', { reasons })}`));
  }
  const units = new Set(lists.flatMap((list) => list.units.map(({ name }) => name)));
  console.log(
    `\n${lists.length === 0 ? say('read.none') : say('read.sum', { lists: lists.length, units: units.size, unsure: unsure.length })}`,
  );
}
