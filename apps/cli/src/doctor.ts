import { statfs } from 'node:fs/promises';
import pc from 'picocolors';
import { DataSource } from 'typeorm';
import { PostgresEventStore } from '@app/event-store/postgres.js';
import { databaseOptions } from '@app/read-models/database.js';
import { healthOf } from '@app/read-models/health.js';
import { readConfiguration } from '@app/runtime/configuration.js';
import { sentence } from '@app/runtime/sentences.js';
import { Unstartable } from '@app/runtime/unstartable.js';
import { openDatabase } from './database.js';
import type { ExitCode } from './main.js';
import type { Words } from './words.js';

type Finding = Readonly<{ part: string; ok: boolean; says: string }>;

const LITTLE_DISK = 500_000_000;

/** What runs where, in which version, how far behind, and what is wrong. Starts an embedded database that is down, and stops it again. */
export const doctor =
  (say: Words) =>
  async ({ json }: { json: boolean }): Promise<ExitCode> => {
    const configuration = readConfiguration();
    const { host, port, dataDir, language } = configuration;
    const findings: Finding[] = [{ part: 'node', ok: true, says: `${process.version} ${process.platform}-${process.arch}` }];
    const disk = await statfs(dataDir).catch(() => null);
    if (disk)
      findings.push({
        part: 'disk',
        ok: disk.bavail * disk.bsize > LITTLE_DISK,
        says: `${((disk.bavail * disk.bsize) / 1e9).toFixed(1)} GB free at ${dataDir}`,
      });
    const http = await fetch(`http://${host}:${port}/health`).then(
      (response) => response.status,
      () => null,
    );
    findings.push({
      part: 'server',
      ok: http === null || http === 200,
      says: http === null ? `not running on port ${port}` : `http://localhost:${port} answers ${http}`,
    });
    try {
      findings.push(...(await databaseFindings(configuration)));
    } catch (error) {
      findings.push({
        part: 'database',
        ok: false,
        says: error instanceof Unstartable ? sentence(error.code, error.details, language) : (error as Error).message,
      });
    }
    const wrong = findings.filter(({ ok }) => !ok).length;
    if (json) console.log(JSON.stringify({ ok: wrong === 0, findings }, null, 2));
    else {
      for (const { part, ok, says } of findings) console.log(`${ok ? pc.green('✓') : pc.red('✗')} ${pc.bold(part.padEnd(22))} ${says}`);
      console.log(wrong === 0 ? say('doctor.fine') : pc.red(say('doctor.wrong', { n: wrong })));
    }
    return wrong === 0 ? 0 : 1;
  };

async function databaseFindings(configuration: ReturnType<typeof readConfiguration>): Promise<Finding[]> {
  const database = await openDatabase(configuration);
  const db = new DataSource(databaseOptions(database.url));
  const store = new PostgresEventStore(database.url);
  try {
    await db.initialize();
    const [{ version }] = await db.query<[{ version: string }]>(`select current_setting('server_version') as version`);
    const found: Finding[] = [{ part: 'database', ok: true, says: `PostgreSQL ${version} at ${database.where}` }];
    if (await db.showMigrations()) return [...found, { part: 'migrations', ok: false, says: 'some have not run: start ./duban up once' }];
    const { store: description, head, lags } = await healthOf(store, db);
    found.push({ part: 'events', ok: true, says: `${description}, head ${head ?? '-'}` });
    for (const { name, kind, position, behind, error } of lags)
      found.push({
        part: `${kind} ${name}`,
        ok: error === null,
        says: error ?? (behind ? `behind, at ${position || 'the beginning'}` : 'up to date'),
      });
    return found;
  } finally {
    await store.close();
    if (db.isInitialized) await db.destroy();
    await database.leave();
  }
}
