import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './sentences.js';

const root = join(import.meta.dirname, '../../../..');
const codes = ['libs/commands/src', 'apps/api/src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /^[^.]+(?:\.[a-z]+)?\.ts$/.test(file) && !file.endsWith('.spec.ts'))
    .flatMap((file) => [
      ...readFileSync(join(root, folder, file), 'utf8').matchAll(/(?:Refused\('\w+', |Problem\(\d+, |unavailable\()'([^']+)'/g),
    ])
    .map(([, code = '']) => code),
);

it('knows what is said for every refusal of the commands and of the HTTP side', () => {
  expect(codes.length).toBeGreaterThan(30);
  const silent = [...new Set(codes)].filter((code) => say(code, {}, 'zh') === code || say(code, {}, 'en') === code);
  expect(silent).toEqual([]);
});
