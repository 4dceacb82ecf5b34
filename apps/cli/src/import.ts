import { basename } from 'node:path';
import type { Language } from '@app/runtime/sentences.js';
import { Client, Said } from './client.js';
import { fileOf } from './file.js';
import type { ExitCode } from './main.js';
import type { Words } from './words.js';

type Imported = { id: string; position: string };
type Guideline = { title: string; drafts: unknown[]; unsure: number };

/** Imports a document into a running product, as whoever signs in. */
export const importFile =
  (say: Words, language: Language) =>
  async (name: string, { url, login }: { url: string; login?: string }): Promise<ExitCode> => {
    const bytes = await fileOf(name, say);
    if (!bytes) return 1;
    const { DUBAN_TOKEN: token, DUBAN_PASSWORD: password } = process.env;
    if (!token && !(login && password)) {
      console.error(say('import.needs-login'));
      return 2;
    }
    const client = new Client(url, language, token);
    try {
      if (!token) await client.post('/session', { login, password });
      const { id, position } = await client.send<Imported>('POST', `/guidelines?name=${encodeURIComponent(basename(name))}`, bytes);
      const { title, drafts, unsure } = await client.get<Guideline>(`/guidelines/${id}`, position);
      console.log(say('import.done', { title, lists: drafts.length, unsure, url: `${url}/api/guidelines/${id}` }));
      return 0;
    } catch (error) {
      if (error instanceof Said) console.error(say('import.refused', { title: error.message }));
      else if (error instanceof TypeError) console.error(say('import.unreachable', { url }));
      else throw error;
      return 1;
    }
  };
