import { setTimeout as wait } from 'node:timers/promises';

/** What takes seconds on a machine of one's own takes so long, at most, where others work too. */
export const PATIENCE_MS = 60_000;

/** Polls until it is true; fails after `withinMs`. */
export async function eventually<T>(
  look: () => T | false | undefined | null | Promise<T | false | undefined | null>,
  what = look.toString(),
  withinMs = PATIENCE_MS,
): Promise<T> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await wait(25)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`not within ${withinMs} ms: ${what}`);
}
