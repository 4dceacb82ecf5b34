import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pc from 'picocolors';
import { PlatformModule } from '@app/commands/platform.module.js';
import { readConfiguration } from '@app/runtime/configuration.js';
import { refuseUnfitQueue } from '@app/reminders/queue.js';
import { logTo } from '@app/runtime/log.js';
import { endSoon, stopSignal } from '@app/runtime/stopping.js';
import { explained, explainedListening, Unstartable } from '@app/runtime/unstartable.js';
import { ApiModule } from '../../api/src/api.module.js';
import { listen, serve, together } from '../../api/src/serve.js';
import { WorkerModule } from '../../worker/src/worker.module.js';
import { openDatabase } from './database.js';
import type { ExitCode } from './exit-code.js';
import { loadOnce } from './first-start.js';
import type { Words } from './words.js';

/** Starts everything in one process, and stays until it is told to stop. */
export const up =
  (say: Words) =>
  async ({ empty }: { empty: boolean }): Promise<ExitCode> => {
    const configuration = readConfiguration();
    const { host, port, dataDir, eventStoreUrl, queueUrl } = configuration;
    await mustBeFree(host, port);
    if (queueUrl) await refuseUnfitQueue(queueUrl);
    const release = await claim(dataDir);
    const stopped = stopSignal(configuration.language);
    try {
      console.error(say('up.starting-database'));
      const database = await openDatabase(configuration);
      try {
        console.error(say('up.starting'));
        const logger = logTo(process.env['LOG_LEVEL'] ? configuration.logLevel : 'warn');
        const app = await serve(
          together(PlatformModule.at({ databaseUrl: database.url, eventStoreUrl, queueUrl }), ApiModule, WorkerModule),
          logger,
        );
        // Whatever goes wrong on the way, nothing of it may keep the process alive.
        try {
          await app.init();
          const accounts = await loadOnce(app, dataDir, { empty }, say);
          await listen(app, host, port);

          console.log(`\n${pc.bold(say('up.ready', { url: pc.cyan(`http://localhost:${port}`) }))}\n`);
          for (const line of accounts) console.log(line);
          console.log(`\n${say('up.stop', { dir: dataDir })}`);
          await stopped;
          console.error(`\n${say('up.stopping')}`);
        } finally {
          const callOff = endSoon(configuration.language);
          await app.close();
          callOff();
        }
      } finally {
        await database.stop();
      }
    } finally {
      await release();
    }
    console.error(say('up.stopped'));
    return 0;
  };

/** Before anything is started for it. */
function mustBeFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => reject(explainedListening(error, host, port) as Error));
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

/** One process at a time runs on a data folder; a mark that a killed one left behind is taken over. */
async function claim(dataDir: string): Promise<() => Promise<void>> {
  const file = join(dataDir, 'up.pid');
  try {
    await mkdir(dataDir, { recursive: true });
    const holder = Number(await readFile(file, 'utf8').catch(() => '0'));
    if (holder > 0 && holder !== process.pid && (await isDuban(holder))) throw new Unstartable('up.running', { pid: holder, dir: dataDir });
    await writeFile(file, String(process.pid));
  } catch (error) {
    throw explained(error, dataDir, process.env['USER'] ?? String(process.getuid?.() ?? ''));
  }
  return () => rm(file, { force: true });
}

const isDuban = (pid: number) =>
  readFile(`/proc/${pid}/cmdline`, 'utf8').then(
    (line) => line.includes('apps/cli'),
    () => false,
  );
