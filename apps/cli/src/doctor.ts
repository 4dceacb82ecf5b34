import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import pc from 'picocolors';
import { DataSource } from 'typeorm';
import { type EventStore, StoreError } from '@app/event-store/event-store.js';
import { openEventStore } from '@app/event-store/open-event-store.js';
import { aheadOf } from '@app/read-models/ahead.js';
import { databaseOptions } from '@app/read-models/database.js';
import { healthOf } from '@app/read-models/health.js';
import { VIEWS } from '@app/read-models/views.js';
import { lookAtQueue } from '@app/reminders/queue.js';
import { type Configuration, readConfiguration } from '@app/runtime/configuration.js';
import { sentence } from '@app/runtime/sentences.js';
import { Unstartable, whyOf } from '@app/runtime/unstartable.js';
import { openDatabase } from './database.js';
import type { ExitCode } from './exit-code.js';
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
    const free = disk && disk.bavail * disk.bsize;
    if (free !== null)
      findings.push({ part: 'disk', ok: free > LITTLE_DISK, says: say('doctor.disk', { dir: dataDir, gb: (free / 1e9).toFixed(1) }) });
    findings.push(await serverFinding(host, port, say));
    try {
      findings.push(...(await databaseFindings(configuration, say)));
    } catch (error) {
      const [says = ''] = whyOf(error, language).says.split('\n');
      findings.push({ part: error instanceof StoreError ? 'events' : 'database', ok: false, says });
    }
    if (!findings.some(({ part }) => part === 'events')) findings.push(...(await eventsFindings(configuration, say)));
    if (configuration.queueUrl) findings.push(await queueFinding(configuration.queueUrl, configuration, say));
    const wrong = findings.filter(({ ok }) => !ok).length;
    if (json) console.log(JSON.stringify({ ok: wrong === 0, findings }, null, 2));
    else {
      for (const { part, ok, says } of findings) console.log(`${ok ? pc.green('✓') : pc.red('✗')} ${pc.bold(part.padEnd(22))} ${says}`);
      console.log(wrong === 0 ? say('doctor.fine') : pc.red(say('doctor.wrong', { n: wrong })));
    }
    return wrong === 0 ? 0 : 1;
  };

async function serverFinding(host: string, port: number, say: Words): Promise<Finding> {
  try {
    const { status } = await fetch(`http://${host}:${port}/health`, { signal: AbortSignal.timeout(5_000) });
    return { part: 'server', ok: status === 200, says: say('doctor.answers', { url: `http://localhost:${port}`, status }) };
  } catch {
    return { part: 'server', ok: true, says: say('doctor.not-running', { port }) };
  }
}

/** Of an event store that is elsewhere than the database, which could not lead to it. */
async function eventsFindings({ eventStoreUrl, language }: Configuration, say: Words): Promise<Finding[]> {
  if (!eventStoreUrl) return [];
  let store: EventStore | undefined;
  try {
    store = await openEventStore(eventStoreUrl);
    return [{ part: 'events', ok: true, says: say('doctor.head', { store: await store.describe(), head: (await store.head()) ?? '-' }) }];
  } catch (error) {
    return [{ part: 'events', ok: false, says: whyOf(error, language).says.split('\n')[0]! }];
  } finally {
    await store?.close();
  }
}

/** Nothing is lost while it is away: each worker then reminds by itself. */
async function queueFinding(queueUrl: string, { language }: Configuration, say: Words): Promise<Finding> {
  try {
    const { server, queue, keepsNothing } = await lookAtQueue(queueUrl);
    const advice = keepsNothing ? [sentence('queue.not-kept', { queue }, language)] : [];
    return { part: 'queue', ok: true, says: [say('doctor.queue', { server, queue }), ...advice].join(' ') };
  } catch (error) {
    // Connecting to a name with several addresses fails once for each.
    const { message } = (error instanceof AggregateError ? error.errors[0] : error) as Error;
    const isUnfit = error instanceof Unstartable;
    const says = isUnfit ? sentence(error.code, error.details, language) : say('doctor.queue-away', { reason: message });
    return { part: 'queue', ok: false, says };
  }
}

async function databaseFindings(configuration: Configuration, say: Words): Promise<Finding[]> {
  const { databaseUrl, eventStoreUrl, dataDir } = configuration;
  if (!databaseUrl && !existsSync(join(dataDir, 'postgres'))) return [{ part: 'database', ok: true, says: say('doctor.never-started') }];
  const database = await openDatabase(configuration);
  const db = new DataSource(databaseOptions(database.url));
  let store: EventStore | undefined;
  try {
    await db.initialize();
    const [{ version }] = await db.query<[{ version: string }]>(`select current_setting('server_version') as version`);
    const found: Finding[] = [{ part: 'database', ok: true, says: say('doctor.database', { version, where: database.where }) }];
    if (await db.showMigrations()) return [...found, { part: 'migrations', ok: false, says: say('doctor.migrations') }];
    store = await openEventStore(eventStoreUrl ?? database.url);
    const { store: description, head, lags, parked, builds } = await healthOf(store, db);
    found.push({ part: 'events', ok: true, says: say('doctor.head', { store: description, head: head ?? '-' }) });
    for (const { name, kind, position, behind, error, version } of lags) {
      const known = kind === 'view' ? VIEWS.find((view) => view.name === name)?.version : undefined;
      const isNewer = known !== undefined && version !== null && version > known;
      const says = behind ? say('doctor.behind', { position: position ?? '-' }) : say('doctor.current');
      if (isNewer) found.push({ part: `${kind} ${name}`, ok: false, says: say('doctor.newer', { found: version, known }) });
      else found.push({ part: `${kind} ${name}`, ok: error === null, says: error ?? says });
    }
    for (const { view, version, percent, perSecond, alive } of builds)
      found.push({
        part: `view ${view}`,
        ok: alive,
        says: say(alive ? 'doctor.building' : 'doctor.build-cut-off', { view, version, percent, rate: perSecond }),
      });
    for (const { name, position, head } of await aheadOf(store, db))
      found.push({ part: name, ok: false, says: say('doctor.ahead', { position, head: head ?? '-' }) });
    for (const { view, stream, error } of parked)
      found.push({ part: `view ${view}`, ok: false, says: say('doctor.parked', { view, stream, error }) });
    return found;
  } finally {
    await store?.close();
    if (db.isInitialized) await db.destroy();
    await database.leave();
  }
}
