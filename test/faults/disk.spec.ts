import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rename, rm, stat, statfs, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { instantAt } from '@app/calendar/days.js';
import { type Postgres, startPostgres } from '@app/runtime/embedded-postgres.js';
import { Deployment } from '../support/deployment.js';
import { eventually, PATIENCE_MS } from '../support/eventually.js';
import type { Load } from '../support/load.js';
import { inFailures } from '../support/oracle.js';

const mayMount =
  spawnSync('sh', ['-c', 'd=$(mktemp -d) && mount -t tmpfs tmpfs "$d" && umount "$d"; s=$?; rmdir "$d"; exit $s']).status === 0;
if (!mayMount) process.stderr.write('nobody but root may mount a disk of his own: the specs of a full disk are left out\n');

(mayMount ? describe : describe.skip)('when the disk of the database is full', () => {
  let folder: string;
  let disk: string;
  let postgres: Postgres;
  let product: Deployment;
  let load: Load;
  let database: pg.Client;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duban-disk-'));
    await chmod(folder, 0o755);
    disk = join(folder, 'disk');
    await mkdir(disk);
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=200m,mode=755', 'tmpfs', disk]);
    const dir = join(disk, 'postgres');
    postgres = await startPostgres({ dir });
    // Its journal is on another disk, as it should be: without room for that a server ends and starts again until there is some.
    await postgres.stop();
    const { uid, gid } = await stat(join(dir, 'PG_VERSION'));
    const wal = join(folder, 'wal');
    spawnSync('cp', ['-a', join(dir, 'pg_wal'), wal]);
    await chown(wal, uid, gid);
    await rename(join(dir, 'pg_wal'), join(dir, 'pg_wal.old'));
    await rm(join(dir, 'pg_wal.old'), { recursive: true });
    await symlink(wal, join(dir, 'pg_wal'));
    postgres = await startPostgres({ dir });
    const sql = new pg.Client({ connectionString: postgres.url() });
    await sql.connect();
    await sql.query('create database duban');
    await sql.end();
    database = new pg.Client({ connectionString: postgres.url('duban') });
    product = await Deployment.start({ databaseUrl: postgres.url('duban') }, { workers: 2 });
    await database.connect();
    // That a person is still there may find room in a page; not so after ten past ten.
    await database.query(`
      create function full_disk() returns trigger language plpgsql as $$ begin raise exception 'no space left' using errcode = 'disk_full'; end $$;
      create trigger full_disk before update on app.session for each row when (new."seenAt" > '2026-11-24 10:10+08')
        execute function full_disk()`);
    load = await product.load(8);
  }, 240_000);

  afterAll(async () => {
    await load?.stop();
    await product?.stop();
    await database?.end();
    await postgres?.stop();
    if (disk) spawnSync('umount', [disk]);
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('commands are refused with when to come back, readers go on, and all is well again once there is space', async () => {
    load.start();
    await load.acknowledges(50);
    const { bavail, bsize } = await statfs(disk);
    await writeFile(join(disk, 'filler'), Buffer.alloc(bavail * bsize)).catch(() => {});
    const before = load.ledger.failures.length;
    await eventually(async () => load.ledger.failures.length > before + 20, 'commands are refused', PATIENCE_MS);
    // Their session was seen last some minutes ago, which is to be noted.
    for (const api of product.apis) await api.setClock(instantAt('2026-11-24', '10:15'));
    const reading = await product.supervisor.get('/tasks');
    expect([reading.status, (await fetch(`${product.urls[0]}/metrics`)).status]).toEqual([200, 200]);
    expect(inFailures(load.ledger.failures)).toEqual([]);
    expect(new Set(load.ledger.failures.map(({ status }) => status))).toEqual(new Set([503]));

    await rm(join(disk, 'filler'));
    await load.acknowledges(50);
    await product.isWell();
    await load.stop();
    await load.settle();
    expect(await product.broken(load)).toEqual([]);
    expect(product.programs.map(({ lives }) => lives)).toEqual([1, 1, 1]);
  }, 240_000);
});
