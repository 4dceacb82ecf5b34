import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { CHECKOUT } from './checkout.js';
import { OPEN_PLACE } from './data-folder.js';
import { type Postgres, type PostgresOptions, startPostgres } from './embedded-postgres.js';

const root = process.getuid?.() === 0;
let folder: string;
const left = new Set<Postgres>();
const mounted: string[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'duban-embedded-'));
  chmodSync(folder, 0o755);
});

afterAll(async () => {
  for (const server of left) await server.stop();
  for (const path of mounted) spawnSync('umount', [path]);
  rmSync(folder, { recursive: true, force: true });
});

async function start(name: string, options: Partial<PostgresOptions> = {}): Promise<Postgres> {
  const server = await startPostgres({ dir: join(folder, name), language: 'en', ...options });
  left.add(server);
  return server;
}

async function ask(server: Postgres, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url() });
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

const refusalOf = (starting: Promise<Postgres>) => starting.then(() => null).catch((error: unknown) => error);

describe('starting', () => {
  it('serves PostgreSQL 18 in UTF-8 on 127.0.0.1 alone, with a password, flushing to disk', async () => {
    const server = await start('plain');
    expect(server).toMatchObject({ reused: false, dir: join(folder, 'plain'), version: expect.stringMatching(/^18\./) });
    const settings = ['server_encoding', 'listen_addresses', 'unix_socket_directories', 'fsync', 'max_connections', 'TimeZone'];
    const rows = await ask(server, `select ${settings.map((name) => `current_setting('${name}')`).join(', ')}`);
    expect(rows).toEqual(['UTF8', '127.0.0.1', '', 'on', '200', 'UTC']);
    expect(await ask(server, 'select datlocprovider, datlocale from pg_database where datname = current_database()')).toEqual([
      'b',
      'C.UTF-8',
    ]);

    const stranger = new pg.Client({ connectionString: server.url().replace(/:[^:@]+@/, ':wrong@') });
    await expect(stranger.connect()).rejects.toThrow('password authentication failed');
    expect(statSync(join(folder, 'plain.password')).mode & 0o777).toBe(0o600);
    await server.stop();
    await server.stop();
  });

  it('finds its data and its port again', async () => {
    const first = await start('again');
    await ask(first, 'create table kept as select 42 as number');
    await first.stop();
    const second = await start('again');
    expect(second).toMatchObject({ reused: false, port: first.port });
    expect(await ask(second, 'select number from kept')).toEqual([42]);
    await second.stop();
  });

  it('finds the server again that a killed process left behind, with what was written', async () => {
    const script = `import(${JSON.stringify(join(CHECKOUT, 'dist/libs/runtime/src/embedded-postgres.js'))})
      .then(({ startPostgres }) => startPostgres({ dir: ${JSON.stringify(join(folder, 'orphan'))} }))
      .then(({ pid }) => { process.stdout.write(String(pid)); setInterval(() => {}, 1000); });`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [pid] = (await once(parent.stdout, 'data')) as [Buffer];
    parent.kill('SIGKILL');
    await once(parent, 'exit');

    const server = await start('orphan');
    expect(server).toMatchObject({ reused: true, pid: Number(pid) });
    await server.stop();
    expect(existsSync(join(folder, 'orphan', 'postmaster.pid'))).toBe(false);
  });

  it('recovers what was committed before the server itself was killed', async () => {
    const first = await start('crash');
    await ask(first, 'create table kept as select 42 as number');
    first.kill();
    const second = await start('crash');
    expect(second.reused).toBe(false);
    expect(await ask(second, 'select number from kept')).toEqual([42]);
    await second.stop();
  });

  it('gives three starts at once the same server', async () => {
    const servers = await Promise.all([1, 2, 3].map(() => start('together')));
    expect(new Set(servers.map(({ pid }) => pid)).size).toBe(1);
    expect(servers.filter(({ reused }) => !reused)).toHaveLength(1);
    await servers[0]?.stop();
  });

  it('is not fooled by a lock file whose process number belongs to another program', async () => {
    await (await start('borrowed')).stop();
    writeFileSync(
      join(folder, 'borrowed', 'postmaster.pid'),
      `${process.pid}\n${join(folder, 'borrowed')}\n0\n1\n\n127.0.0.1\n0 0\nready\n`,
    );
    const server = await start('borrowed');
    expect(server.reused).toBe(false);
    await server.stop();
  });

  it('is not stopped by the empty lock file that a full disk or a power cut leaves', async () => {
    await (await start('empty')).stop();
    const file = join(folder, 'empty', 'postmaster.pid');
    writeFileSync(file, '');
    utimesSync(file, 0, 0);
    const server = await start('empty');
    expect(server.reused).toBe(false);
    await server.stop();
  });

  it('gives the server a new password when the file of the old one is lost', async () => {
    const first = await start('forgotten');
    rmSync(join(folder, 'forgotten.password'));
    const second = await start('forgotten');
    expect(second.url()).not.toBe(first.url());
    expect(await ask(second, 'select 1')).toEqual([1]);
    await second.stop();
  });

  it('starts anew where a start was killed half-way, and deletes nothing it did not make', async () => {
    const lines: string[] = [];
    mkdirSync(join(folder, 'half', 'base'), { recursive: true });
    writeFileSync(join(folder, 'half', 'PG_VERSION'), '18\n');
    mkdirSync(join(folder, 'half.making-4194305'));
    const server = await start('half', { onProgress: (line) => lines.push(line) });
    expect(await ask(server, 'select 1')).toEqual([1]);
    const kept = readdirSync(folder).filter((name) => name.startsWith('half'));
    expect(kept).toEqual(['half', expect.stringMatching(/^half\.aside-\d{8}T\d{6}$/), 'half.password']);
    expect(lines).toContainEqual(expect.stringContaining('nothing was deleted'));
    await server.stop();
  });

  it('works in a folder that only its owner may enter', async () => {
    const lines: string[] = [];
    mkdirSync(join(folder, 'private'), { mode: 0o700 });
    const dir = join(folder, 'private', 'data');
    const options = { dir, throwAway: true, onProgress: (line: string) => lines.push(line) };
    const server = await start('private', options);
    expect(await ask(server, 'select 1')).toEqual([1]);
    expect(existsSync(join(dir, 'PG_VERSION'))).toBe(true);
    expect(lstatSync(dir).isSymbolicLink()).toBe(root);
    expect(server.dir.startsWith(root ? OPEN_PLACE : dir)).toBe(true);
    expect(lines.some((line) => line.includes('the data lies in'))).toBe(root);
    expect(await start('private', options)).toMatchObject({ reused: true, dir: server.dir });
    await server.stop();
    expect([existsSync(server.dir), existsSync(dir)]).toEqual([false, false]);
  });

  it('follows when the folder becomes private later', async () => {
    mkdirSync(join(folder, 'closing'));
    const dir = join(folder, 'closing', 'data');
    const open = await start('closing', { dir });
    await ask(open, 'create table kept as select 42 as number');
    chmodSync(join(folder, 'closing'), 0o700);
    const server = await start('closing', { dir });
    expect(await ask(server, 'select number from kept')).toEqual([42]);
    expect(server.reused).toBe(!root);
    await server.remove();
    expect([existsSync(server.dir), existsSync(dir)]).toEqual([false, false]);
  });

  it('leaves nothing of a throw-away server', async () => {
    const server = await start('thrown', { throwAway: true });
    expect(await ask(server, `select current_setting('fsync')`)).toEqual(['off']);
    await server.stop();
    expect(readdirSync(folder).filter((name) => name.startsWith('thrown'))).toEqual([]);
  });
});

describe('refusing to start', () => {
  it('names both versions when the data is of another major version, and leaves it alone', async () => {
    mkdirSync(join(folder, 'old', 'global'), { recursive: true });
    writeFileSync(join(folder, 'old', 'PG_VERSION'), '17\n');
    writeFileSync(join(folder, 'old', 'global', 'pg_control'), '');
    expect(await refusalOf(start('old'))).toMatchObject({ code: 'postgres.version', details: { found: '17', wanted: '18' } });
    expect(readFileSync(join(folder, 'old', 'PG_VERSION'), 'utf8')).toBe('17\n');
  });

  it('names the folder when nobody may write there', async () => {
    // Not even root makes folders in /sys.
    expect(await refusalOf(start('', { dir: '/sys/duban/data' }))).toMatchObject({ code: 'postgres.no-permission' });
  });

  it('names the port when another program has it', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const { port } = other.address() as { port: number };
    expect(await refusalOf(start('port', { port, throwAway: true }))).toMatchObject({ code: 'postgres.port-taken', details: { port } });
    await new Promise((closed) => other.close(closed));
  });

  const tmpfs = (name: string, megabytes: number): string => {
    const path = join(folder, name);
    mkdirSync(path);
    spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', path]);
    mounted.push(path);
    return join(path, 'data');
  };

  (mayMount() ? describe : describe.skip)('on a full disk (needs a user who may mount one)', () => {
    it('says so when the data folder cannot be made', async () => {
      const dir = tmpfs('small', 16);
      expect(await refusalOf(start('small', { dir }))).toMatchObject({ code: 'postgres.disk-full' });
    });

    it('says so when the server cannot start, and starts once there is room', async () => {
      const dir = tmpfs('filled', 96);
      await (await start('filled', { dir })).stop();
      spawnSync('dd', ['if=/dev/zero', `of=${dir}.filler`, 'bs=64k']);
      expect(await refusalOf(start('filled', { dir }))).toMatchObject({ code: 'postgres.disk-full' });
      rmSync(`${dir}.filler`);
      await (await start('filled', { dir })).stop();
    });
  });
});

function mayMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'duban-mount-'));
  const may = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path]).status === 0;
  if (may) spawnSync('umount', [path]);
  rmSync(path, { recursive: true });
  return may;
}
