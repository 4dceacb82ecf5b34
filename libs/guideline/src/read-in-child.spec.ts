import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGuideline } from './read.js';
import { readInChild } from './read-in-child.js';

const seed = readFileSync(join(import.meta.dirname, '../../../test/guidelines/00_seed-anhui-xianyu-jiqun.txt'), 'utf8');
/** So that time is not what runs out first on a busy machine. */
const PATIENCE_MS = 50_000;
/** Nothing but lists: as much work as a text of its length can make. */
const lists = (length: number) => '牵头单位：市教育局\n'.repeat(length / 10);

describe('a text that is read in a process of its own', () => {
  it.each([seed, '1.甲\ud800乙。（市教育局负责）😀\n'.repeat(300)])('is read as it is here', async (text) => {
    const here = JSON.stringify(readGuideline(text.replaceAll('\ud800', '\ufffd')));
    expect(JSON.stringify(await readInChild(text))).toBe(here);
  });

  it('is given up when it takes too long', async () => {
    const began = performance.now();
    await expect(readInChild(lists(2_000_000), { milliseconds: 800 })).rejects.toThrow('file.too-slow');
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('is given up when it takes too much memory', async () => {
    await expect(readInChild(lists(400_000), { heapMegabytes: 24, milliseconds: PATIENCE_MS })).rejects.toThrow('file.too-much-memory');
  });

  it('is given up when it holds more lists than anybody can keep', async () => {
    await expect(readInChild(lists(200_000), { milliseconds: PATIENCE_MS })).rejects.toThrow('file.too-many-lists');
  });

  it('holds up nothing else', async () => {
    const slow = readInChild(lists(2_000_000), { milliseconds: 1_500 }).catch((error: Error) => error.message);
    const start = process.cpuUsage();
    expect((await readInChild(seed)).lists).toHaveLength(13);
    expect(await slow).toBe('file.too-slow');
    // Read here it would be twenty seconds of this process.
    expect(process.cpuUsage(start).user / 1_000).toBeLessThan(3_000);
  });
});
