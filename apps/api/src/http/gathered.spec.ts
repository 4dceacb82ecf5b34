import { setTimeout as wait } from 'node:timers/promises';
import { isTransient } from '@app/read-models/transient.js';
import { gathered } from './gathered.js';

it('asks once for all who want to know while others are asked, and gives each their own answer', async () => {
  const asked: number[][] = [];
  const twice = gathered(async (keys: readonly number[]) => {
    asked.push([...keys]);
    await wait(20);
    return keys.map((key) => 2 * key);
  });
  const first = [twice(1)];
  await wait(1);
  first.push(twice(2));
  await wait(1);
  const rest = Array.from({ length: 50 }, (_, n) => twice(n));
  expect(await Promise.all([...first, ...rest])).toEqual([2, 4, ...Array.from({ length: 50 }, (_, n) => 2 * n)]);
  expect(asked.map(({ length }) => length)).toEqual([1, 1, 50]);
});

it('lets a failure reach all who asked together, and nobody else', async () => {
  let fails = true;
  const one = gathered(async (keys: readonly number[]) => {
    if (fails) throw new Error('gone');
    return keys;
  });
  const outcomes = await Promise.allSettled([one(1), one(2)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await one(3)).toBe(3);
});

it('keeps nobody waiting behind questions without an answer, and does not ask for those who went', async () => {
  const asked: number[] = [];
  let answer: () => void = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  const slow = gathered(async (keys: readonly number[]) => {
    asked.push(...keys);
    await held;
    return keys;
  });
  const first = slow(1);
  await wait(1);
  const second = slow(2);
  await wait(1);
  const error = await slow(3).catch((reason: unknown) => reason);
  expect(isTransient(error)).toBe(true);
  answer();
  expect(await Promise.all([first, second, slow(4)])).toEqual([1, 2, 4]);
  expect(asked).toEqual([1, 2, 4]);
});
