import { setTimeout as wait } from 'node:timers/promises';

/** Polls until it is true; fails after `withinMs`. */
export async function eventually<T>(look: () => Promise<T | false | undefined | null>, what: string, withinMs = 15_000): Promise<T> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await wait(25)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`not within ${withinMs} ms: ${what}`);
}
