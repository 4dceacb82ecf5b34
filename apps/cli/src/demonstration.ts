import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { DecideAccount } from '@app/commands/decide-account.js';
import { DecideUnit } from '@app/commands/decide-unit.js';
import { ImportGuideline } from '@app/commands/import-guideline.js';
import { IssueGuideline } from '@app/commands/issue-guideline.js';
import { type AccountRole, type Actor, SYSTEM } from '@app/domain/actor.js';
import { type DataOf, Refused } from '@app/domain/decider.js';
import { type GuidelineEvent, settings } from '@app/domain/guideline.js';
import { accountIdOf, idFrom, unitIdOf } from '@app/domain/ids.js';
import type { UnitKind } from '@app/domain/unit.js';
import { ViewProgress } from '@app/read-models/progress.js';
import { CHECKOUT } from '@app/runtime/checkout.js';
import { Passwords } from '../../api/src/identity/passwords.js';
import { Sessions } from '../../api/src/identity/sessions.js';

const FOLDER = join(CHECKOUT, 'apps/cli/demo');
export const GUIDELINE_FILE = join(FOLDER, 'anhui-guideline.txt');

export type DemoAccount = Readonly<{ login: string; name: string; unit: string; roles: readonly AccountRole[] }>;

const OFFICE = '省政府督查室';
/** Whoever runs the system: separate people, none with a business role. */
export const ADMINISTRATORS: readonly DemoAccount[] = [
  { login: 'system', name: '系统管理员', unit: OFFICE, roles: ['system-admin'] },
  { login: 'security', name: '安全管理员', unit: OFFICE, roles: ['security-admin'] },
  { login: 'audit', name: '审计员', unit: OFFICE, roles: ['auditor'] },
];
/** Titles, not people. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  { login: 'ducha', name: '督查员', unit: OFFICE, roles: ['supervisor'] },
  { login: 'keji', name: '科技厅经办人', unit: '省科技厅', roles: ['member'] },
  { login: 'keji-head', name: '科技厅负责人', unit: '省科技厅', roles: ['head'] },
  { login: 'caizheng', name: '财政厅经办人', unit: '省财政厅', roles: ['member'] },
  { login: 'hefei', name: '合肥市经办人', unit: '合肥市人民政府', roles: ['member', 'head'] },
  ...ADMINISTRATORS,
];

type UnitOfFile = { name: string; fullName: string; aliases: string[]; kind: UnitKind; level: string; parent?: string; members?: string[] };

/**
 * Registers the units and opens the accounts; every command has an id of its own, so that a cut-off load goes on where it was. Nobody's
 * password is changed: answers the accounts that have this one.
 */
export async function loadPeople(
  app: INestApplicationContext,
  accounts: readonly DemoAccount[],
  password: string,
): Promise<{ units: number; having: DemoAccount[] }> {
  const [commands, passwords] = [app.get(CommandBus), app.get(Passwords)];
  const { units } = JSON.parse(await readFile(join(FOLDER, 'anhui-units.json'), 'utf8')) as { units: UnitOfFile[] };
  const office: UnitOfFile = { name: OFFICE, fullName: '安徽省人民政府督查室', aliases: [], kind: 'department', level: 'province' };
  for (const { name, fullName, aliases, kind, level, parent, members } of [office, ...units]) {
    const data = {
      name,
      fullName,
      aliases,
      kind,
      level,
      parentId: parent ? unitIdOf(parent) : null,
      members: members?.map(unitIdOf) ?? null,
    };
    await commands.execute(
      new DecideUnit(unitIdOf(name), { type: 'RegisterUnit', data }, SYSTEM, { id: idFrom('demonstration', 'unit', name) }),
    );
  }
  const having: DemoAccount[] = [];
  for (const account of accounts) {
    const { login, name, unit, roles } = account;
    const id = accountIdOf(login);
    const open = { type: 'OpenAccount', data: { login, name, unitId: unitIdOf(unit) } } as const;
    await commands.execute(new DecideAccount(id, open, SYSTEM, { id: idFrom('demonstration', 'account', login) }));
    await commands.execute(
      new DecideAccount(id, { type: 'GrantRoles', data: { roles: [...roles] } }, SYSTEM, { id: idFrom('demonstration', 'roles', login) }),
    );
    if (await passwords.setFirst(id, password)) having.push(account);
  }
  return { units: units.length + 1, having };
}

/** Imports the guideline and issues it, as the demonstration's supervisor. */
export async function loadGuideline(app: INestApplicationContext): Promise<{ title: string; lists: number }> {
  const commands = app.get(CommandBus);
  const by: Actor = { accountId: accountIdOf('ducha'), name: '督查员', unitId: unitIdOf(OFFICE), unitName: OFFICE, roles: ['supervisor'] };
  const file = { name: 'anhui-guideline.txt', bytes: await readFile(GUIDELINE_FILE) };
  const imported = await commands.execute(new ImportGuideline(file, by, { id: idFrom('demonstration', 'import') }));
  // Issuing asks the register, which is a view.
  if (imported.position) await app.get(ViewProgress).reached(imported.position, 30_000);
  await commands
    .execute(new IssueGuideline(imported.guidelineId, { settings: settings.parse({}) }, by, { id: idFrom('demonstration', 'issue') }))
    .catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
    });
  const { title, drafts } = imported.events[0]!.data as DataOf<GuidelineEvent, 'GuidelineImported'>;
  return { title, lists: drafts.length };
}

/** Gives them a new password, in the name of the product, as nobody can sign in to do it; everywhere they are signed out. */
export async function renewPasswords(app: INestApplicationContext, accounts: readonly DemoAccount[], password: string): Promise<void> {
  for (const { login } of accounts) {
    const id = accountIdOf(login);
    await app.get(CommandBus).execute(new DecideAccount(id, { type: 'ChangePassword', data: {} }, SYSTEM, { id: randomUUID() }));
    await app.get(Passwords).set(id, password);
    await app.get(Sessions).closeAll(id);
  }
}

/** The mark where it names nobody: the accounts came with a backup, or were made from another folder over the same database. */
export const RESTORED = 'restored\n';
export const ELSEWHERE = 'elsewhere\n';
/** There once the first start has loaded what it loads; names whose password lies beside it, a login a line. */
export const loadedMark = (dataDir: string) => join(dataDir, 'loaded');

export const passwordFile = (dataDir: string) => join(dataDir, 'demonstration-password');

/** The password of all demonstration accounts: made once, at random, so that no installation has a known one. */
export async function demonstrationPassword(dataDir: string): Promise<{ password: string; file: string }> {
  const file = passwordFile(dataDir);
  const known = await readFile(file, 'utf8').catch(() => null);
  if (known) return { password: known.trim(), file };
  const password = randomBytes(9).toString('base64url');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return { password, file };
}
