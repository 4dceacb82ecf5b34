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
  type DemoAccount,
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
      const lines = await loadOnce(app, dataDir, { empty: !demonstration, more: demonstration }, say);
      for (const line of newPassword ? await giveNewPassword(app, dataDir, !demonstration, say) : lines) console.log(line);
    } finally {
      await app.close();
    }
    return 0;
  };

/**
 * On the first start, and again when the first was cut off; `more` also where others were loaded before. Answers what to say about the accounts.
 */
export async function loadOnce(
  app: INestApplicationContext,
  dataDir: string,
  { empty, more = false }: { empty: boolean; more?: boolean },
  say: Words,
): Promise<string[]> {
  const mark = await readFile(loadedMark(dataDir), 'utf8').catch(() => null);
  const isMissing = mark !== RESTORED && accountsOf(empty).some((account) => !havingOf(mark ?? ELSEWHERE, empty).includes(account));
  const loaded = mark === null || (more && isMissing) ? await load(app, dataDir, empty, say) : mark;
  if (loaded === RESTORED) return [say('up.restored')];
  if (loaded === ELSEWHERE) return [say('up.accounts-elsewhere')];
  return accountsIn(dataDir, havingOf(loaded, empty), say);
}

/** Answers the mark. */
async function load(app: INestApplicationContext, dataDir: string, empty: boolean, say: Words): Promise<string> {
  const { password, file } = await demonstrationPassword(dataDir);
  console.error(say(empty ? 'up.making-accounts' : 'up.loading'));
  const { units, having } = await loadPeople(app, accountsOf(empty), password);
  if (!empty) {
    const { title, lists } = await loadGuideline(app);
    console.error(say('up.loaded', { units, title, lists }));
  }
  // Of a password that nobody has, nothing may stay.
  if (having.length === 0) await rm(file);
  return keepMark(dataDir, having);
}

async function keepMark(dataDir: string, having: readonly DemoAccount[]): Promise<string> {
  const mark = having.map(({ login }) => `${login}\n`).join('') || ELSEWHERE;
  await writeFile(loadedMark(dataDir), mark);
  return mark;
}

const accountsOf = (empty: boolean) => (empty ? ADMINISTRATORS : DEMO_ACCOUNTS);

/** Marks of before they named anybody are empty. */
const havingOf = (mark: string, empty: boolean) =>
  mark === '' ? accountsOf(empty) : DEMO_ACCOUNTS.filter(({ login }) => mark.split('\n').includes(login));

async function accountsIn(dataDir: string, having: readonly DemoAccount[], say: Words): Promise<string[]> {
  const { password, file } = await demonstrationPassword(dataDir);
  const lines = having.map(({ login, name, unit }) => `  ${pc.bold(login.padEnd(10))} ${name} · ${unit}`);
  return [say('up.accounts', { password: pc.bold(password), file }), ...lines];
}

/** For administrators who have lost theirs: whoever may run this has the database in hand anyway. */
async function giveNewPassword(app: INestApplicationContext, dataDir: string, empty: boolean, say: Words): Promise<string[]> {
  await rm(passwordFile(dataDir), { force: true });
  const { password } = await demonstrationPassword(dataDir);
  const accounts = accountsOf(empty);
  await renewPasswords(app, accounts, password);
  await keepMark(dataDir, accounts);
  return accountsIn(dataDir, accounts, say);
}
