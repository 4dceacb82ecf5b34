import { basename } from 'node:path';
import type { Language } from '@app/runtime/sentences.js';
import { fileOf } from './file.js';
import type { ExitCode } from './exit-code.js';
import { Said } from './client.js';
import { type Guideline, showGuideline } from './show-guideline.js';
import { showNotes } from './show-lists.js';
import { type Door, signedIn } from './signed-in.js';
import type { Words } from './words.js';

type Imported = { id: string; position: string };

/** Imports a document into a running product; with `next`, as the next version of that guideline. */
export const importFile =
  (say: Words, language: Language) =>
  async (name: string, { next, ...door }: Door & { next?: string }): Promise<ExitCode> => {
    const bytes = await fileOf(name, say);
    if (!bytes) return 1;
    return signedIn(door, say, language, async (client) => {
      const path = next ? `/guidelines/${encodeURIComponent(next)}/versions` : '/guidelines';
      const { id, position } = await client
        .send<Imported>('POST', `${path}?name=${encodeURIComponent(basename(name))}`, bytes)
        .catch((error: unknown) => Promise.reject(explained(error, name, say)));
      const guideline = await client.get<Guideline>(`/guidelines/${id}`, position);
      if (next) showGuideline(guideline, say, language);
      else showNotes(guideline.source.notes, say, language);
      if (guideline.drafts.length === 0) console.log(say('read.none'));
      console.log(say('import.done', { title: guideline.title, lists: guideline.drafts.length, unsure: guideline.unsure, id }));
    });
  };

/** Names the file that cannot be read; of a document that was imported before, says how to look at it. */
function explained(error: unknown, file: string, say: Words): unknown {
  if (!(error instanceof Said)) return error;
  const { status, code, message, body } = error;
  const title = (words: string) => new Said(status, code, { ...body, title: words });
  if (code.startsWith('file.')) return title(say('file.unreadable', { file, reason: message }));
  return code === 'guideline.imported-before' ? title(`${message} ${say('import.before', { id: String(body['guidelineId']) })}`) : error;
}
