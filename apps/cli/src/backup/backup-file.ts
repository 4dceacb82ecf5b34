import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import type { Recorded } from '@app/event-store/event-store.js';
import { KEPT_TABLES } from '@app/read-models/kept-tables.js';

/** Raised when a reader of the format before could no longer understand it. */
export const FORMAT = 1;

const header = z.object({ duban: z.literal('backup'), format: z.number(), version: z.string(), at: z.string(), store: z.string() });
/** The first line: what wrote it, when, from which store. */
export type Header = z.infer<typeof header>;

const row = z.strictObject({ table: z.enum(KEPT_TABLES), row: z.record(z.string(), z.unknown()) });
/** As `canonical` writes it. */
const event = z.tuple([
  z.string(),
  z.string().regex(/^\d+$/),
  z.string(),
  z.string(),
  z.unknown(),
  z.looseObject({ accountId: z.string() }),
  z.iso.datetime(),
  z.string(),
]);

const end = z.strictObject({
  end: z.strictObject({
    events: z.int(),
    /** Of the event lines, so that what was restored can be compared. */
    eventsHash: z.string(),
    rows: z.record(z.string(), z.int()),
    /** The last event that each follower had handled. */
    followers: z.record(z.string(), z.strictObject({ stream: z.string(), revision: z.string() })),
    /** Of all lines before. */
    hash: z.string(),
  }),
});
/** The last line. A file without it is not whole. */
export type End = z.infer<typeof end>['end'];
/** An event has no position: that is a store's own. */
export type Line = z.infer<typeof row> | Readonly<{ event: Recorded }>;

/** A file that cannot be restored; `code` is its sentence. */
export class BadBackup extends Error {
  constructor(
    readonly code: 'backup.not-one' | 'backup.newer' | 'backup.cut-off' | 'backup.damaged',
    readonly details: Readonly<Record<string, string | number>> = {},
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}

export const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;

/** Readable by its owner alone: it holds hashes of passwords. It has its name only once it is whole, and replaces nothing. */
export async function writeBackup(file: string, lines: AsyncIterable<string>): Promise<void> {
  const part = `${file}.part`;
  await rm(part, { force: true });
  try {
    await pipeline(together(lines), createGzip(), createWriteStream(part, { flags: 'wx', mode: 0o600, flush: true }));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

export const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

const PIECE = 256 * 1024;

async function* together(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const line of lines) {
    piece += line;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** Reads the whole file and throws `BadBackup` unless every line, every count and both hashes are right. `each` sees the lines on the way. */
export async function readBackup(
  file: string,
  each: (line: Line) => Promise<void> | void = () => {},
): Promise<{ header: Header; end: End }> {
  const [all, events] = [createHash('sha256'), createHash('sha256')];
  const rows: Record<string, number> = Object.fromEntries(KEPT_TABLES.map((table) => [table, 0]));
  let [n, eventCount] = [0, 0];
  let first: Header | undefined;
  let last: End | undefined;
  // What cannot even be unzipped up to its first line is something else.
  const trouble = (error: unknown) =>
    first === undefined && isZip(error) ? new BadBackup('backup.not-one', {}, { cause: error }) : broken(error);
  for await (const text of linesIn(file, trouble)) {
    n++;
    if (first === undefined) first = headerOf(text);
    else {
      if (last !== undefined) throw new BadBackup('backup.damaged', { line: n });
      const line = parsed(text, n);
      if ('end' in line) {
        last = line.end;
        continue;
      }
      if ('event' in line) {
        eventCount++;
        events.update(text).update('\n');
      } else rows[line.table] = (rows[line.table] ?? 0) + 1;
      await each(line);
    }
    all.update(text).update('\n');
  }
  if (first === undefined) throw new BadBackup('backup.not-one');
  if (last === undefined) throw new BadBackup('backup.cut-off', { line: n });
  const counted: End = { events: eventCount, eventsHash: events.digest('hex'), rows, followers: last.followers, hash: all.digest('hex') };
  if (JSON.stringify(counted) !== JSON.stringify(last)) throw new BadBackup('backup.damaged', { line: n });
  return { header: first, end: last };
}

function headerOf(text: Buffer): Header {
  const read = header.safeParse(json(text));
  if (!read.success) throw new BadBackup('backup.not-one');
  if (read.data.format > FORMAT) throw new BadBackup('backup.newer', { version: read.data.version });
  return read.data;
}

function parsed(text: Buffer, n: number): Line | z.infer<typeof end> {
  const value = json(text) as object | null | undefined;
  const read = Array.isArray(value) ? event.safeParse(value) : value && 'end' in value ? end.safeParse(value) : row.safeParse(value);
  if (!read.success) throw new BadBackup('backup.damaged', { line: n });
  return Array.isArray(read.data) ? { event: recorded(read.data) } : read.data;
}

const recorded = ([stream, revision, id, type, data, by, at, commandId]: z.infer<typeof event>): Recorded => ({
  stream,
  revision: BigInt(revision),
  position: '',
  id,
  type,
  data: data as Recorded['data'],
  by: by as Recorded['by'],
  at: new Date(at),
  commandId,
});

function json(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString());
  } catch {
    return undefined;
  }
}

const NEWLINE = 10;

/** The lines without their ends; what stands behind the last end is a line that was cut off, and not one. */
async function* linesIn(file: string, trouble: (error: unknown) => unknown): AsyncGenerator<Buffer> {
  const source = createReadStream(file);
  const unzipped = source.pipe(createGunzip());
  // A stream that ends with an error does not say so to the one it is piped into.
  source.on('error', (error) => unzipped.destroy(error));
  let rest: Buffer[] = [];
  try {
    for await (const chunk of unzipped as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
        yield Buffer.concat([...rest, chunk.subarray(from, at)]);
        [rest, from] = [[], at + 1];
      }
      if (from < chunk.length) rest.push(chunk.subarray(from));
    }
  } catch (error) {
    throw trouble(error);
  } finally {
    source.destroy();
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
const isZip = (error: unknown) => codeOf(error) === 'Z_BUF_ERROR' || codeOf(error) === 'Z_DATA_ERROR';

function broken(error: unknown): unknown {
  return isZip(error) ? new BadBackup(codeOf(error) === 'Z_BUF_ERROR' ? 'backup.cut-off' : 'backup.damaged', {}, { cause: error }) : error;
}
