import type { UnreadableCode } from './unreadable.js';

/** The first line that a child says; a text follows when there is one. `detail` is for the log. */
export type Answer<About> = { refused: null; about: About } | { refused: { code: UnreadableCode; detail: string | null }; about: null };

/** All that comes on stdin. */
export async function input(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** One line about the input, then a text, which so needs no quoting; and the end. */
export function say(answer: Answer<object>, text = ''): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  process.stdout.write(text, () => process.exit());
}
