import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { INestApplicationContext } from '@nestjs/common';
import pc from 'picocolors';
import { PlatformModule } from '@app/commands/platform.module.js';
import { readConfiguration } from '@app/runtime/configuration.js';
import { logTo } from '@app/runtime/log.js';
import { Unstartable } from '@app/runtime/unstartable.js';
import { ApiModule } from '../../api/src/api.module.js';
import { serve, together } from '../../api/src/serve.js';
import { WorkerModule } from '../../worker/src/worker.module.js';
import {
  ADMINISTRATORS,
  DEMO_ACCOUNTS,
  demonstrationPassword,
  ELSEWHERE,
  loadedMark,
  loadGuideline,
  loadPeople,
  passwordFile,
  renewPasswords,
  RESTORED,
} from './demonstration.js';
import type { ExitCode } from './exit-code.js';
import type { Words } from './words.js';

/** Makes the first accounts where api and worker run apart, and ends. Done before, it does nothing but what `newPassword` asks for. */
export const firstAccounts =
  (say: Words) =>
  async ({ demonstration, newPassword }: { demonstration: boolean; newPassword: boolean }): Promise<ExitCode> => {
    const { databaseUrl, dataDir, logLevel: _, ...place } = readConfiguration();
    if (databaseUrl === null) throw new Unstartable('start.no-database', { name: 'duban accounts' });
    await mkdir(dataDir, { recursive: true });
    const module = together(PlatformModule.at({ ...place, databaseUrl }), ApiModule, WorkerModule);
    const app = await serve(module, logTo('warn'));
    try {
      await app.init();
      const lines = await loadOnce(app, dataDir, !demonstration, say);
      for (const line of newPassword ? await giveNewPassword(app, dataDir, !demonstration, say) : lines) console.log(line);
    } finally {
      await app.close();
    }
    return 0;
  };

/** On the first start, and again when the first was cut off. Answers what to say about the accounts. */
export async function loadOnce(app: INestApplicationContext, dataDir: string, empty: boolean, say: Words): Promise<string[]> {
  const mark = loadedMark(dataDir);
  let loaded = await readFile(mark, 'utf8').catch(() => null);
  if (loaded === null) {
    const { password, file } = await demonstrationPassword(dataDir);
    console.error(say('up.loading'));
    const { units, allHaveIt } = await loadPeople(app, accountsOf(empty), password);
    if (!empty) {
      const { title, lists } = await loadGuideline(app);
      console.error(say('up.loaded', { units, title, lists }));
    }
    loaded = allHaveIt ? '' : ELSEWHERE;
    // Of a password that nobody has, nothing may stay.
    if (!allHaveIt) await rm(file);
    await writeFile(mark, loaded);
  }
  if (loaded === RESTORED) return [say('up.restored')];
  return loaded === ELSEWHERE ? [say('up.accounts-elsewhere')] : accountsIn(dataDir, empty, say);
}

const accountsOf = (empty: boolean) => (empty ? ADMINISTRATORS : DEMO_ACCOUNTS);

async function accountsIn(dataDir: string, empty: boolean, say: Words): Promise<string[]> {
  const { password, file } = await demonstrationPassword(dataDir);
  const lines = accountsOf(empty).map(({ login, name, unit }) => `  ${pc.bold(login.padEnd(10))} ${name} · ${unit}`);
  return [say('up.accounts', { password: pc.bold(password), file }), ...lines];
}

/** For administrators who have lost theirs: whoever may run this has the database in hand anyway. */
async function giveNewPassword(app: INestApplicationContext, dataDir: string, empty: boolean, say: Words): Promise<string[]> {
  await rm(passwordFile(dataDir), { force: true });
  const { password } = await demonstrationPassword(dataDir);
  await renewPasswords(app, accountsOf(empty), password);
  await writeFile(loadedMark(dataDir), '');
  return accountsIn(dataDir, empty, say);
}
