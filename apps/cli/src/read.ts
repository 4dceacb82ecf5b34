import pc from 'picocolors';
import { extractText } from '@app/documents/extract.js';
import { dueOf } from '@app/domain/due.js';
import { placeAt, withPlaces } from '@app/documents/places.js';
import type { Place } from '@app/documents/text-writer.js';
import { Unreadable } from '@app/documents/unreadable.js';
import type { ReadGuideline } from '@app/guideline/read.js';
import { readInChild } from '@app/guideline/read-in-child.js';
import { toScoreJson } from '@app/guideline/to-score.js';
import type { Language } from '@app/runtime/sentences.js';
import { say as sayCode } from '../../api/src/http/sentences.js';
import { fileOf } from './file.js';
import type { ExitCode } from './exit-code.js';
import { showLists, showNotes } from './show-lists.js';
import type { Words } from './words.js';

/** Reads the lists out of a document and keeps nothing; the unsure ones come last. */
export const read =
  (say: Words, language: Language) =>
  async (name: string, { json }: { json: boolean }): Promise<ExitCode> => {
    const bytes = await fileOf(name, say);
    if (!bytes) return 1;
    try {
      const { text, places, notes } = await extractText({ name, bytes });
      const document = await readInChild(text);
      if (json) console.log(JSON.stringify(toScoreJson(document)));
      else show({ ...document, title: document.title ?? name }, places, notes, say, language);
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
  if (title ?? number) console.log(pc.bold([title, number].filter(Boolean).join(' · ')));
  showLists(
    lists.map((list) => ({
      ...list,
      rules: withPlaces(list.rules, places),
      due: dueOf(list.deadlines),
      place: placeAt(places, list.span[0]),
    })),
    say,
    language,
  );
  showNotes(notes, say, language);
}
