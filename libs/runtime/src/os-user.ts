import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { Unstartable } from './unstartable.js';

/** Whom a server process runs as. Without `uid` it is whoever runs us. */
export type OsUser = Readonly<{ name: string; uid?: number; gid?: number }>;

/** A user of a container may have a number only. */
export function ourName(): string {
  try {
    return userInfo().username;
  } catch {
    return `#${process.getuid?.()}`;
  }
}

export const amRoot = () => process.getuid?.() === 0;

/** As root a PostgreSQL needs somebody else: the owner of the data that is there, or the system user `postgres`, made when missing. */
export async function serverUser(data: string | null): Promise<OsUser> {
  if (!amRoot()) return { name: ourName() };
  const owner = data === null ? null : await stat(data);
  if (owner !== null && owner.uid !== 0) {
    const called = await run('id', ['-un', String(owner.uid)], { name: 'root' });
    return { name: called.ok ? called.output.trim() : `#${owner.uid}`, uid: owner.uid, gid: owner.gid };
  }
  const known = await idsOf('postgres');
  if (known) return known;

  const group = /^postgres:/m.test(await readFile('/etc/group', 'utf8').catch(() => '')) ? ['--gid', 'postgres'] : ['--user-group'];
  const made = await run('useradd', ['--system', ...group, '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'], {
    name: 'root',
  });
  // Two first starts at once: the loser's useradd fails although the user is there.
  const user = await idsOf('postgres');
  if (!user) throw new Unstartable('postgres.no-user', { reason: made.output.trim().split('\n').at(-1) ?? '' });
  return user;
}

async function idsOf(name: string): Promise<OsUser | null> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name], { name: 'root' })));
  return uid?.ok && gid?.ok ? { name, uid: Number(uid.output), gid: Number(gid.output) } : null;
}

/** Asked of the kernel in that user's name: mode bits know neither the folders above nor access lists. */
export const mayEnter = async (user: OsUser, folder: string): Promise<boolean> =>
  (await run('/bin/sh', ['-c', 'test -x "$0" && test -r "$0"', folder], user)).ok;

/** Runs a program to its end; one that cannot even be started is reported the same way as one that failed. */
export function run(file: string, args: readonly string[], user: OsUser, input = ''): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    let output = '';
    const failed = (error: Error) => resolve({ ok: false, output: `${output}${error.message}` });
    let child: ChildProcess;
    try {
      child = spawn(file, args, { ...processOf(user), stdio: 'pipe' });
    } catch (error) {
      // A user id that the kernel refuses is thrown, not emitted.
      return failed(error as Error);
    }
    child.on('error', failed);
    child.on('close', (code) => resolve({ ok: code === 0, output }));
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/**
 * The surroundings of a server process. Its own folder, since it may not be allowed in ours; none of our variables,
 * since PGDATA, PGOPTIONS or LD_LIBRARY_PATH would change what it does; English messages, since we read them.
 */
export const processOf = ({ uid, gid }: OsUser) => ({
  uid,
  gid,
  cwd: '/',
  env: { PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin`, LC_ALL: 'C', LANG: 'C' },
});
