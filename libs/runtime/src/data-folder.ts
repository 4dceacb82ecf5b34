import { createHash, randomBytes } from 'node:crypto';
import {
  chown,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { amRoot, mayEnter, type OsUser, run } from './os-user.js';
import type { PostgresPrograms } from './postgres-programs.js';
import type { Tell } from './sentences.js';
import { isAlive, stopServerOn } from './server-process.js';
import { Unstartable } from './unstartable.js';

/** Where root keeps what the server's user must reach when the wanted folder is private. */
export const OPEN_PLACE = '/var/lib/duban';

/** The finished data folder that `dir` is or leads to; null when there is none. Throws when we may not look. */
export async function dataIn(dir: string): Promise<string | null> {
  const real = await unlessMissing(realpath(dir));
  const finished =
    real !== null &&
    (await unlessMissing(stat(join(real, 'PG_VERSION')))) &&
    (await unlessMissing(stat(join(real, 'global', 'pg_control'))));
  return finished ? real : null;
}

export const majorVersionOf = async (real: string) => (await readFile(join(real, 'PG_VERSION'), 'utf8')).trim();

/** The password kept beside the data, for our eyes only. `fresh`: it was not there, so a server that has data does not know it. */
export async function passwordFor(dir: string): Promise<{ password: string; fresh: boolean }> {
  const file = `${dir}.password`;
  const password = randomBytes(24).toString('hex');
  await mkdir(dirname(file), { recursive: true });
  const first = await writeFile(file, `${password}\n`, { mode: 0o600, flag: 'wx' }).then(() => true, isThere);
  if (first) return { password, fresh: true };
  // Another start may be between making the file and filling it; one that was killed there never fills it.
  for (let look = 0; look < 20; look++, await wait(50)) {
    const kept = (await readFile(file, 'utf8')).trim();
    if (kept !== '') return { password: kept, fresh: false };
  }
  await writeFile(file, `${password}\n`);
  return { password, fresh: true };
}

export type NewData = Readonly<{ dir: string; user: OsUser; programs: PostgresPrograms; password: string; throwAway: boolean; tell: Tell }>;

/**
 * Makes a data folder for `dir` and returns where it really is. initdb works under another name and the result is
 * renamed at the end: whatever is found at the final name is whole.
 */
export async function makeData({ dir, user, programs, password, throwAway, tell }: NewData): Promise<string> {
  await mkdir(dirname(dir), { recursive: true });
  const real = (await reachable(user, dirname(dir))) ? dir : await openPlaceFor(dir);
  // Asked again, since the questions so far took time in which another start may have made it.
  const there = await dataIn(dir);
  if (there !== null) return there;
  for (const path of new Set([dir, real])) await setAside(path, tell);
  await clearUnfinished(real);

  const making = `${real}.making-${process.pid}`;
  await mkdir(making, { mode: 0o700 });
  await writeFile(`${making}.password`, password, { mode: 0o600 });
  for (const path of [making, `${making}.password`]) await giveTo(user, path);
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C.UTF-8'];
  const login = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${making}.password`];
  const made = await run(programs.initdb, [`--pgdata=${making}`, ...login, ...locale, ...(throwAway ? ['--no-sync'] : [])], user);
  await rm(`${making}.password`, { force: true });
  if (!made.ok) {
    await rm(making, { recursive: true, force: true });
    throw failureOf(made.output, real, user);
  }

  if (real !== dir) await symlink(real, dir).catch(isThere);
  // Another start at the same moment may have been first; then its folder is as good as ours.
  await rename(making, real).catch(async (error) => {
    await rm(making, { recursive: true, force: true });
    isThere(error);
  });
  // As every later start will see it, even when a folder above is a link.
  return realpath(real);
}

/** Moves data whose folder the server's user cannot enter any more to a place where it can; `dir` then leads there. */
export async function moveToOpenPlace(dir: string, real: string, user: OsUser, tell: Tell): Promise<string> {
  const place = await openPlaceFor(dir);
  await setAside(place, tell);
  await rename(real, place).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EXDEV') throw error;
    await cp(real, place, { recursive: true, verbatimSymlinks: true });
    await rename(real, `${real}.moved-${process.pid}`);
    await rm(`${real}.moved-${process.pid}`, { recursive: true });
  });
  await giveTreeTo(user, place);
  if (real !== dir) await unlink(dir);
  await symlink(place, dir);
  tell('progress.data-elsewhere', { dir, real: place, user: user.name });
  return place;
}

/** May the server's user work in this folder? Files of a folder that cannot be given away (some mounts) do not count as reachable. */
export async function reachable(user: OsUser, folder: string): Promise<boolean> {
  if (!amRoot()) return true;
  if (!(await mayEnter(user, folder))) return false;
  const probe = join(folder, `.duban-${randomBytes(6).toString('hex')}`);
  await writeFile(probe, '', { flag: 'wx' });
  try {
    await giveTo(user, probe);
    return true;
  } catch {
    return false;
  } finally {
    await rm(probe, { force: true });
  }
}

/** After `chown -R root` or a copy by root the server would refuse its own data. */
export async function giveTreeTo(user: OsUser, folder: string): Promise<void> {
  await giveTo(user, folder);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (!entry.isSymbolicLink()) await giveTo(user, join(entry.parentPath, entry.name));
}

/** What the last words of a program say went wrong, as a sentence with what to do. */
export function failureOf(output: string, real: string, user: OsUser, log = '–'): Unstartable {
  if (/No space left on device|Disk quota exceeded/.test(output)) return new Unstartable('postgres.disk-full', { dir: real });
  if (/Permission denied|Read-only file system|wrong ownership|EACCES/.test(output))
    return new Unstartable('postgres.no-permission', { path: real, user: user.name });
  const lines = output.trim().split('\n');
  const reason = lines.findLast((line) => /FATAL|PANIC|error:/i.test(line)) ?? lines.at(-1) ?? '';
  return new Unstartable('postgres.failed', { reason: reason.replace(/^.*(FATAL|PANIC|error): +/i, ''), log });
}

async function openPlaceFor(dir: string): Promise<string> {
  await mkdir(OPEN_PLACE, { recursive: true, mode: 0o755 });
  return join(OPEN_PLACE, createHash('sha256').update(dir).digest('hex').slice(0, 16));
}

/** Clears the name without losing anything: only what is empty or leads nowhere is removed. */
async function setAside(path: string, tell: Tell): Promise<void> {
  const entry = await unlessMissing(lstat(path));
  if (entry === null) return;
  if (entry.isSymbolicLink()) return unlink(path);
  await stopServerOn(path);
  const empty = await rmdir(path).then(
    () => true,
    () => false,
  );
  if (empty) return;
  const aside = `${path}.aside-${new Date().toISOString().replaceAll(/[-:]|\..*/g, '')}`;
  await rename(path, aside);
  tell('progress.set-aside', { path, aside });
}

/** Folders of starts that were killed half-way. */
async function clearUnfinished(real: string): Promise<void> {
  for (const name of await readdir(dirname(real))) {
    const pid = name.startsWith(`${basename(real)}.making-`) ? Number.parseInt(name.split('.making-')[1] ?? '', 10) : Number.NaN;
    if (!Number.isNaN(pid) && (pid === process.pid || !isAlive(pid))) await rm(join(dirname(real), name), { recursive: true, force: true });
  }
}

const giveTo = async ({ uid, gid }: OsUser, path: string) => {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
};

const unlessMissing = <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });

function isThere(error: NodeJS.ErrnoException): false {
  if (error.code !== 'EEXIST' && error.code !== 'ENOTEMPTY') throw error;
  return false;
}
