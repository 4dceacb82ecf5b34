import './no-network.js';
import { input, say } from './child-answer.js';
import { parse } from './parse.js';
import { Unreadable } from './unreadable.js';

/**
 * The process that opens files: bytes come on stdin, the file's extension as the one argument, the answer goes to stdout.
 * It may read this program and nothing else, write nowhere, start nothing; what breaks here breaks nothing else.
 */
async function answer(extension: string): Promise<void> {
  const { text, ...about } = await parse(await input(), extension);
  say({ refused: null, about }, text);
}

/** Libraries fail on broken files in ways of their own; that is no news about this program. */
function fail(error: unknown): void {
  const cause = error instanceof Unreadable ? error.cause : error;
  const outOfMemory = error instanceof RangeError && /allocation|string length|array length/i.test(error.message);
  const code = error instanceof Unreadable ? error.code : outOfMemory ? 'file.too-much-memory' : 'file.broken';
  say({ refused: { code, detail: cause instanceof Error ? (cause.stack ?? cause.message).slice(0, 2000) : null }, about: null });
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
answer(process.argv[2] ?? '').catch(fail);
