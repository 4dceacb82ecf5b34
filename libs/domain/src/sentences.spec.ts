import { readdirSync, readFileSync } from 'node:fs';
import { sentences } from './sentences.js';

/** What a code that is put together can become; a new template has to be added here. */
const expansions: Record<string, string[]> = {
  'task.${task}': ['task.unknown', 'task.suspended', 'task.closed', 'task.withdrawn'],
  'task.${standing}': ['task.suspended', 'task.closed', 'task.withdrawn'],
  'guideline.${standing}': ['guideline.issued', 'guideline.withdrawn'],
  'unit.${standing}': ['unit.merged', 'unit.dissolved'],
};

const refusals = readdirSync(import.meta.dirname)
  .filter((file) => /^[^.]+\.ts$/.test(file))
  .flatMap((file) => [...readFileSync(`${import.meta.dirname}/${file}`, 'utf8').matchAll(/new Refused\(((?:[^()]|\([^()]*\))*)\)/g)])
  .flatMap(([, inside = '']) => {
    const details = [...(/,\s*\{([^{}]*)\}\s*,?\s*$/.exec(inside)?.[1] ?? '').matchAll(/(\w+)\s*(?::[^,]*)?/g)].map(([, name]) => name);
    const written = [...inside.matchAll(/['`]([a-z]+\.[^'`]+)['`]/g)].map(([, code = '']) => code);
    return written.flatMap((code) => expansions[code] ?? [code]).map((code) => ({ code, details }));
  });

const placeholders = (sentence: string) => [...new Set(sentence.match(/\{\w+\}/g))].toSorted();

it('has a sentence for every refusal, and no other', () => {
  expect([...new Set(refusals.map(({ code }) => code))].toSorted()).toEqual(Object.keys(sentences).toSorted());
});

it.each(Object.entries(sentences))('%s is said in both languages, with the same details', (_, { zh, en }) => {
  expect(zh).toMatch(/^[^a-z]*\p{Script=Han}.*。$/u);
  expect(en).toMatch(/^[A-Z][^\p{Script=Han}]*\.$/u);
  expect(placeholders(zh)).toEqual(placeholders(en));
});

it.each(refusals)('$code is filled from its details', ({ code, details }) => {
  const said = sentences[code]?.zh ?? '';
  expect(details).toEqual(expect.arrayContaining(placeholders(said).map((placeholder) => placeholder.slice(1, -1))));
});
