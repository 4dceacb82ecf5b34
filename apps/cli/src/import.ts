import { basename } from 'node:path';
import type { Language } from '@app/runtime/sentences.js';
import { fileOf } from './file.js';
import type { ExitCode } from './exit-code.js';
import { type Guideline, showGuideline } from './review.js';
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
      const { id, position } = await client.send<Imported>('POST', `${path}?name=${encodeURIComponent(basename(name))}`, bytes);
      const guideline = await client.get<Guideline>(`/guidelines/${id}`, position);
      if (next) showGuideline(guideline, say, language);
      console.log(say('import.done', { title: guideline.title, lists: guideline.drafts.length, unsure: guideline.unsure, id }));
    });
  };
