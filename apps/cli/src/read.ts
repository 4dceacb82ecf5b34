import pc from 'picocolors';
import { extractText } from '@app/documents/extract.js';
import { placeAt } from '@app/documents/places.js';
import type { Place } from '@app/documents/text-writer.js';
import { Unreadable } from '@app/documents/unreadable.js';
import { readGuideline, type ReadGuideline } from '@app/guideline/read.js';
import { toScoreJson } from '@app/guideline/to-score.js';
import type { Language } from '@app/runtime/sentences.js';
import { say as sayCode } from '../../api/src/http/sentences.js';
import { fileOf } from './file.js';
import type { ExitCode } from './exit-code.js';
import { showLists } from './show-lists.js';
import type { Words } from './words.js';

/** Reads the lists out of a document and keeps nothing; the unsure ones come last. */
export const read =
  (say: Words, language: Language) =>
  async (name: string, { json }: { json: boolean }): Promise<ExitCode> => {
    const bytes = await fileOf(name, say);
    if (!bytes) return 1;
    try {
      const { text, places, notes } = await extractText({ name, bytes });
      const document = readGuideline(text);
      if (json) console.log(JSON.stringify(toScoreJson(document)));
      else show(document, places, notes, say, language);
      return document.lists.length > 0 || json ? 0 : 1;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      console.error(say('file.unreadable', { file: name, reason: sayCode(error.code, {}, language) }));
      return 1;
    }
  };

function show(
  { title, number, lists }: ReadGuideline,
  places: readonly Place[],
  notes: readonly string[],
  say: Words,
  language: Language,
): void {
  console.log(pc.bold([title, number].filter(Boolean).join(' · ')));
  const dates = (list: ReadGuideline['lists'][number]) =>
    list.deadlines.map(({ text, dueOn, recurrence }) => [text, dueOn ?? recurrence].filter(Boolean).join(' → '));
  showLists(
    lists.map((list) => ({ ...list, dates: dates(list), place: placeAt(places, list.span[0]) })),
    say,
    language,
  );
  for (const note of notes) console.log(pc.yellow(say('read.note', { note: sayCode(note, {}, language) })));
}
