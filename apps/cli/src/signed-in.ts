import type { Language } from '@app/runtime/sentences.js';
import { Client, Said } from './client.js';
import type { ExitCode } from './exit-code.js';
import type { Words } from './words.js';

export type Door = Readonly<{ url: string; login?: string }>;

/** Does something in a running product, as whoever the token or the password says; a refusal is said, and answered with 1. */
export async function signedIn(
  { url, login }: Door,
  say: Words,
  language: Language,
  act: (client: Client) => Promise<void>,
): Promise<ExitCode> {
  const { DUBAN_TOKEN: token, DUBAN_PASSWORD: password } = process.env;
  if (!token && !(login && password)) {
    console.error(say('door.needs-login'));
    return 2;
  }
  const client = new Client(url, language, token);
  try {
    if (!token) await client.post('/session', { login, password });
    await act(client);
    return 0;
  } catch (error) {
    if (error instanceof Said) console.error(say('door.refused', { title: error.message }));
    else if (error instanceof TypeError) console.error(say('door.unreachable', { url }));
    else throw error;
    return 1;
  }
}
