import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type OsUser, processOf } from './os-user.js';

/** What a server's lock file says; `ready` once it accepts connections. */
export type Postmaster = Readonly<{ pid: number; port: number; ready: boolean }>;

/** No process has this number: the kernel's highest is one less. */
const NOBODY = 4_194_305;
const RECOVERY_SECONDS = 300;

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The living server of this data folder, or null; also one that somebody else started. */
export async function postmasterOf(real: string): Promise<Postmaster | null> {
  const lines = (await readFile(join(real, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return runsOn(pid, real) ? { pid, port, ready: lines[7]?.trim() === 'ready' } : null;
}

/** Ends the server the way that lets it write everything down, and returns when it is gone. */
export async function stopServerOn(real: string): Promise<void> {
  // Fast, immediate, and at last by force: a server that cannot stop must not keep the next start from working.
  for (const [signal, seconds] of [
    ['SIGINT', 60],
    ['SIGQUIT', 10],
    ['SIGKILL', 10],
  ] as const) {
    const server = await postmasterOf(real);
    if (server === null) return;
    process.kill(server.pid, signal);
    const deadline = Date.now() + seconds * 1000;
    while (runsOn(server.pid, real) && Date.now() < deadline) await wait(20);
  }
}

export type Launched = { ok: true; server: Postmaster } | { ok: false; output: string };

/**
 * Starts `postgres` in a session of its own: Ctrl-C in the terminal and the end of this process leave it alone.
 * Returns when it accepts connections, or with what it said before it gave up. Its log is `server.log` in the folder.
 */
export async function launch(
  program: string,
  real: string,
  user: OsUser,
  settings: readonly string[],
  onSlow: () => void,
): Promise<Launched> {
  await forgetBorrowedPid(real);
  const logFile = join(real, 'server.log');
  await rename(logFile, `${logFile}.1`).catch(() => {});
  const log = await open(logFile, 'a', 0o600);
  if (user.uid !== undefined && user.gid !== undefined) await log.chown(user.uid, user.gid);

  const child = spawn(program, ['-D', real, ...settings.flatMap((setting) => ['-c', setting])], {
    ...processOf(user),
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  let ended: string | undefined;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended ??= `postgres ended with ${signal ?? `code ${code}`}`));
  child.unref();

  try {
    for (const began = Date.now(); Date.now() - began < RECOVERY_SECONDS * 1000; await wait(20)) {
      if (ended !== undefined) return { ok: false, output: (await readFile(logFile, 'utf8').catch(() => '')) || ended };
      const server = await postmasterOf(real);
      if (server?.ready && server.pid === child.pid) return { ok: true, server };
      if (Date.now() - began > 3000) onSlow();
    }
    return { ok: false, output: `postgres was not ready after ${RECOVERY_SECONDS} s` };
  } finally {
    await log.close();
  }
}

/** The port of the last start, so that a noted address stays right. */
export async function lastPort(real: string): Promise<number | null> {
  const options = await readFile(join(real, 'postmaster.opts'), 'utf8').catch(() => '');
  return Number(/"port=(\d+)"/.exec(options)?.[1]) || null;
}

/**
 * After a crash the process number in the lock file may belong to a program of the same user by now, and PostgreSQL would
 * take that for a living server. The file stays, since its other lines let PostgreSQL wait for orphans of the crash.
 */
async function forgetBorrowedPid(real: string): Promise<void> {
  const file = join(real, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return;
  // A server that starts at this moment fills it at once; one that met a full disk never does.
  if (text === '' && Date.now() - (await stat(file)).mtimeMs > 3000) return rm(file);
  const pid = Number(text.split('\n')[0]);
  if (pid > 0 && isAlive(pid) && !runsOn(pid, real)) await writeFile(file, text.replace(/^\d+/, String(NOBODY)));
}

/** Is that process a server on this folder? A dead one that nobody has collected yet has no command line, so it is not. */
function runsOn(pid: number, real: string): boolean {
  if (!(pid > 0) || !isAlive(pid)) return false;
  // Where there is no /proc, PostgreSQL's own belief has to do.
  if (process.platform !== 'linux') return true;
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return words[words.indexOf('-D') + 1] === real;
  } catch {
    return false;
  }
}
