import pc from 'picocolors';
import { decodeText, Unreadable } from '@app/guideline/decode.js';
import { readGuideline, type ReadList } from '@app/guideline/read.js';
import { toScoreJson } from '@app/guideline/to-score.js';
import type { Language } from '@app/runtime/sentences.js';
import { say as sayCode } from '../../api/src/http/sentences.js';
import { fileOf } from './file.js';
import type { ExitCode } from './main.js';
import type { Words } from './words.js';

const ROLES = ['lead', 'responsible', 'guide', 'support'] as const;

/** Reads the lists out of a document and keeps nothing; the unsure ones come last. */
export const read =
  (say: Words, language: Language) =>
  async (name: string, { json }: { json: boolean }): Promise<ExitCode> => {
    const bytes = await fileOf(name, say);
    if (!bytes) return 1;
    try {
      const document = readGuideline(decodeText(bytes).text);
      if (json) console.log(JSON.stringify(toScoreJson(document)));
      else show(document.title, document.number, document.lists, say, language);
      return document.lists.length > 0 || json ? 0 : 1;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      console.error(say('file.unreadable', { file: name, reason: sayCode(error.code, {}, language) }));
      return 1;
    }
  };

function show(title: string | null, number: string | null, lists: readonly ReadList[], say: Words, language: Language): void {
  console.log(pc.bold([title, number].filter(Boolean).join(' · ')));
  const sure = lists.filter(({ unsure }) => unsure.length === 0);
  const unsure = lists.filter((list) => list.unsure.length > 0);
  for (const list of [...sure, ...unsure]) {
    console.log(`\n${pc.dim(list.path.slice(0, -1).join(' / '))}\n${pc.bold(list.title)} ${pc.dim(`[${list.span.join('–')}]`)}`);
    for (const role of ROLES) {
      const names = list.units.filter((unit) => unit.role === role).map((unit) => unit.name);
      if (names.length > 0) console.log(`  ${pc.cyan(say(`role.${role}`))} ${names.join('、')}`);
    }
    for (const { text, dueOn, recurrence } of list.deadlines) console.log(`  ${pc.magenta(text)} ${dueOn ?? recurrence ?? ''}`);
    const reasons = list.unsure.map(({ code, details }) => sayCode(code, details, language)).join(' ');
    if (reasons) console.log(pc.yellow(`  ${say('read.unsure', { reasons })}`));
  }
  const units = new Set(lists.flatMap((list) => list.units.map((unit) => unit.name)));
  console.log(
    `\n${lists.length === 0 ? say('read.none') : say('read.sum', { lists: lists.length, units: units.size, unsure: unsure.length })}`,
  );
}
