import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { canonical } from '@app/event-store/copy-store.js';
import type { Recorded } from '@app/event-store/event-store.js';
import { exists, type Line, readBackup, writeBackup } from './backup-file.js';

let folder: string;
let file: string;
let text: string;

const header = { duban: 'backup', format: 1, version: '0.1.0', at: '2026-11-26T09:00:00.000Z', store: 'PostgreSQL 18.4' };
const row = { table: 'credential', row: { accountId: randomUUID(), hash: '$argon2id$…' } };
const events: Recorded[] = Array.from({ length: 30 }, (_, n) => ({
  stream: `task-${randomUUID()}`,
  revision: 0n,
  position: '',
  id: randomUUID(),
  type: 'CommentAdded',
  // U+2028 ends a line for some readers, and for JSON it is a letter like any other.
  data: { text: `第${n}条\u2028意见\n` },
  by: { accountId: randomUUID(), name: '督查员', unitId: randomUUID(), unitName: '督查室', roles: ['supervisor'] },
  at: new Date('2026-11-26T09:00:00.000Z'),
  commandId: randomUUID(),
}));
const hashOf = (lines: readonly string[]) =>
  createHash('sha256')
    .update(
      lines
        .map(
          (line) => `${line}
`,
        )
        .join(''),
    )
    .digest('hex');
const followers = { distributor: { stream: events[6]!.stream, revision: '0' } };
const end = (lines: readonly string[]) => ({
  end: {
    events: lines.length - 2,
    eventsHash: hashOf(lines.slice(2)),
    rows: { credential: 1, token: 0, inbox: 0, digest: 0 },
    followers,
    hash: hashOf(lines),
  },
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duban-backup-'));
  file = join(folder, 'whole.gz');
  const lines = [JSON.stringify(header), JSON.stringify(row), ...events.map(canonical)];
  await writeBackup(
    file,
    (async function* () {
      for (const line of [...lines, JSON.stringify(end(lines))]) yield `${line}\n`;
    })(),
  );
  text = gunzipSync(await readFile(file)).toString();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What becomes of a file with these bytes. */
async function reading(bytes: Uint8Array | string): Promise<unknown> {
  const other = join(folder, `${randomUUID()}.gz`);
  await writeFile(other, bytes);
  return readBackup(other).then(
    () => 'whole',
    (error: { code: string }) => error.code,
  );
}

it('reads back line by line what was written, for its owner alone', async () => {
  const seen: Line[] = [];
  const read = await readBackup(file, (line) => void seen.push(line));
  expect(seen).toEqual([row, ...events.map((event) => ({ event }))]);
  expect(read.header).toEqual(header);
  expect(read.end.followers).toEqual(followers);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it('leaves no file behind when what it writes breaks off', async () => {
  const broken = join(folder, 'broken.gz');
  const lines = (async function* () {
    yield 'one\n';
    throw new Error('the database is away');
  })();
  await expect(writeBackup(broken, lines)).rejects.toThrow('the database is away');
  expect([await exists(broken), await exists(`${broken}.part`)]).toEqual([false, false]);
});

it.each([
  ['is empty', () => ''],
  ['is text', () => 'hello'],
  ['is something else that was zipped', () => gzipSync('hello\n')],
  ['has another first line', () => gzipSync(text.slice(text.indexOf('\n') + 1))],
])('does not take for a backup what %s', async (_, bytes) => expect(await reading(bytes())).toBe('backup.not-one'));

it('says so when a newer version wrote it', async () =>
  expect(await reading(gzipSync(text.replace('"format":1', '"format":2')))).toBe('backup.newer'));

it('refuses it cut off at any byte', async () => {
  const bytes = await readFile(file);
  for (let length = 0; length < bytes.length; length += 7)
    expect(await reading(bytes.subarray(0, length))).toMatch(/^backup\.(cut-off|not-one)$/);
});

it('refuses it cut off at any line, also where the zipping is whole', async () => {
  const lines = text.trimEnd().split('\n');
  for (let n = 1; n < lines.length; n++) expect(await reading(gzipSync(`${lines.slice(0, n).join('\n')}\n`))).toBe('backup.cut-off');
});

/** Whether the zipped bytes still say this, checked by their own sum. */
function says(zipped: Uint8Array, what: string): boolean {
  try {
    return gunzipSync(zipped).toString() === what;
  } catch {
    return false;
  }
}

it('refuses it with a bit turned anywhere', async () => {
  const bytes = await readFile(file);
  // Behind the first ten bytes, which are gzip's own and say nothing of the content.
  for (let n = 10; n < bytes.length; n += 5) {
    const turned = Uint8Array.from(bytes);
    turned[n]! ^= 1 << (n % 8);
    // The last bits of what is zipped may fill a byte up and mean nothing.
    const said = says(turned, text) ? /^whole$/ : /^backup\.(damaged|cut-off|not-one|newer)$/;
    expect([n, await reading(turned)]).toEqual([n, expect.stringMatching(said)]);
  }
});

it.each([
  ['a line taken out', (lines: string[]) => lines.toSpliced(5, 1)],
  ['a line put in twice', (lines: string[]) => lines.toSpliced(5, 0, lines[5]!)],
  ['two lines exchanged', (lines: string[]) => lines.toSpliced(5, 2, lines[6]!, lines[5]!)],
  ['a letter changed', (lines: string[]) => lines.with(5, lines[5]!.replace('督查员', '督查圆'))],
  ['a line of something else', (lines: string[]) => lines.with(1, '{"table":"session","row":{}}')],
  ['a line after the end', (lines: string[]) => [...lines, lines[5]!]],
])('refuses it with %s', async (_, change) => {
  const lines = change(text.trimEnd().split('\n'));
  expect(await reading(gzipSync(`${lines.join('\n')}\n`))).toBe('backup.damaged');
});
