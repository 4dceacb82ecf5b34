import type { ClientBase } from 'pg';
import { from } from 'pg-copy-streams';
import { DAY, dayOf } from './days.js';

/** A column as COPY meets it. */
export type Field = Readonly<{ name: string; isJson: boolean }>;

/** A value as COPY's text format has it. */
function cell(value: unknown, isJson: boolean): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'string' && !isJson) return escaped(value);
  if (value instanceof Date && !isJson) return instant(value);
  return escaped(JSON.stringify(value));
}

const two = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));

/** As `toISOString`, at a fifth of its cost. */
function instant(at: Date): string {
  const rest = ((at.getTime() % DAY) + DAY) % DAY;
  const [hour, minute, second] = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60, Math.floor(rest / 1_000) % 60];
  return `${dayOf(at)}T${two[hour]}:${two[minute]}:${two[second]}.${String(rest % 1_000).padStart(3, '0')}Z`;
}

const SPECIAL = /[\\\n\r\t]/;
const escaped = (text: string) =>
  SPECIAL.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t') : text;

/** A row, and its cells in the order of the fields. */
export type Copied<Row extends object> = Readonly<{ row: Row; cells: readonly string[] }>;

/** The cells of a row for COPY; those that are the same as in `like` are taken from there. */
export function copied<Row extends object>(row: Row, fields: readonly Field[], like?: Copied<Row>): Copied<Row> {
  const [values, known] = [row, like?.row] as [Record<string, unknown>, Record<string, unknown> | undefined];
  const cells: string[] = [];
  for (const { name, isJson } of fields) {
    const value = values[name];
    cells.push(known !== undefined && known[name] === value ? like!.cells[cells.length]! : cell(value, isJson));
  }
  return { row, cells };
}

const CHUNK = 2 ** 20;

/** Lines on their way to COPY, as bytes: joined as text, they would be copied twice more. */
export class Load {
  private chunks: Buffer[] = [];
  private room = Buffer.alloc(0);
  private used = 0;
  size = 0;

  add(line: string): void {
    const most = 3 * line.length + 1;
    if (this.used + most > this.room.length) {
      this.chunks.push(this.room.subarray(0, this.used));
      [this.room, this.used] = [Buffer.allocUnsafe(Math.max(CHUNK, most)), 0];
    }
    const before = this.used;
    this.used += this.room.write(line, before);
    this.room[this.used++] = NEWLINE;
    this.size += this.used - before;
  }

  take(): Buffer[] {
    const taken = [...this.chunks, this.room.subarray(0, this.used)].filter(({ length }) => length > 0);
    [this.chunks, this.room, this.used, this.size] = [[], Buffer.alloc(0), 0, 0];
    return taken;
  }
}
const NEWLINE = 10;

/** What is said on one connection, one thing after the other. */
export class Lane {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(private readonly client: ClientBase) {}

  query<Row>(text: string, values?: unknown[]): Promise<Row[]> {
    return this.add(async () => (await this.client.query(text, values)).rows as Row[]);
  }

  /** Sends the load in one COPY. Settles when it is on its way and at most one is waiting; what fails rejects the next call. */
  async copy(table: string, columns: readonly string[], load: Load): Promise<void> {
    if (load.size === 0) return;
    const chunks = load.take();
    if (this.waiting > 1) await this.last;
    void this.add(() => {
      const stream = this.client.query(from(`copy ${table} (${columns.join()}) from stdin`));
      return new Promise<void>((resolve, reject) => {
        stream.once('finish', resolve).once('error', reject);
        for (const chunk of chunks) stream.write(chunk);
        stream.end();
      });
    }).catch(() => {});
  }

  private add<T>(work: () => Promise<T>): Promise<T> {
    this.waiting++;
    const done = this.last.then(work).finally(() => this.waiting--);
    this.last = done;
    done.catch(() => {});
    return done;
  }
}
