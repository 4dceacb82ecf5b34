import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { limits } from './limits.js';
import { Unreadable } from './unreadable.js';

/** Ratios mean nothing in small parts: a blank page of a form shrinks a hundredfold. */
const RATIO_MATTERS_FROM = 1024 * 1024;
const SYMLINK = 0o120000;

/** A ZIP archive whose directory was found harmless before anything in it is opened. Nothing is ever written to a disk. */
export class Zip {
  #inflated = 0;

  private constructor(
    private readonly file: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  static async open(bytes: Buffer): Promise<Zip> {
    const file = await fromBufferPromise(bytes, { lazyEntries: true, strictFileNames: false }).catch(refused);
    if (file.entryCount > limits.zip.entries) throw new Unreadable('file.bomb');
    const entries = new Map<string, Entry>();
    let [seen, declared] = [0, 0];
    try {
      for await (const entry of file.eachEntry()) {
        if (++seen > limits.zip.entries) throw new Unreadable('file.bomb');
        declared += entry.uncompressedSize;
        if (declared > limits.zip.bytes) throw new Unreadable('file.bomb');
        refuseUnsafe(entry);
        // What two readers would take for different files is the first one here.
        if (!entries.has(entry.fileName)) entries.set(entry.fileName, entry);
      }
    } catch (error) {
      refused(error);
    }
    return new Zip(file, entries);
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  names(): IterableIterator<string> {
    return this.entries.keys();
  }

  /** The bytes of one part as they are inflated. Throws Unreadable when they are too many, too few or not those that were packed. */
  async *read(name: string): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name);
    if (!entry) throw new Unreadable('file.broken');
    try {
      let [size, sum] = [0, 0];
      for await (const chunk of (await this.file.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
        size += chunk.length;
        this.#inflated += chunk.length;
        refuseBomb(size, entry.compressedSize);
        if (this.#inflated > limits.zip.bytes) throw new Unreadable('file.bomb');
        sum = crc32(chunk, sum);
        yield chunk;
      }
      if (sum !== entry.crc32) throw new Unreadable('file.broken');
    } catch (error) {
      refused(error);
    }
  }
}

function refuseUnsafe(entry: Entry): void {
  if (entry.isEncrypted()) throw new Unreadable('file.encrypted');
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === SYMLINK) throw new Unreadable('file.unsafe');
  refuseBomb(entry.uncompressedSize, entry.compressedSize);
}

function refuseBomb(size: number, packed: number): void {
  if (size > RATIO_MATTERS_FROM && size > packed * limits.zip.ratio) throw new Unreadable('file.bomb');
}

/** yauzl checks names and sizes itself and says so in words only. */
function refused(error: unknown): never {
  if (error instanceof Unreadable) throw error;
  const { message } = error as Error;
  if (/too many bytes in the stream/i.test(message)) throw new Unreadable('file.bomb', { cause: error });
  if (/absolute path|invalid relative path|invalid characters in fileName/i.test(message))
    throw new Unreadable('file.unsafe', { cause: error });
  throw new Unreadable('file.broken', { cause: error });
}
