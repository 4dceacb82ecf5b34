import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import type { Answer } from './child-answer.js';
import { limits } from './limits.js';
import { Turns } from './turns.js';
import { Unreadable, type UnreadableCode } from './unreadable.js';

/** What one child may cost; `answerBytes` is the most it may say, `tooMuch` what is said of one that says more. */
export type ChildLimits = Record<'milliseconds' | 'heapMegabytes' | 'residentMegabytes' | 'answerBytes', number>;
/** A compiled program of ours, by its path in the build, and the one word it is told beside its input. */
export type Program = { path: string; word: string; tooMuch: UnreadableCode };

const ROOT = join(import.meta.dirname, '../../..', import.meta.filename.endsWith('.ts') ? '' : '..');
const MEMORY_LOOKED_AT_EVERY_MS = 40;
const AT_ONCE = 2;
const MOST_WAITING = 30;

const turns = new Turns(AT_ONCE, MOST_WAITING);

/**
 * What a program says of an input, in a process of its own that is killed when it takes too long or too much memory. At most two run at once.
 * Throws Unreadable with the reason, within 20 s of its turn.
 */
export const runChild = <About>(program: Program, input: Uint8Array, smaller: Partial<ChildLimits> = {}): Promise<Said<About>> =>
  turns.take(
    () => run<About>(program, input, { ...limits, ...smaller }),
    () => new Unreadable('file.busy'),
  );

/** `about` is what the child says in its first line, `text` what follows. */
type Said<About> = { about: About; text: string };

async function run<About>(program: Program, input: Uint8Array, most: ChildLimits): Promise<Said<About>> {
  const child = start(program, most);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  let killed: UnreadableCode | null = null;
  const kill = (code: UnreadableCode) => {
    killed ??= code;
    child.kill('SIGKILL');
  };
  const clock = setTimeout(() => kill('file.too-slow'), most.milliseconds);
  const watch = setInterval(() => {
    void memoryOf(child).then((megabytes) => {
      if (megabytes > most.residentMegabytes) kill('file.too-much-memory');
    });
  }, MEMORY_LOOKED_AT_EVERY_MS);
  // Whoever leaves takes the child along; a parent that is killed leaves it to its limit of processor time.
  const leave = () => child.kill('SIGKILL');
  process.once('exit', leave);
  try {
    const [output, complaints] = [
      collect(child.stdout!, most.answerBytes, () => kill(program.tooMuch)),
      collect(child.stderr!, 4_000, () => {}),
    ];
    child.stdin!.on('error', () => {}).end(input);
    const end = await ended;
    if (killed) throw new Unreadable(killed);
    return answered(Buffer.concat(output), Buffer.concat(complaints).toString(), end);
  } finally {
    clearTimeout(clock);
    clearInterval(watch);
    process.removeListener('exit', leave);
  }
}

/** What Node itself forbids the child: to write, to start anything, to read what is not this program. */
export function forbidding(heapMegabytes: number): string[] {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
  const readable = ['dist/', 'node_modules/', 'package.json'].map((path) => `--allow-fs-read=${join(ROOT, path)}`);
  const flags = ['--no-warnings', '--no-addons', '--disallow-code-generation-from-strings', `--max-old-space-size=${heapMegabytes}`];
  return [...flags, permission, ...readable];
}

/** The shell sets the limits that outlive this process, and becomes the child. Specs run from the sources, which Node cannot: they use the build, too. */
function start({ path, word }: Program, { milliseconds, heapMegabytes }: ChildLimits): ChildProcess {
  const words = [process.execPath, ...forbidding(heapMegabytes), join(ROOT, 'dist', path), word];
  const seconds = String(Math.ceil((milliseconds / 1000) * 2) + 5);
  const child = spawn('/bin/sh', ['-c', 'ulimit -c 0; ulimit -t "$0"; exec "$@"', seconds, ...words], {
    env: {},
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // People wait for the other requests; a file has twenty seconds.
  if (child.pid !== undefined) yieldProcessor(child.pid);
  return child;
}

function yieldProcessor(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or this system has no such thing.
  }
}

/** The most memory the child has held so far; 0 where the system does not say, which leaves the limit on the heap. */
async function memoryOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}

/** Keeps what is said up to `most` bytes. */
function collect(stream: NodeJS.ReadableStream, most: number, tooMuch: () => void): Buffer[] {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= most) chunks.push(chunk);
    else tooMuch();
  });
  return chunks;
}

function answered<About>(output: Buffer, complaints: string, end: { code: number | null; signal: NodeJS.Signals | null }): Said<About> {
  const line = output.indexOf('\n');
  if (end.code === 0 && line >= 0) {
    const { refused, about } = JSON.parse(output.toString('utf8', 0, line)) as Answer<About>;
    if (refused) throw new Unreadable(refused.code, refused.detail === null ? {} : { cause: new Error(refused.detail) });
    return { about, text: output.toString('utf8', line + 1) };
  }
  const cause = new Error(`${end.signal ?? end.code}: ${complaints.slice(0, 2000)}`);
  if (/out of memory|allocation failed/i.test(complaints) || end.signal === 'SIGKILL')
    throw new Unreadable('file.too-much-memory', { cause });
  if (end.signal === 'SIGXCPU') throw new Unreadable('file.too-slow', { cause });
  if (end.signal) throw new Unreadable('file.broken', { cause });
  // A child answers for every input: it could not even begin, or has a fault of its own.
  throw new Error('The process that reads did not answer', { cause });
}
