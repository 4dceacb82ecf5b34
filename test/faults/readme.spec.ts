import { existsSync, readFileSync } from 'node:fs';

const rows = [...readFileSync('test/faults/README.md', 'utf8').matchAll(/`(\S+\.spec\.ts)`: (.+) \|$/gm)];

it('names specs that there are', () => {
  const missing = rows.filter(([, spec, name]) => !existsSync(spec!) || !readFileSync(spec!, 'utf8').includes(name!));
  expect(missing.map(([row]) => row)).toEqual([]);
  expect(rows.length).toBeGreaterThan(30);
});
