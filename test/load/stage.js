import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import { ApiModule } from '../../dist/apps/api/src/api.module.js';
import { together } from '../../dist/apps/api/src/serve.js';
import { loadGuideline, loadPeople } from '../../dist/apps/cli/src/demonstration.js';
import { PlatformModule } from '../../dist/libs/commands/src/platform.module.js';
import { startPostgres } from '../../dist/libs/runtime/src/embedded-postgres.js';
import { query } from '../bench/databases.js';
import { until } from '../bench/measure.js';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
export const PASSWORD = 'a-password-of-the-load';

/** An embedded PostgreSQL, a place on it for the product, and processes of the product. `leave` ends and removes everything. */
export async function setStage({ api, worker, accounts, say }) {
  const folder = await mkdtemp(join(tmpdir(), 'duban-load-'));
  // As root the server runs as user postgres, who could not enter it otherwise.
  await chmod(folder, 0o755);
  const server = await startPostgres({ dir: join(folder, 'postgres') });
  const processes = [];
  const closing = [];
  let left;
  const leave = () =>
    (left ??= (async () => {
      await Promise.all(processes.map(({ end }) => end()));
      for (const close of closing) await close();
      await server.remove();
      await rm(folder, { recursive: true, force: true });
    })());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => void leave().finally(() => process.exit(130)));

  try {
    await query(server.url(), 'create database duban');
    const place = {
      databaseUrl: server.url('duban'),
      eventStoreUrl: process.env.EVENT_STORE_URL || null,
      queueUrl: process.env.QUEUE_URL || null,
    };
    // Who stands beside the product: opens the accounts, hears what the views took in, judges at the end.
    const app = await NestFactory.createApplicationContext(together(PlatformModule.at(place), ApiModule), { logger: ['error'] });
    closing.push(() => app.close());
    await app.init();
    for (let n = 0; n < worker; n++) processes.push(start(`worker ${n + 1}`, 'worker', settingsOf(place)));
    say(`${accounts.length} accounts, the register, a guideline of 885 shares`);
    await loadPeople(app, accounts, PASSWORD);
    await loadGuideline(app);
    const ports = [];
    for (let n = 0; n < api; n++) {
      const port = await freePort();
      const one = start(`api ${n + 1}`, 'api', { ...settingsOf(place), PORT: String(port) });
      processes.push(one);
      ports.push(port);
      await until(
        () =>
          one.alive() &&
          fetch(`http://127.0.0.1:${port}/health`).then(
            ({ ok }) => ok,
            () => false,
          ),
        `${one.name} answers`,
      );
    }
    const endApis = () => Promise.all(processes.filter(({ name }) => name.startsWith('api')).map(({ end }) => end()));
    return {
      endApis,
      place,
      app,
      ports,
      processes,
      postgres: { name: `PostgreSQL ${server.version}`, pid: server.pid, forks: true },
      leave,
    };
  } catch (error) {
    await leave();
    throw error;
  }
}

const settingsOf = ({ databaseUrl, eventStoreUrl, queueUrl }) => ({
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '',
  LOG_LEVEL: 'error',
  DATABASE_URL: databaseUrl,
  EVENT_STORE_URL: eventStoreUrl ?? '',
  QUEUE_URL: queueUrl ?? '',
});

function start(name, part, env) {
  const child = spawn(process.execPath, ['--max-semi-space-size=32', join(DIST, `apps/${part}/src/main.js`)], {
    env,
    stdio: ['ignore', 2, 2],
  });
  const gone = once(child, 'exit');
  const alive = () => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${name} ended with ${child.exitCode ?? child.signalCode}`);
    return true;
  };
  return {
    name,
    alive,
    pid: child.pid,
    async end() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await gone;
    },
  };
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
