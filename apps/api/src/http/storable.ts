import { Problem } from './problem.js';

/** PostgreSQL's text has no NUL and no half of a surrogate pair; an event that carried one would stop every view. */
const UNSTORABLE = /\0|\p{Surrogate}/u;
const DEEPEST = 32;

/** 400 that names the field of the first text, or name of a member, that no database could keep; also for what is nested beyond reason. */
export function refuseUnstorable(value: unknown): void {
  const waiting: { value: unknown; path: readonly string[] }[] = [{ value, path: [] }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, path } = next;
    if (typeof value === 'string' && UNSTORABLE.test(value)) throw unstorable(path);
    if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) continue;
    if (path.length === DEEPEST) throw new Problem(400, 'request.too-deep', { levels: DEEPEST });
    for (const [name, member] of Object.entries(value)) {
      if (UNSTORABLE.test(name)) throw unstorable([...path, JSON.stringify(name)]);
      waiting.push({ value: member, path: [...path, name] });
    }
  }
}

function unstorable(path: readonly string[]): Problem {
  const field = path.join('.');
  const zh = '含有无法保存的字符（空字符或不完整的字符）';
  const en = 'Holds a character that cannot be kept (NUL or half a character)';
  return new Problem(400, 'request.invalid', { fields: [`${field}（${zh}）`], errors: [{ field, en, zh }] });
}
