import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { deflateSync } from 'node:zlib';
import { extractText } from './extract.js';
import { limits } from './limits.js';
import { forbidding } from './run-child.js';
import { sentences } from './sentences.js';
import { docx, p, row, xlsx } from './testing.js';
import { pdf } from './testing-pdf.js';

const LIST = '牵头单位：省财政厅';
/** Tags in tags in tags: slow for any reader of HTML. */
const SLOW = Buffer.from(`<html>${'<div>'.repeat(300_000)}x`);
/** So that time is not what runs out first on a busy machine. */
const PATIENCE_MS = 50_000;
const page = { words: [{ x: 60, y: 700, text: LIST }] };

describe('the text of a file', () => {
  it.each<[string, Buffer, string]>([
    ['a.txt', Buffer.from(LIST), 'text'],
    ['a.md', Buffer.from(LIST), 'markdown'],
    ['a.csv', Buffer.from(LIST), 'csv'],
    ['a.html', Buffer.from(`<html><p>${LIST}`), 'html'],
    ['../../x.docx', docx(p(LIST)), 'word'],
    [`${'督'.repeat(83)}.xlsx`, xlsx([{ name: 'a', rows: row(1, LIST) }]), 'excel'],
    ['a.pdf', pdf([page]), 'pdf'],
  ])('comes out of %s', async (name, bytes, format) => {
    const extracted = await extractText({ name, bytes });
    expect([extracted.text.trim(), extracted.format, extracted.notes]).toEqual([LIST, format, []]);
  });

  it.each<[string, Buffer, string]>([
    ['a.pdf', docx(p(LIST)), 'word'],
    ['a.docx', Buffer.from(LIST), 'text'],
    ['a.txt', pdf([page]), 'pdf'],
  ])('is that of its bytes, whatever %s promises', async (name, bytes, format) => {
    const extracted = await extractText({ name, bytes });
    expect([extracted.text.trim(), extracted.format, extracted.notes]).toEqual([LIST, format, ['note.mismatch']]);
  });

  it('is large text, too', async () => {
    const text = `${LIST}\n`.repeat(100_000);
    expect((await extractText({ name: 'a.txt', bytes: Buffer.from(text) })).text).toBe(text);
  });
});

describe('a file that costs too much', () => {
  it('is refused for its size before anything looks at it', async () => {
    await expect(extractText({ name: 'a.txt', bytes: Buffer.alloc(limits.fileBytes + 1) })).rejects.toThrow('file.too-large');
  });

  it('in time is given up', async () => {
    const began = performance.now();
    await expect(extractText({ name: 'a.html', bytes: SLOW }, { milliseconds: 800 })).rejects.toThrow('file.too-slow');
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it.each([[{ heapMegabytes: 24 }], [{ residentMegabytes: 60 }]])('in memory is given up: %j', async (smaller) => {
    const bytes = Buffer.from(`<html><table><tr><td>${'<p>甲乙丙丁'.repeat(400_000)}`);
    await expect(extractText({ name: 'a.html', bytes }, { ...smaller, milliseconds: PATIENCE_MS })).rejects.toThrow('file.too-much-memory');
  });

  it('in a PDF that unpacks to hundreds of megabytes is given up', async () => {
    const packed = deflateSync(Buffer.alloc(200 * 1_048_576, ' ')).toString('latin1');
    const bytes = pdf([page], { contents: `<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n${packed}\nendstream` });
    expect(bytes.length).toBeLessThan(300_000);
    await expect(extractText({ name: 'a.pdf', bytes }, { residentMegabytes: 250, milliseconds: PATIENCE_MS })).rejects.toThrow(
      'file.too-much-memory',
    );
  });

  it('costs nothing else: others are read meanwhile, and this process goes on', async () => {
    const start = process.cpuUsage();
    const slow = extractText({ name: 'slow.html', bytes: SLOW }, { milliseconds: 1_500 }).catch((error: Error) => error.message);
    const large = `<html><p>${'字'.repeat(1_500_000)}`;
    const others = await Promise.all([Buffer.from(large), docx(p(LIST))].map((bytes) => extractText({ name: 'a', bytes })));
    expect(others.map(({ text }) => text.length)).toEqual([1_500_001, LIST.length + 1]);
    expect(await slow).toBe('file.too-slow');
    // Read here it would be twenty seconds of this process.
    expect(process.cpuUsage(start).user / 1_000).toBeLessThan(3_000);
  });
});

describe('the process that reads files', () => {
  const run = promisify(execFile);
  const noNetwork = pathToFileURL(join(import.meta.dirname, '../../../dist/libs/documents/src/no-network.js')).href;

  it.each([
    'require("net").connect(9)',
    'require("http").get("http://127.0.0.1:9")',
    'require("dns").lookup("a", () => {})',
    'fetch("http://127.0.0.1:9")',
  ])('cannot reach a network by %s', async (attempt) => {
    await expect(run(process.execPath, ['--import', noNetwork, '-e', attempt])).rejects.toThrow(/No network|fetch is not defined/);
  });

  it.each([
    ['write', 'require("fs").writeFileSync("/tmp/duban-was-here", "")', /ERR_ACCESS_DENIED/],
    ['read what is not this program', 'require("fs").readFileSync("/etc/passwd")', /ERR_ACCESS_DENIED/],
    ['start another', 'require("child_process").execFileSync("id")', /ERR_ACCESS_DENIED/],
    ['run what a file says', 'new Function("1")', /EvalError/],
  ])('cannot %s', async (_, attempt, refused) => {
    await expect(run(process.execPath, [...forbidding(64), '-e', attempt])).rejects.toThrow(refused);
  });
});

describe('what is said about files', () => {
  it('is said in both languages, without a full stop missing', () => {
    for (const { zh, en } of Object.values(sentences)) expect([zh.at(-1), en.at(-1)]).toEqual(['。', '.']);
  });
});
