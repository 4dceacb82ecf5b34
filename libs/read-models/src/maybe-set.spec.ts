import { idFrom } from '@app/domain/ids.js';
import { MaybeSet } from './maybe-set.js';

it('finds all that was added, and hardly anything else', () => {
  const set = new MaybeSet();
  const known = Array.from({ length: 20_000 }, (_, n) => idFrom('known', n));
  for (const id of known) set.add(id);
  expect(known.filter((id) => !set.has(id))).toEqual([]);
  expect(Array.from({ length: 20_000 }, (_, n) => idFrom('other', n)).filter((id) => set.has(id))).toEqual([]);
});
