import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { INestApplicationContext } from '@nestjs/common';
import pc from 'picocolors';
import { PlatformModule } from '@app/commands/platform.module.js';
import { readConfiguration } from '@app/runtime/configuration.js';
import { logTo } from '@app/runtime/log.js';
import { Unstartable } from '@app/runtime/unstartable.js';
import { ApiModule } from '../../api/src/api.module.js';
import { serve, together } from '../../api/src/serve.js';
import { WorkerModule } from '../../worker/src/worker.module.js';
import { ADMINISTRATORS, DEMO_ACCOUNTS, demonstrationPassword, loadedMark, loadGuideline, loadPeople, RESTORED } from './demonstration.js';
import type { ExitCode } from './exit-code.js';
import type { Words } from './words.js';

/** Makes the first accounts where api and worker run apart, and ends. Done before, it does nothing. */
export const firstAccounts =
  (say: Words) =>
  async ({ demonstration }: { demonstration: boolean }): Promise<ExitCode> => {
    const { databaseUrl, dataDir, logLevel: _, ...place } = readConfiguration();
    if (databaseUrl === null) throw new Unstartable('start.no-database', { name: 'duban accounts' });
    await mkdir(dataDir, { recursive: true });
    const module = together(PlatformModule.at({ ...place, databaseUrl }), ApiModule, WorkerModule);
    const app = await serve(module, logTo('warn'));
    try {
      await app.init();
      for (const line of await loadOnce(app, dataDir, !demonstration, say)) console.log(line);
    } finally {
      await app.close();
    }
    return 0;
  };

/** On the first start, and again when the first was cut off. Answers what to say about the accounts. */
export async function loadOnce(app: INestApplicationContext, dataDir: string, empty: boolean, say: Words): Promise<string[]> {
  const mark = loadedMark(dataDir);
  const loaded = await readFile(mark, 'utf8').catch(() => null);
  if (loaded === RESTORED) return [say('up.restored')];
  const { password, file } = await demonstrationPassword(dataDir);
  const accounts = empty ? ADMINISTRATORS : DEMO_ACCOUNTS;
  if (loaded === null) {
    console.error(say('up.loading'));
    const units = await loadPeople(app, accounts, password);
    if (!empty) {
      const { title, lists } = await loadGuideline(app);
      console.error(say('up.loaded', { units, title, lists }));
    }
    await writeFile(mark, '');
  }
  const lines = accounts.map(({ login, name, unit }) => `  ${pc.bold(login.padEnd(10))} ${name} · ${unit}`);
  return [say('up.accounts', { password: pc.bold(password), file }), ...lines];
}
