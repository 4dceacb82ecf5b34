import type { Draft } from './draft.js';
import { guideline, type GuidelineCommand, type GuidelineEvent, type RegisteredUnit, settings } from './guideline.js';
import type { UnitRole } from './task.js';
import { at, cities, finance, hefei, office, science, supervisor } from './testing.js';

export const register = new Map<string, RegisteredUnit>([
  ['省科技厅', { unitId: science, members: null }],
  ['科技厅', { unitId: science, members: null }],
  ['省财政厅', { unitId: finance, members: null }],
  ['各市人民政府', { unitId: cities, members: [hefei] }],
  ['各县人民政府', { unitId: office, members: [] }],
]);
export const acknowledgeBy = '2024-08-21';

export const unit = (name: string, role: UnitRole) => ({ name, role });
export const noDate = { dueOn: null, recurrence: null, words: null };
export const draft = (list: string, ...units: Draft['units']): Draft => ({
  list,
  path: ['三'],
  title: `item ${list}`,
  passage: [0, 9],
  span: [5, 9],
  units,
  openEnded: false,
  due: noDate,
  unsure: [],
});
export const doubt = { code: 'unit-not-known', details: { name: '有关部门' } };
export const first = draft('1', unit('省科技厅', 'lead'), unit('省财政厅', 'support'));
export const second = { ...draft('2', unit('省财政厅', 'lead'), unit('各市人民政府', 'responsible')), openEnded: true };
export const doubtful = { ...draft('2', unit('有关部门', 'support')), unsure: [doubt] };

export const document = {
  title: '先进光伏',
  number: null,
  issuer: '省政府办公厅',
  issuedOn: null,
  text: '…',
  sha256: '0'.repeat(64),
  supersedes: null,
  source: { name: 'a.txt', format: 'text', encoding: 'utf-8', places: [], notes: [], reader: 'text' },
};
export const because = { reason: 'read by mistake' };
export const imported = (...drafts: Draft[]): GuidelineEvent => ({ type: 'GuidelineImported', data: { ...document, drafts } });
export const rejected = (before: Draft): GuidelineEvent => ({ type: 'DraftRejected', data: { list: before.list, before, ...because } });
export const issued: GuidelineEvent = { type: 'GuidelineIssued', data: { settings: settings.parse({}), acknowledgeBy, tasks: [] } };
export const withdrawn: GuidelineEvent = { type: 'GuidelineWithdrawn', data: because };
export const part = (list: string, ...units: Draft['units']): Draft => ({ ...first, list, units });
export const split: GuidelineEvent = {
  type: 'DraftSplit',
  data: { list: '1', before: first, into: [part('1.1', first.units[0]!), part('1.2', first.units[1]!)] },
};
export const both: Draft = {
  ...first,
  units: [unit('省科技厅', 'lead'), unit('省财政厅', 'lead'), unit('各市人民政府', 'responsible')],
  openEnded: true,
  passages: [[0, 9]],
  merged: ['2'],
};
export const merged: GuidelineEvent = { type: 'DraftMerged', data: { lists: ['1', '2'], before: [first, second], into: both } };

export const importIt: GuidelineCommand = { type: 'ImportGuideline', data: { ...document, drafts: [first] } };
export const correct = (list: string, changes: Partial<Pick<Draft, 'units' | 'title' | 'due'>>): GuidelineCommand => ({
  type: 'CorrectDraft',
  data: { list, ...changes },
});
export const reject = (list: string): GuidelineCommand => ({ type: 'RejectDraft', data: { list, ...because } });
export const splitIt = (list: string): GuidelineCommand => ({
  type: 'SplitDraft',
  data: { list, into: first.units.map((unit) => ({ units: [unit] })) },
});
export const merge = (...lists: string[]): GuidelineCommand => ({ type: 'MergeDrafts', data: { lists } });
export const issue: GuidelineCommand = { type: 'IssueGuideline', data: { settings: settings.parse({}) } };
export const amend = (data: {
  title?: string;
  number?: string | null;
  issuer?: string | null;
  issuedOn?: string | null;
}): GuidelineCommand => ({
  type: 'AmendGuideline',
  data,
});
export const withdraw: GuidelineCommand = { type: 'WithdrawGuideline', data: because };

export const draftsAfter = (...facts: GuidelineEvent[]) =>
  facts.reduce((state, { type, data }) => guideline.evolve[type](state, data as never, { by: supervisor, at }), guideline.initial).drafts;
