import { z } from 'zod';
import type { Context } from './actor.js';
import { type Decider, type Message, type MessagesOf, Refused, type Rule } from './decider.js';
import { uuid } from './ids.js';
import { needs } from './permissions.js';

export const UNIT_KINDS = ['department', 'government', 'collective', 'other'] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];

const name = z.string().trim().min(2).max(200);
const members = z.array(uuid).max(5_000);
const reason = z.strictObject({ reason: z.string().trim().min(1).max(2_000) });

export const unitCommands = {
  RegisterUnit: z.strictObject({
    name,
    fullName: name.nullable().default(null),
    kind: z.enum(UNIT_KINDS),
    level: z.string().trim().max(50).nullable().default(null),
    parentId: uuid.nullable().default(null),
    aliases: z.array(name).max(50).default([]),
    members: members.nullable().default(null).describe('of a collective; null for every other kind'),
  }),
  RenameUnit: z.strictObject({ name, fullName: name.nullable().default(null) }),
  AddAlias: z.strictObject({ alias: name }),
  SetMembers: z.strictObject({ members: members.min(1) }),
  MergeUnit: z.strictObject({ intoId: uuid, reason: reason.shape.reason }),
  DissolveUnit: reason,
};
export type UnitCommand = MessagesOf<typeof unitCommands>;

export type UnitEvent =
  | Message<'UnitRegistered', z.infer<typeof unitCommands.RegisterUnit>>
  | Message<'UnitRenamed', { name: string; fullName: string | null }>
  | Message<'AliasAdded', { alias: string }>
  | Message<'MembersSet', { members: string[] }>
  | Message<'UnitMerged', { intoId: string; reason: string }>
  | Message<'UnitDissolved', { reason: string }>;

export type Unit = Readonly<{
  standing: 'unknown' | 'active' | 'merged' | 'dissolved';
  kind: UnitKind;
  name: string;
  fullName: string | null;
  aliases: readonly string[];
  members: readonly string[] | null;
  mergedInto: string | null;
}>;

/** `subject` is the unit the command is about. */
export type UnitContext = Context & Readonly<{ subject: string }>;
type UnitRule = Rule<Unit, UnitContext>;
const is =
  (...allowed: Unit['standing'][]): UnitRule =>
  ({ standing }) => {
    if (standing === 'unknown') throw new Refused('missing', 'unit.unknown');
    if (!allowed.includes(standing)) throw new Refused('conflict', `unit.${standing}`);
  };
/** Supervisors keep the register because it is they who meet an unknown name while they import. */
const keepsTheRegister = needs('system-admin', 'supervisor', 'system');

export const unit: Decider<Unit, UnitCommand, UnitEvent, UnitContext> = {
  category: 'unit',
  initial: { standing: 'unknown', kind: 'other', name: '', fullName: null, aliases: [], members: null, mergedInto: null },

  rules: {
    RegisterUnit: [keepsTheRegister],
    RenameUnit: [keepsTheRegister, is('active')],
    AddAlias: [keepsTheRegister, is('active')],
    SetMembers: [keepsTheRegister, is('active')],
    MergeUnit: [keepsTheRegister, is('active', 'merged')],
    DissolveUnit: [keepsTheRegister, is('active', 'dissolved')],
  },

  decide: {
    RegisterUnit({ standing, kind }, data) {
      if ((data.kind === 'collective') !== (data.members !== null)) throw new Refused('invalid', 'unit.members-of-collective');
      if (standing === 'unknown') return [{ type: 'UnitRegistered', data }];
      if (standing === 'active' && kind === data.kind) return [];
      throw new Refused('conflict', standing === 'active' ? 'unit.exists' : `unit.${standing}`);
    },

    RenameUnit: (state, data) => (state.name === data.name && state.fullName === data.fullName ? [] : [{ type: 'UnitRenamed', data }]),

    AddAlias: ({ name, aliases }, { alias }) => ([name, ...aliases].includes(alias) ? [] : [{ type: 'AliasAdded', data: { alias } }]),

    SetMembers({ kind, members }, data) {
      if (kind !== 'collective') throw new Refused('invalid', 'unit.members-of-collective');
      return JSON.stringify(members) === JSON.stringify(data.members) ? [] : [{ type: 'MembersSet', data }];
    },

    MergeUnit({ mergedInto }, data, { subject }) {
      if (data.intoId === subject) throw new Refused('invalid', 'unit.merge-into-itself');
      if (mergedInto === data.intoId) return [];
      if (mergedInto) throw new Refused('conflict', 'unit.merged');
      return [{ type: 'UnitMerged', data }];
    },

    DissolveUnit: ({ standing }, data) => (standing === 'dissolved' ? [] : [{ type: 'UnitDissolved', data }]),
  },

  evolve: {
    UnitRegistered: (state, { kind, name, fullName, aliases, members }) => ({
      ...state,
      standing: 'active',
      kind,
      name,
      fullName,
      aliases,
      members,
    }),
    UnitRenamed: (state, { name, fullName }) => ({
      ...state,
      name,
      fullName,
      aliases: [...new Set([...state.aliases, state.name, ...(state.fullName ? [state.fullName] : [])])].filter(
        (alias) => alias !== name && alias !== fullName,
      ),
    }),
    AliasAdded: (state, { alias }) => ({ ...state, aliases: [...state.aliases, alias] }),
    MembersSet: (state, { members }) => ({ ...state, members }),
    UnitMerged: (state, { intoId }) => ({ ...state, standing: 'merged', mergedInto: intoId }),
    UnitDissolved: (state) => ({ ...state, standing: 'dissolved' }),
  },
};
