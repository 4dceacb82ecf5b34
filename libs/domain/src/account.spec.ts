import { account, accountCommands, type AccountCommand, type AccountContext, type AccountEvent } from './account.js';
import { type AccountRole, type Actor, SYSTEM } from './actor.js';
import { answers, at, auditor, finance, given, head, member, science, securityAdmin, supervisor, systemAdmin } from './testing.js';

const subject = member(science).accountId;
const { records, quiet, refuses } = answers(account, (by): AccountContext => ({ by, at, subject }));
const ask = (facts: AccountEvent[], command: AccountCommand, by: Actor, subject = member(science).accountId) =>
  given(account)(...facts).when(command, { by, at, subject });

const person = { login: 'jing.ban', name: '经办人', unitId: science };
const because = { reason: 'left the office' };

const opened: AccountEvent = { type: 'AccountOpened', data: person };
const granted = (...roles: AccountRole[]): AccountEvent => ({ type: 'RolesGranted', data: { roles } });
const revoked = (...roles: AccountRole[]): AccountEvent => ({ type: 'RolesRevoked', data: { roles } });
const moved: AccountEvent = { type: 'AccountMoved', data: { unitId: finance } };
const closed: AccountEvent = { type: 'AccountClosed', data: because };

const open: AccountCommand = { type: 'OpenAccount', data: person };
const grant = (...roles: AccountRole[]): AccountCommand => ({ type: 'GrantRoles', data: { roles } });
const revoke = (...roles: AccountRole[]): AccountCommand => ({ type: 'RevokeRoles', data: { roles } });
const move: AccountCommand = { type: 'MoveAccount', data: { unitId: finance } };
const changePassword: AccountCommand = { type: 'ChangePassword', data: {} };
const close: AccountCommand = { type: 'CloseAccount', data: because };
const signIn: AccountCommand = { type: 'SignIn', data: {} };
const refuseSignIn: AccountCommand = { type: 'RefuseSignIn', data: { reason: 'wrong password' } };

describe('opening an account', () => {
  records([['who it is for, without any rights', [], open, systemAdmin, [opened]]]);
  quiet([['that account is open', [opened], open, systemAdmin]]);
  refuses([
    ['a login that somebody has', [opened, moved], open, systemAdmin, 'account.exists'],
    ['a login that somebody had', [opened, closed], open, systemAdmin, 'account.exists'],
  ]);
});

describe('granting roles', () => {
  records([
    ['what is new', [opened, granted('member')], grant('member', 'head', 'head'), securityAdmin, [granted('head')]],
    ['an exclusive role to somebody without any', [opened], grant('auditor'), securityAdmin, [granted('auditor')]],
    [
      'another role after the one it excludes was revoked',
      [opened, granted('auditor'), revoked('auditor')],
      grant('member'),
      SYSTEM,
      [granted('member')],
    ],
  ]);
  quiet([['they are held', [opened, granted('member', 'head')], grant('head'), securityAdmin]]);
  refuses([
    ['an auditor who does business', [opened, granted('member')], grant('auditor'), securityAdmin, 'account.roles-exclude'],
    [
      'a security administrator who runs the system',
      [opened, granted('system-admin')],
      grant('security-admin'),
      securityAdmin,
      'account.roles-exclude',
    ],
    ['two exclusive roles at once', [opened], grant('auditor', 'system-admin'), securityAdmin, 'account.roles-exclude'],
  ]);
});

describe('revoking roles', () => {
  records([['what was held', [opened, granted('member')], revoke('member', 'head'), securityAdmin, [revoked('member')]]]);
  quiet([['none of them is held', [opened, granted('member'), revoked('member')], revoke('member'), securityAdmin]]);
});

describe('moving an account', () => {
  records([
    ['to which unit', [opened], move, systemAdmin, [moved]],
    ['that its rights stay behind', [opened, granted('head')], move, systemAdmin, [revoked('head'), moved]],
  ]);
  quiet([['it belongs to that unit', [opened, moved], move, systemAdmin]]);
});

describe('changing a password', () => {
  const changed = [{ type: 'PasswordChanged', data: {} }];
  records([
    ['that its owner did, and nothing of it', [opened], changePassword, member(science), changed],
    ['that the administrator did', [opened, { type: 'PasswordChanged', data: {} }], changePassword, systemAdmin, changed],
  ]);
  refuses([['somebody else', [opened], changePassword, head(science), 'role.missing']]);
});

describe('closing an account', () => {
  records([['why', [opened], close, systemAdmin, [closed]]]);
  quiet([['it was closed before', [opened, closed], close, systemAdmin]]);
});

describe('signing in', () => {
  const signedIn: AccountEvent = { type: 'SignedIn', data: {} };
  const refused: AccountEvent = { type: 'SignInRefused', data: { reason: 'wrong password' } };
  records([
    ['every time', [opened, signedIn], signIn, SYSTEM, [signedIn]],
    ['every refusal', [opened, refused], refuseSignIn, SYSTEM, [refused]],
    ['a refusal after the account was closed', [opened, closed], refuseSignIn, SYSTEM, [refused]],
  ]);
  quiet([['nobody has that login', [], refuseSignIn, SYSTEM]]);
});

describe('who is refused', () => {
  it.each([open, move, close])('$type: everybody but system administrators', (command) => {
    for (const by of [securityAdmin, supervisor, head(science), auditor]) expect(() => ask([opened], command, by)).toThrow('role.missing');
  });

  it.each([grant('head'), revoke('member')])('$type: everybody but security administrators', (command) => {
    for (const by of [systemAdmin, supervisor, head(science), auditor]) expect(() => ask([opened], command, by)).toThrow('role.missing');
  });

  it.each([signIn, refuseSignIn])('$type: everybody but the product itself', (command) => {
    for (const by of [systemAdmin, securityAdmin, member(science)]) expect(() => ask([opened], command, by)).toThrow('role.missing');
  });

  it.each([
    [grant('supervisor'), securityAdmin],
    [revoke('security-admin'), securityAdmin],
    [close, systemAdmin],
  ])('%o: the person themselves', (command, by) => {
    expect(() => ask([opened], command, by, by.accountId)).toThrow('account.own-rights');
  });
});

describe('an account that is unknown or closed', () => {
  const by: Record<string, Actor> = { GrantRoles: securityAdmin, RevokeRoles: securityAdmin, SignIn: SYSTEM };
  const commands = [grant('head'), revoke('member'), move, changePassword, signIn];

  it.each([...commands, close])('$type: is refused when unknown', (command) => {
    expect(() => ask([], command, by[command.type] ?? systemAdmin)).toThrow('account.unknown');
  });

  it.each(commands)('$type: is refused when closed', (command) => {
    expect(() => ask([opened, closed], command, by[command.type] ?? systemAdmin)).toThrow('account.closed');
  });
});

it('cannot be given the role of the product itself', () => {
  expect(accountCommands.GrantRoles.safeParse({ roles: ['system'] }).success).toBe(false);
});
