import { z } from 'zod';
import { ACCOUNT_ROLES, type AccountRole, type Context } from './actor.js';
import { type Decider, type Message, type MessagesOf, Refused, type Rule } from './decider.js';
import { uuid } from './ids.js';
import { mayBeHeldTogether, needs } from './permissions.js';

const login = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{1,63}$/u);
const name = z.string().trim().min(1).max(100);
const roles = z.array(z.enum(ACCOUNT_ROLES)).min(1);
const reason = z.strictObject({ reason: z.string().trim().min(1).max(500) });

export const accountCommands = {
  OpenAccount: z.strictObject({ login, name, unitId: uuid }),
  GrantRoles: z.strictObject({ roles }),
  RevokeRoles: z.strictObject({ roles }),
  MoveAccount: z.strictObject({ unitId: uuid }),
  ChangePassword: z.strictObject({}),
  CloseAccount: reason,
  SignIn: z.strictObject({}),
  RefuseSignIn: reason,
};
export type AccountCommand = MessagesOf<typeof accountCommands>;

/** Passwords and their hashes are never in an event. */
export type AccountEvent =
  | Message<'AccountOpened', { login: string; name: string; unitId: string }>
  | Message<'RolesGranted', { roles: AccountRole[] }>
  | Message<'RolesRevoked', { roles: AccountRole[] }>
  | Message<'AccountMoved', { unitId: string }>
  | Message<'PasswordChanged', object>
  | Message<'AccountClosed', { reason: string }>
  | Message<'SignedIn', object>
  | Message<'SignInRefused', { reason: string }>;

export type Account = Readonly<{
  standing: 'unknown' | 'active' | 'closed';
  login: string;
  name: string;
  unitId: string;
  roles: readonly AccountRole[];
}>;

/** `subject` is the account the command is about: nobody grants rights to themselves. */
export type AccountContext = Context & Readonly<{ subject: string }>;
type AccountRule = Rule<Account, AccountContext>;

const known: AccountRule = ({ standing }) => {
  if (standing === 'unknown') throw new Refused('missing', 'account.unknown');
};
const active: AccountRule = (state, context) => {
  known(state, context);
  if (state.standing === 'closed') throw new Refused('conflict', 'account.closed');
};
const opensAccounts = needs('system-admin', 'system');
const grantsRoles = needs('security-admin', 'system');
const notOneself: AccountRule = (_, { by, subject }) => {
  if (by.accountId === subject) throw new Refused('forbidden', 'account.own-rights');
};
const oneselfOrAdmin: AccountRule = (state, context) => {
  if (context.by.accountId !== context.subject) opensAccounts(state, context);
};

export const account: Decider<Account, AccountCommand, AccountEvent, AccountContext> = {
  category: 'account',
  initial: { standing: 'unknown', login: '', name: '', unitId: '', roles: [] },

  rules: {
    OpenAccount: [opensAccounts],
    GrantRoles: [grantsRoles, notOneself, active],
    RevokeRoles: [grantsRoles, notOneself, active],
    MoveAccount: [opensAccounts, active],
    ChangePassword: [oneselfOrAdmin, active],
    CloseAccount: [opensAccounts, notOneself, known],
    SignIn: [needs('system'), active],
    RefuseSignIn: [needs('system')],
  },

  decide: {
    OpenAccount({ standing, login, unitId }, data) {
      if (standing === 'unknown') return [{ type: 'AccountOpened', data }];
      if (standing === 'active' && login === data.login && unitId === data.unitId) return [];
      throw new Refused('conflict', 'account.exists', { login: data.login });
    },

    GrantRoles(state, { roles }) {
      const added = [...new Set(roles)].filter((role) => !state.roles.includes(role));
      if (added.length === 0) return [];
      if (!mayBeHeldTogether([...state.roles, ...added]))
        throw new Refused('conflict', 'account.roles-exclude', { roles: [...state.roles, ...added] });
      return [{ type: 'RolesGranted', data: { roles: added } }];
    },

    RevokeRoles(state, { roles }) {
      const held = state.roles.filter((role) => roles.includes(role));
      return held.length === 0 ? [] : [{ type: 'RolesRevoked', data: { roles: held } }];
    },

    /** Rights were granted for the old unit: they stay behind. */
    MoveAccount({ unitId, roles }, data) {
      if (unitId === data.unitId) return [];
      const left: AccountEvent[] = roles.length > 0 ? [{ type: 'RolesRevoked', data: { roles: [...roles] } }] : [];
      return [...left, { type: 'AccountMoved', data }];
    },
    ChangePassword: () => [{ type: 'PasswordChanged', data: {} }],

    CloseAccount: ({ standing }, data) => (standing === 'closed' ? [] : [{ type: 'AccountClosed', data }]),

    SignIn: () => [{ type: 'SignedIn', data: {} }],
    RefuseSignIn: ({ standing }, data) => (standing === 'unknown' ? [] : [{ type: 'SignInRefused', data }]),
  },

  evolve: {
    AccountOpened: (state, opened) => ({ ...state, ...opened, standing: 'active' }),
    RolesGranted: (state, { roles }) => ({ ...state, roles: [...state.roles, ...roles] }),
    RolesRevoked: (state, { roles }) => ({ ...state, roles: state.roles.filter((role) => !roles.includes(role)) }),
    AccountMoved: (state, { unitId }) => ({ ...state, unitId }),
    PasswordChanged: (state) => state,
    AccountClosed: (state) => ({ ...state, standing: 'closed' }),
    SignedIn: (state) => state,
    SignInRefused: (state) => state,
  },
};
