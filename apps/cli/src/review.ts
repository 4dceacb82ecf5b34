import { type Command, Option } from 'commander';
import pc from 'picocolors';
import type { Draft } from '@app/domain/draft.js';
import type { Difference } from '@app/domain/versions.js';
import type { UnitKind } from '@app/domain/unit.js';
import type { Language } from '@app/runtime/sentences.js';
import type { Client } from './client.js';
import type { ExitCode } from './exit-code.js';
import { showLists } from './show-lists.js';
import { type Door, signedIn } from './signed-in.js';
import type { Words } from './words.js';

export type Guideline = {
  id: string;
  title: string;
  number: string | null;
  drafts: Draft[];
  unsure: number;
  differences: Difference[] | null;
};
type Done = { id: string; position: string };
type Named = Readonly<Partial<Record<(typeof ROLES)[number], string>>>;

/** Collectives need members: they come with the register, not from here. */
const KINDS: readonly UnitKind[] = ['department', 'government', 'other'];
const ROLES = ['lead', 'support', 'guide', 'responsible'] as const;

/** Adds `duban review …`: a supervisor's look at the drafts of a guideline, and every correction of them. */
export function addReview(program: Command, say: Words, language: Language, done: (code: ExitCode) => void): void {
  const review = program.command('review').description(say('help.review'));
  const verb = <Options>(words: string, help: string, act: (client: Client, args: string[], options: Options) => Promise<unknown>) =>
    review
      .command(words)
      .description(help)
      .option('--url <url>', say('help.url'), process.env['DUBAN_URL'] ?? `http://localhost:${process.env['PORT'] ?? 3000}`)
      .option('--login <name>', say('help.login'))
      .action(async (...all: unknown[]) => {
        const options = all.at(-2) as Door & Options;
        done(
          await signedIn(options, say, language, async (client) => void (await act(client, all.slice(0, -2).flat() as string[], options))),
        );
      });
  const show = async (client: Client, id: string, after?: string) =>
    showGuideline(await client.get<Guideline>(`/guidelines/${id}`, after), say, language);
  const correct = async (client: Client, [id, list]: string[], path: string, body: unknown, method: 'POST' | 'PUT' | 'PATCH' = 'POST') => {
    const { position } = await client.send<Done>(method, `/guidelines/${id}/drafts/${list}${path}`, body);
    await show(client, id!, position);
  };

  verb('show <guideline>', say('help.review.show'), (client, [id]) => show(client, id!));

  const correction = verb(
    'correct <guideline> <list>',
    say('help.review.correct'),
    (client, args, { title, due, ...named }: Corrections) => {
      const units = unitsOf(named);
      const changes = { ...(units.length > 0 ? { units } : {}), ...(title ? { title } : {}), ...(due ? { due: { dueOn: due } } : {}) };
      return correct(client, args, '', changes, 'PATCH');
    },
  );
  for (const role of ROLES) correction.option(`--${role} <units>`, say('help.review.units', { role: say(`role.${role}`) }));
  correction.option('--title <title>', say('help.review.title')).option('--due <day>', say('help.review.due'));

  verb('reject <guideline> <list>', say('help.review.reject'), (client, args, { reason }: { reason: string }) =>
    correct(client, args, '/rejection', { reason }, 'PUT'),
  ).requiredOption('--reason <reason>', say('help.review.reason'));

  verb('split <guideline> <list>', say('help.review.split'), (client, args, { part }: { part: string[] }) =>
    correct(client, args, '/parts', { into: part.map((text) => ({ units: unitsOf(partOf(text)) })) }),
  ).requiredOption('--part <units...>', say('help.review.part'));

  verb('merge <guideline> <lists...>', say('help.review.merge'), async (client, [id, ...lists]) => {
    const { position } = await client.post<Done>(`/guidelines/${id}/merged-drafts`, { lists });
    await show(client, id!, position);
  });

  verb('register <unit>', say('help.review.register'), async (client, [name], { kind }: { kind: string }) => {
    await client.post<Done>('/units', { name, kind });
    console.log(say('review.registered', { name: name! }));
  }).addOption(new Option('--kind <kind>', say('help.review.kind')).choices(KINDS).default('department'));

  verb('issue <guideline>', say('help.review.issue'), async (client, [id]) => {
    const { position } = await client.post<Done>(`/guidelines/${id}/issue`);
    const { tasks, assignments } = await client.get<{ tasks: number; assignments: number }>(`/guidelines/${id}`, position);
    console.log(say('review.issued', { tasks, assignments }));
  });
}

type Corrections = Named & { title?: string; due?: string };

/** `省科技厅、省财政厅` or with commas. */
const unitsOf = (named: Named) =>
  ROLES.flatMap((role) => (named[role] ?? '').split(/[、,，]/).flatMap((name) => (name.trim() ? [{ name: name.trim(), role }] : [])));

/** `lead=省科技厅;support=省财政厅、省教育厅` */
const partOf = (text: string): Named => Object.fromEntries(text.split(/[;；]/).map((pair) => pair.split('=', 2)));

/** A guideline's drafts, and for a next version what it keeps, changes, adds and drops. */
export function showGuideline({ title, number, drafts, differences }: Guideline, say: Words, language: Language): void {
  console.log(pc.bold([title, number].filter(Boolean).join(' · ')));
  const of = new Map(differences?.map((difference) => [difference.list, difference]));
  const mark = (list: string) => {
    const difference = of.get(list);
    return `${list}.${difference ? ` ${say(`difference.${difference.kind}`)}${difference.fields.length > 0 ? `(${difference.fields.join(', ')})` : ''}` : ''}`;
  };
  showLists(
    drafts.map((draft) => ({ ...draft, dates: datesOf(draft), mark: mark(draft.list) })),
    say,
    language,
  );
  for (const { title } of differences?.filter(({ kind }) => kind === 'gone') ?? [])
    console.log(pc.red(`${say('difference.gone')} ${title}`));
}

const datesOf = ({ due: { words, dueOn, recurrence } }: Draft) => {
  const text = [words, dueOn ?? recurrence].filter(Boolean).join(' → ');
  return text ? [text] : [];
};
