import { z } from 'zod';
import type { Context } from './actor.js';
import { type Decider, type Message, type MessagesOf, Refused, type Rule } from './decider.js';
import { corrected, correction, draft, type Draft, list, mergedOf, replaced } from './draft.js';
import { day, type Due, type Deadline } from './due.js';
import { guidelineIdOf, taskIdOf, uuid } from './ids.js';
import { needs } from './permissions.js';
import { type Assignee, heavier } from './task.js';

const words = z.string().trim().min(1).max(2_000);
const reason = z.strictObject({ reason: words });
/** The numbers of the rules for dates and lights; days are calendar days unless they say working days. */
export const settings = z.strictObject({
  /** Working days after issue within which a unit signs for its assignment. */
  acknowledgeWithin: z.int().min(1).max(60).default(2),
  /** Days before the due date from which the light is yellow. */
  yellowWithin: z.int().min(0).max(365).default(15),
  /** Days before the due date on which lead units are reminded; 0 is the day itself. */
  leadRemindedBefore: z.array(z.int().min(0).max(365)).max(20).default([30, 7, 3, 1, 0]),
  supportRemindedBefore: z.array(z.int().min(0).max(365)).max(20).default([7, 0]),
  /** Days between reminders of what is overdue. */
  overdueEvery: z.int().min(1).max(365).default(7),
});
export type Settings = z.infer<typeof settings>;

/** How the text came out of the file. A place reaches from its offset in the text to the next one. */
const source = z.strictObject({
  name: z.string().max(255),
  format: z.string(),
  encoding: z.string().nullable(),
  places: z.array(
    z.strictObject({
      at: z.int().nonnegative(),
      page: z.int().optional(),
      paragraph: z.int().optional(),
      sheet: z.string().optional(),
      row: z.int().optional(),
    }),
  ),
  notes: z.array(z.string()),
  reader: z.string(),
});
export type Source = z.infer<typeof source>;

export const guidelineCommands = {
  ImportGuideline: z.strictObject({
    title: words,
    number: z.string().max(100).nullable(),
    issuer: z.string().max(200).nullable(),
    issuedOn: day.nullable(),
    text: z.string().min(1),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    supersedes: uuid.nullable().default(null).describe('the guideline of which this is the next version'),
    source,
    drafts: z.array(draft),
  }),
  CorrectDraft: correction.extend({ list }),
  RejectDraft: reason.extend({ list }),
  SplitDraft: z.strictObject({
    list,
    into: z
      .array(correction.required({ units: true }))
      .min(2)
      .max(20),
  }),
  MergeDrafts: z.strictObject({ lists: z.array(list).min(2).max(20) }),
  IssueGuideline: z.strictObject({ settings: settings.prefault({}) }),
  AmendGuideline: z.strictObject({
    title: words.optional(),
    number: z.string().trim().max(100).nullable().optional(),
    issuer: z.string().trim().max(200).nullable().optional(),
    issuedOn: day.nullable().optional(),
  }),
  SupersedeGuideline: z.strictObject({ by: uuid }),
  WithdrawGuideline: reason,
};
type Amendment = z.infer<typeof guidelineCommands.AmendGuideline>;
export type GuidelineCommand = MessagesOf<typeof guidelineCommands>;

/** What a draft says about when, once the terms that count from the day of issue have their days. */
export type CountedDates = Readonly<{ due: Due; deadlines: Deadline[] }>;

/** What one list obliges to, with the collectives' members of that day, and the dates that came with it. */
export type IssuedTask = Readonly<{ list: string; was: string | null; assignees: Assignee[] }> & Partial<CountedDates>;

/** The task that a list became, or goes on as. */
export const taskOf = (guidelineId: string, { list, was }: Readonly<{ list: string; was?: string | null }>) =>
  was ?? taskIdOf(guidelineId, list);

export type GuidelineEvent =
  | Message<'GuidelineImported', z.infer<typeof guidelineCommands.ImportGuideline>>
  | Message<'DraftCorrected', { list: string; before: Draft; after: Draft }>
  | Message<'DraftRejected', { list: string; before: Draft; reason: string }>
  | Message<'DraftSplit', { list: string; before: Draft; into: Draft[] }>
  | Message<'DraftMerged', { lists: string[]; before: Draft[]; into: Draft }>
  | Message<'GuidelineIssued', { settings: Settings; acknowledgeBy: string; tasks: IssuedTask[] }>
  | Message<'GuidelineAmended', Amendment>
  | Message<'GuidelineSuperseded', { by: string }>
  | Message<'GuidelineWithdrawn', { reason: string }>;

export type Guideline = Readonly<{
  standing: 'unknown' | 'draft' | 'issued' | 'superseded' | 'withdrawn';
  supersedes: string | null;
  title: string;
  number: string | null;
  issuer: string | null;
  issuedOn: string | null;
  drafts: readonly Draft[];
}>;

/** A unit of the register, found by a name or an alias; `members` for a collective. */
export type RegisteredUnit = Readonly<{ unitId: string; members: string[] | null }>;

/**
 * Only issuing asks for these: the register's answer to every name in the drafts, the last day to sign, the dates of the lists where issuing
 * makes them other than they stand, and how the version before stands when this is the next one.
 */
export type GuidelineContext = Context &
  Readonly<{
    register?: ReadonlyMap<string, RegisteredUnit>;
    acknowledgeBy?: string;
    counted?: ReadonlyMap<string, CountedDates>;
    previous?: Guideline['standing'];
  }>;
type GuidelineRule = Rule<Guideline, GuidelineContext>;

const known: GuidelineRule = ({ standing }) => {
  if (standing === 'unknown') throw new Refused('missing', 'guideline.unknown');
};
const isDraft: GuidelineRule = ({ standing }) => {
  if (standing !== 'draft') throw new Refused('conflict', `guideline.${standing}`);
};
const supervised = [known, needs('supervisor')];

export const guideline: Decider<Guideline, GuidelineCommand, GuidelineEvent, GuidelineContext> = {
  category: 'guideline',
  initial: { standing: 'unknown', supersedes: null, title: '', number: null, issuer: null, issuedOn: null, drafts: [] },
  consequences: ['SupersedeGuideline'],

  rules: {
    ImportGuideline: [needs('supervisor')],
    CorrectDraft: [...supervised, isDraft],
    RejectDraft: [...supervised, isDraft],
    SplitDraft: [...supervised, isDraft],
    MergeDrafts: [...supervised, isDraft],
    IssueGuideline: [
      ...supervised,
      ({ standing }) => {
        if (standing === 'withdrawn' || standing === 'superseded') throw new Refused('conflict', `guideline.${standing}`);
      },
    ],
    AmendGuideline: [...supervised, isDraft],
    SupersedeGuideline: [
      ...supervised,
      ({ standing }) => {
        if (standing !== 'issued' && standing !== 'superseded') throw new Refused('conflict', 'guideline.previous-not-issued');
      },
    ],
    WithdrawGuideline: [
      ...supervised,
      ({ standing }) => {
        if (standing === 'superseded') throw new Refused('conflict', 'guideline.superseded');
      },
    ],
  },

  decide: {
    ImportGuideline({ standing, title }, data) {
      if (standing !== 'unknown')
        throw new Refused('conflict', 'guideline.imported-before', { title, guidelineId: guidelineIdOf(data.sha256) });
      return [{ type: 'GuidelineImported', data }];
    },

    CorrectDraft(state, { list, ...changes }) {
      const before = found(state, list);
      const after = corrected(before, changes);
      return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ type: 'DraftCorrected', data: { list, before, after } }];
    },

    RejectDraft(state, { list, reason }) {
      return has(state, list) ? [{ type: 'DraftRejected', data: { list, before: found(state, list), reason } }] : [];
    },

    SplitDraft(state, { list, into }) {
      if (!has(state, list) && state.drafts.some((draft) => draft.list.startsWith(`${list}.`))) return [];
      const whole = found(state, list);
      const parts = into.map((changes, n) => corrected({ ...whole, list: `${list}.${n + 1}` }, changes));
      return [{ type: 'DraftSplit', data: { list, before: whole, into: parts } }];
    },

    MergeDrafts(state, data) {
      const lists = [...new Set(data.lists)];
      const [first, ...others] = lists;
      if (!first || others.length === 0) throw new Refused('invalid', 'draft.merge-needs-two');
      const into = found(state, first);
      if (others.every((list) => into.merged?.includes(list))) return [];
      const merged = others.map((list) => found(state, list));
      return [{ type: 'DraftMerged', data: { lists, before: [into, ...merged], into: mergedOf(into, merged) } }];
    },

    IssueGuideline(state, { settings }, { register, acknowledgeBy, counted, previous }) {
      if (state.standing === 'issued') return [];
      if (state.supersedes && previous !== 'issued') throw new Refused('conflict', 'guideline.previous-not-issued');
      if (!register || !acknowledgeBy) throw new Error('issuing needs the register and the day to sign by');
      if (state.drafts.length === 0) throw new Refused('conflict', 'guideline.nothing-to-issue');
      const unsure = state.drafts.filter((draft) => draft.unsure.length > 0 || draft.units.length === 0).map(({ list }) => list);
      if (unsure.length > 0) throw new Refused('conflict', 'guideline.unsure', { lists: unsure });
      const named = [...new Set(state.drafts.flatMap(({ units }) => units.map(({ name }) => name)))];
      const strangers = named.filter((name) => !register.has(name));
      if (strangers.length > 0) throw new Refused('conflict', 'guideline.unit-not-registered', { units: strangers });
      const empty = named.filter((name) => register.get(name)?.members?.length === 0);
      if (empty.length > 0) throw new Refused('conflict', 'guideline.collective-without-members', { units: empty });
      const tasks = state.drafts.map((draft) => ({ ...issued(draft, register), ...counted?.get(draft.list) }));
      return [{ type: 'GuidelineIssued', data: { settings, acknowledgeBy, tasks } }];
    },

    AmendGuideline(state, data) {
      const changes = Object.entries(data).filter(([field, value]) => value !== state[field as keyof Amendment]);
      return changes.length === 0 ? [] : [{ type: 'GuidelineAmended', data: Object.fromEntries(changes) }];
    },

    SupersedeGuideline: ({ standing }, data) => (standing === 'superseded' ? [] : [{ type: 'GuidelineSuperseded', data }]),

    WithdrawGuideline: ({ standing }, data) => (standing === 'withdrawn' ? [] : [{ type: 'GuidelineWithdrawn', data }]),
  },

  evolve: {
    GuidelineImported: (state, { title, number, issuer, issuedOn, drafts, supersedes }) => ({
      ...state,
      standing: 'draft',
      supersedes,
      title,
      number,
      issuer,
      issuedOn,
      drafts,
    }),
    DraftCorrected: (state, { list, after }) => replaced(state, [list], [after]),
    DraftRejected: (state, { list }) => replaced(state, [list], []),
    DraftSplit: (state, { list, into }) => replaced(state, [list], into),
    DraftMerged: (state, { lists, into }) => replaced(state, lists, [into]),
    GuidelineIssued: (state, { tasks }) => ({ ...state, standing: 'issued', drafts: state.drafts.map((draft) => dated(draft, tasks)) }),
    GuidelineAmended: (state, changes) => ({ ...state, ...changes }),
    GuidelineSuperseded: (state) => ({ ...state, standing: 'superseded' }),
    GuidelineWithdrawn: (state) => ({ ...state, standing: 'withdrawn' }),
  },
};

const has = ({ drafts }: Guideline, list: string) => drafts.some((draft) => draft.list === list);

function found({ drafts }: Guideline, list: string): Draft {
  const draft = drafts.find((draft) => draft.list === list);
  if (!draft) throw new Refused('missing', 'draft.unknown', { list });
  return draft;
}

/** The draft with the dates that issuing gave it. */
function dated(draft: Draft, tasks: readonly IssuedTask[]): Draft {
  const { due, deadlines } = tasks.find(({ list }) => list === draft.list) ?? {};
  return due && deadlines ? { ...draft, due, deadlines } : draft;
}

/** A unit that a list names twice (under two of its names) is named once, in the heavier role. */
function issued({ list, was = null, units }: Draft, register: ReadonlyMap<string, RegisteredUnit>): IssuedTask {
  const assignees = new Map<string, Assignee>();
  for (const { name, role } of units) {
    const unit = register.get(name)!;
    assignees.set(unit.unitId, { ...unit, role: heavier(assignees.get(unit.unitId)?.role ?? role, role) });
  }
  return { list, was, assignees: [...assignees.values()] };
}
