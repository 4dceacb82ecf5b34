import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import type { Answer } from './child-answer.js';
import type { limits } from './limits.js';
import type { Extracted } from './text-writer.js';
import { Unreadable, type UnreadableCode } from './unreadable.js';

export type ChildLimits = {
  -readonly [K in 'milliseconds' | 'heapMegabytes' | 'residentMegabytes' | 'textLength']: (typeof limits)[K] | number;
};

const ROOT = join(import.meta.dirname, '../../..', import.meta.filename.endsWith('.ts') ? '' : '..');
/** Specs run from the sources, which Node cannot: they use the build, too. */
const CHILD = join(ROOT, 'dist/libs/documents/src/child.js');
const MEMORY_LOOKED_AT_EVERY_MS = 40;

/** Reads a file in a process of its own, which is killed when it takes too long or too much memory. */
export async function parseInChild(bytes: Uint8Array, extension: string, most: ChildLimits): Promise<Extracted> {
  const child = start(extension, most);
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
      collect(child.stdout!, most.textLength * 3 + 32_000_000, () => kill('file.too-large')),
      collect(child.stderr!, 4_000, () => {}),
    ];
    child.stdin!.on('error', () => {}).end(bytes);
    const end = await ended;
    if (killed) throw new Unreadable(killed);
    return answered(Buffer.concat(output), Buffer.concat(complaints).toString(), end);
  } finally {
    clearTimeout(clock);
    clearInterval(watch);
    process.removeListener('exit', leave);
  }
}

/** The shell sets the limits that outlive this process, and becomes the child. */
function start(extension: string, { milliseconds, heapMegabytes }: ChildLimits): ChildProcess {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
  const readable = ['dist/', 'node_modules/', 'package.json'].map((path) => `--allow-fs-read=${join(ROOT, path)}`);
  const flags = ['--no-warnings', '--no-addons', '--disallow-code-generation-from-strings', `--max-old-space-size=${heapMegabytes}`];
  const words = [process.execPath, ...flags, permission, ...readable, CHILD, extension];
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

function answered(output: Buffer, complaints: string, end: { code: number | null; signal: NodeJS.Signals | null }): Extracted {
  const line = output.indexOf('\n');
  if (end.code === 0 && line >= 0) {
    const about = JSON.parse(output.toString('utf8', 0, line)) as Answer;
    if (about.code !== null) throw new Unreadable(about.code, about.detail === null ? {} : { cause: new Error(about.detail) });
    const { format, encoding, places, notes } = about;
    return { text: output.toString('utf8', line + 1), format, encoding, places, notes };
  }
  const cause = new Error(`${end.signal ?? end.code}: ${complaints.slice(0, 2000)}`);
  if (/out of memory|allocation failed/i.test(complaints) || end.signal === 'SIGKILL')
    throw new Unreadable('file.too-much-memory', { cause });
  if (end.signal === 'SIGXCPU') throw new Unreadable('file.too-slow', { cause });
  if (end.signal) throw new Unreadable('file.broken', { cause });
  // The child answers for every file: it could not even begin.
  throw new Error('The process that reads files did not start', { cause });
}
