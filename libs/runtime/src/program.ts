import { type Configuration, readConfiguration } from './configuration.js';
import { languageOf, sentence } from './sentences.js';
import { endSoon, stopSignal } from './stopping.js';
import { Unstartable, whyOf } from './unstartable.js';

/** What one half of the product runs on: a database is never started for it. */
export type Apart = Configuration & Readonly<{ databaseUrl: string }>;

/**
 * Runs one half of the product as a process of its own until it is told to stop: reads its settings, says in a sentence why it cannot start,
 * and drains within ten seconds. `start` answers once everything runs.
 */
export async function runApart(
  name: 'api' | 'worker',
  start: (configuration: Apart) => Promise<{ close(): Promise<unknown> }>,
): Promise<void> {
  const language = languageOf(process.env);
  const fail = (error: unknown) => {
    const { code, says } = whyOf(error, language);
    console.error(says);
    process.exit(code);
  };
  // Nothing is left in between: whatever was answered is stored, and whoever watches over the process starts it again.
  process.on('uncaughtException', fail);
  try {
    const [word] = process.argv.slice(2);
    if (word === '--help' || word === '-h') return console.log(sentence(`help.${name}`, {}, language));
    if (word !== undefined) throw new Unstartable('start.unknown-word', { name, word });
    const { databaseUrl, ...others } = readConfiguration();
    if (databaseUrl === null) throw new Unstartable('start.no-database', { name });
    const stopped = stopSignal(language);
    void stopped.then(() => endSoon(language));
    const running = await start({ ...others, databaseUrl });
    await stopped;
    await running.close();
    // Connections that a client library is still making keep a process alive although nothing needs them any more.
    process.exit(0);
  } catch (error) {
    fail(error);
  }
}
