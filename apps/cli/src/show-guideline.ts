import pc from 'picocolors';
import type { Draft } from '@app/domain/draft.js';
import type { Difference } from '@app/domain/versions.js';
import type { Language } from '@app/runtime/sentences.js';
import { showLists, showNotes } from './show-lists.js';
import type { Words } from './words.js';

export type Guideline = {
  id: string;
  title: string;
  number: string | null;
  issuer: string | null;
  issuedOn: string | null;
  revision: number;
  source: { notes: string[] };
  drafts: (Draft & Required<Pick<Draft, 'rules' | 'deadlines'>>)[];
  unsure: number;
  differences: Difference[] | null;
};

/** Prints a guideline's drafts, and for a next version what it keeps, changes, adds and drops. */
export function showGuideline(guideline: Guideline, say: Words, language: Language): void {
  const { title, number, issuer, issuedOn, drafts, differences, source } = guideline;
  console.log(pc.bold([title, number, issuer, issuedOn].filter(Boolean).join(' · ')));
  const of = new Map(differences?.map((difference) => [difference.list, difference]));
  const mark = (list: string) => {
    const difference = of.get(list);
    if (!difference) return `${list}.`;
    const fields = difference.fields.map((field) => say(`difference.field.${field}`)).join(language === 'zh' ? '、' : ', ');
    return `${list}. ${say(`difference.${difference.kind}`)}${fields && ` (${fields})`}`;
  };
  showLists(
    drafts.map((draft) => ({ ...draft, mark: mark(draft.list) })),
    say,
    language,
  );
  for (const { title } of differences?.filter(({ kind }) => kind === 'gone') ?? [])
    console.log(pc.red(`${say('difference.gone')} ${title}`));
  showNotes(source.notes, say, language);
}
