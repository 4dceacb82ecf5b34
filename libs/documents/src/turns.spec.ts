import { Turns } from './turns.js';

const full = () => new Error('full');

describe('works that take turns', () => {
  it('run as many at once as may, in order, and make room when they end or fail', async () => {
    const turns = new Turns(2, 10);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const work = (n: number) =>
      turns.take(async () => {
        begun.push(n);
        await new Promise<void>((resolve) => ends.push(resolve));
        if (n === 0) throw new Error('broken');
        return n;
      }, full);
    const works = [0, 1, 2, 3].map(work);
    expect(begun).toEqual([0, 1]);
    ends[0]!();
    await expect(works[0]).rejects.toThrow('broken');
    expect(begun).toEqual([0, 1, 2]);
    ends[1]!();
    ends[2]!();
    await Promise.all(works.slice(1, 3));
    ends[3]!();
    expect(await works[3]).toBe(3);
  });

  it('are refused when too many wait', async () => {
    const turns = new Turns(1, 1);
    let end = () => {};
    const first = turns.take(() => new Promise<void>((resolve) => (end = resolve)), full);
    const second = turns.take(() => Promise.resolve(2), full);
    await expect(turns.take(() => Promise.resolve(3), full)).rejects.toThrow('full');
    end();
    await first;
    expect(await second).toBe(2);
  });
});
