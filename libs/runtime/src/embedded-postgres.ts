import { rm, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import {
  dataIn,
  failureOf,
  giveTreeTo,
  majorVersionOf,
  makeData,
  moveToOpenPlace,
  OPEN_PLACE,
  passwordFor,
  reachable,
} from './data-folder.js';
import { amRoot, ourName, type OsUser, run, serverUser } from './os-user.js';
import { type PostgresPrograms, programsFor } from './postgres-programs.js';
import { type Language, languageOf, sentence, type SentenceCode, type SentenceDetails, type Tell } from './sentences.js';
import { lastPort, launch, type Postmaster, postmasterOf, stopServerOn } from './server-process.js';
import { explained, Unstartable } from './unstartable.js';

export type PostgresOptions = Readonly<{
  /** Where the data is wanted. Beside it lie `<dir>.password` and, where node_modules is out of reach, a copy of the programs. */
  dir: string;
  /** Otherwise the port of the last start when it is free, or any free one. A running server keeps the one it has. */
  port?: number;
  /** For tests: nothing is flushed to disk, and `stop()` removes the data. */
  throwAway?: boolean;
  onProgress?: (line: string) => void;
  /** Of the progress lines; otherwise what the environment says. */
  language?: Language;
}>;

export type Postgres = Readonly<{
  /** Of the superuser; database `postgres` unless named. */
  url(database?: string): string;
  port: number;
  pid: number;
  /** The server was running already, left over from a start that was killed. */
  reused: boolean;
  /** The real data folder, where `options.dir` may only lead to. */
  dir: string;
  /** Of the programs, such as 18.4. */
  version: string;
  /** Whoever holds it may stop it, also when it was reused; it ends open connections. A second call does nothing. */
  stop(): Promise<void>;
  /** Stops it and deletes the data, wherever it really lies, and the password. */
  remove(): Promise<void>;
  /** SIGKILL, as in a crash. */
  kill(): void;
}>;

/**
 * Starts PostgreSQL from the npm package on this data folder, or finds the server that runs on it.
 * The server is a process of its own that survives ours, listens on 127.0.0.1 only and runs as an ordinary OS user.
 * Throws `Unstartable`. The package's own class is not used: it dies with us, cannot take over a server left behind, and
 * ends the whole process when a folder is private.
 */
export function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const dir = resolve(options.dir);
  const tell = (code: SentenceCode, details: SentenceDetails) =>
    options.onProgress?.(sentence(code, details, options.language ?? languageOf(process.env)));
  const started = lastStart
    .then(() => start({ dir, port: options.port, throwAway: options.throwAway ?? false, tell }))
    .catch((error: unknown) => {
      throw explained(error, dir, ourName());
    });
  lastStart = started.catch(() => {});
  return started;
}

/** Starts of one process take turns: what they write is told apart by the process's number. */
let lastStart: Promise<unknown> = Promise.resolve();

type Wish = Readonly<{ dir: string; port: number | undefined; throwAway: boolean; tell: Tell }>;

async function start(wish: Wish): Promise<Postgres> {
  const { dir, throwAway, tell } = wish;
  const found = await dataIn(dir);
  const user = await serverUser(found);
  const programs = await programsFor(user, amRoot() ? OPEN_PLACE : dirname(dir), tell);
  const wanted = programs.version.split('.')[0] ?? '';
  const major = found === null ? wanted : await majorVersionOf(found);
  if (major !== wanted) throw new Unstartable('postgres.version', { dir, found: major, wanted });

  const { password, fresh } = await passwordFor(dir);
  if (found === null) tell('progress.making-data', { dir, version: programs.version });
  const real =
    found === null ? await makeData({ dir, user, programs, password, throwAway, tell }) : await withinReach(dir, found, user, tell);
  if (found === null && real !== dir) tell('progress.data-elsewhere', { dir, real, user: user.name });
  if (found !== null && fresh) await setPassword(real, user, programs, password);

  const url = (port: number, database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  const { server, reused } = await running(wish, real, user, programs, password, (port) => url(port, 'postgres'));
  const stop = () => stopServerOn(real);
  const remove = async () => {
    await stop();
    for (const path of [real, dir, `${dir}.password`]) await rm(path, { recursive: true, force: true });
  };
  return {
    url: (database = 'postgres') => url(server.port, database),
    port: server.port,
    pid: server.pid,
    reused,
    dir: real,
    version: programs.version,
    stop: throwAway ? remove : stop,
    remove,
    kill: () => void process.kill(server.pid, 'SIGKILL'),
  };
}

/** Data that was made by another user, or before its folder became private, is given to the server's user again. */
async function withinReach(dir: string, real: string, user: OsUser, tell: Tell): Promise<string> {
  if (user.uid === undefined) return real;
  if (!(await reachable(user, dirname(real)))) {
    await stopServerOn(real);
    return moveToOpenPlace(dir, real, user, tell);
  }
  if ((await stat(real)).uid === 0) await giveTreeTo(user, real);
  return real;
}

async function running(
  { port, throwAway, tell }: Wish,
  real: string,
  user: OsUser,
  programs: PostgresPrograms,
  password: string,
  url: (port: number) => string,
): Promise<{ server: Postmaster; reused: boolean }> {
  let refused: string | null = null;
  let said = false;
  const slow = () => {
    if (!said) tell('progress.recovering', {});
    said = true;
  };
  for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
    const server = await postmasterOf(real);
    if (server !== null) {
      const answer = server.ready ? await asks(url(server.port), real) : 'not-yet';
      if (answer === 'ours') return { server, reused: true };
      if (answer === 'wrong-password') await setPassword(real, user, programs, password);
      else if (answer === 'silent') await stopServerOn(real);
      else await wait(50);
      continue;
    }

    const at = port ?? (await portFor(real));
    if (!(await isFree(at))) throw new Unstartable('postgres.port-taken', { port: at });
    const launched = await launch(programs.postgres, real, user, settingsOf(at, throwAway), slow);
    if (launched.ok) return { server: launched.server, reused: false };
    // Lost against another start, or the dead server's last children are still leaving: look again.
    const passing =
      /lock file "postmaster.pid" (already exists|is empty)|pre-existing shared memory block|could not bind|Address already in use/;
    if (!passing.test(launched.output))
      throw await withFullDiskNamed(failureOf(launched.output, real, user, join(real, 'server.log')), real);
    refused = launched.output;
    await wait(200);
  }
  throw failureOf(refused ?? 'another server on this folder neither answers nor ends', real, user, join(real, 'server.log'));
}

const settingsOf = (port: number, throwAway: boolean) => [
  `port=${port}`,
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'shared_buffers=128MB',
  'timezone=UTC',
  'log_timezone=UTC',
  ...(throwAway ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : ['fsync=on']),
];

/** A full disk takes the server's log as well, and then nothing else says why it ended. */
async function withFullDiskNamed(failure: Unstartable, real: string): Promise<Unstartable> {
  const { bavail, bsize } = await statfs(real);
  return failure.code === 'postgres.failed' && bavail * bsize < 1 << 20 ? new Unstartable('postgres.disk-full', { dir: real }) : failure;
}

/** The password file was lost: only a server that nobody can connect to takes a new one without the old. */
async function setPassword(real: string, user: OsUser, programs: PostgresPrograms, password: string): Promise<void> {
  await stopServerOn(real);
  const set = await run(programs.postgres, ['--single', '-D', real, 'postgres'], user, `ALTER ROLE postgres PASSWORD '${password}'\n`);
  if (!set.ok) throw failureOf(set.output, real, user);
}

/** Another program may listen on the port that a lock file names, so the server is asked which folder it serves. */
async function asks(url: string, real: string): Promise<'ours' | 'wrong-password' | 'not-yet' | 'silent'> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`);
    return rows[0]?.folder === real ? 'ours' : 'silent';
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === '28P01') return 'wrong-password';
    if (code === '57P03') return 'not-yet';
    // It is full of clients, so it is well.
    return code === '53300' ? 'ours' : 'silent';
  } finally {
    await client.end().catch(() => {});
  }
}

async function portFor(real: string): Promise<number> {
  const last = await lastPort(real);
  return last !== null && (await isFree(last)) ? last : listenOnce(0);
}

const isFree = (port: number) =>
  listenOnce(port).then(
    () => true,
    () => false,
  );

const listenOnce = (port: number) =>
  new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
