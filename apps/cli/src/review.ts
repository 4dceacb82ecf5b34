import { type Command, Option } from 'commander';
import pc from 'picocolors';
import type { DateToCheck } from '@app/commands/issue-guideline.js';
import type { Draft } from '@app/domain/draft.js';
import type { UnitKind } from '@app/domain/unit.js';
import { typedNames } from '@app/guideline/typed-names.js';
import type { Language } from '@app/runtime/sentences.js';
import { say as sayCode } from '../../api/src/http/sentences.js';
import { type Client, Said } from './client.js';
import type { ExitCode } from './exit-code.js';
import { type Guideline, showGuideline } from './show-guideline.js';
import { type Door, signedIn } from './signed-in.js';
import type { Words } from './words.js';

type Done = { id: string; position: string };
type Role = (typeof ROLES)[number];
type Named = Readonly<Partial<Record<Role, string>>>;
type Corrections = Named & { title?: string; due?: string; every?: string };

const KINDS: readonly UnitKind[] = ['department', 'government', 'collective', 'other'];
const ROLES = ['lead', 'support', 'guide', 'responsible'] as const;
/** Says that a list shall have no date. */
const NO_DATE = 'none';

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
  /** Shows the drafts that were touched, or all of them. */
  const show = async (client: Client, id: string, after?: string, touched?: (draft: Guideline['drafts'][number]) => boolean) => {
    const guideline = await client.get<Guideline>(`/guidelines/${id}`, after);
    showGuideline(touched ? { ...guideline, drafts: guideline.drafts.filter(touched) } : guideline, say, language);
  };
  const correct = async (client: Client, [id, list]: string[], path: string, body: unknown, method: 'POST' | 'PATCH', headers = {}) => {
    const { position } = await client.send<Done>(method, `/guidelines/${id}/drafts/${list}${path}`, body, headers);
    await show(client, id!, position, (draft) => draft.list === list || draft.list.startsWith(`${list}.`));
  };

  verb('show <guideline>', say('help.review.show'), (client, [id]) => show(client, id!));

  const correction = verb('correct <guideline> <list>', say('help.review.correct'), async (client, args, corrections: Corrections) => {
    const { drafts, revision } = await client.get<Guideline>(`/guidelines/${args[0]}`);
    const before = drafts.find(({ list }) => list === args[1]);
    await correct(client, args, '', correctionOf(corrections, before?.units), 'PATCH', { 'if-match': `"${revision}"` });
  });
  for (const role of ROLES) correction.option(`--${role} <units>`, say('help.review.units', { role: say(`role.${role}`) }));
  correction
    .option('--title <title>', say('help.review.title'))
    .option('--due <day>', say('help.review.due'))
    .option('--every <rhythm>', say('help.review.every'));

  verb('reject <guideline> <list>', say('help.review.reject'), async (client, [id, list], { reason }: { reason: string }) => {
    await client.put<Done>(`/guidelines/${id}/drafts/${list}/rejection`, { reason });
    console.log(say('review.rejected', { list: list! }));
  }).requiredOption('--reason <reason>', say('help.review.reason'));

  verb('split <guideline> <list>', say('help.review.split'), (client, args, { part }: { part: string[] }) =>
    correct(client, args, '/parts', { into: part.map((text) => correctionOf(partOf(text))) }, 'POST'),
  ).requiredOption('--part <units...>', say('help.review.part'));

  verb('merge <guideline> <lists...>', say('help.review.merge'), async (client, [id, ...lists]) => {
    const { position } = await client.post<Done>(`/guidelines/${id}/merged-drafts`, { lists });
    await show(client, id!, position, ({ list }) => list === lists[0]);
  });

  verb('register <unit>', say('help.review.register'), async (client, [name], { kind, aliasOf, members }: Registration) => {
    if (aliasOf) await client.post<Done>(`/units/${await unitNamed(client, aliasOf, say)}/aliases`, { alias: name });
    else await client.post<Done>('/units', { name, kind, members: members ? await unitsNamed(client, members, say) : null });
    console.log(say('review.registered', { name: name! }));
  })
    .addOption(new Option('--kind <kind>', say('help.review.kind')).choices(KINDS).default('department'))
    .option('--members <units>', say('help.review.members'))
    .option('--alias-of <unit>', say('help.review.alias-of'));

  verb('amend <guideline>', say('help.review.amend'), async (client, [id], amendment: Record<string, string>) => {
    const { title, number, issuer, issuedOn } = amendment;
    const { position } = await client.send<Done>('PATCH', `/guidelines/${id}`, { title, number, issuer, issuedOn });
    await show(client, id!, position);
  })
    .option('--title <title>', say('help.review.title'))
    .option('--number <number>', say('help.review.number'))
    .option('--issuer <issuer>', say('help.review.issuer'))
    .option('--issued-on <day>', say('help.review.issued-on'));

  verb('issue <guideline>', say('help.review.issue'), async (client, [id]) => {
    const { position, datesToCheck } = await issued(client, id!);
    const { tasks, assignments } = await client.get<{ tasks: number; assignments: number }>(`/guidelines/${id}`, position);
    console.log(say('review.issued', { tasks, assignments }));
    for (const { list, title, code, details } of datesToCheck)
      console.log(pc.yellow(`  ${list}. ${title}：${details['words']} ${sayCode(code, details, language)}`));
    if (datesToCheck.length > 0) console.log(say('review.dates', { n: datesToCheck.length }));
  });

  /** Shows, before the refusal is said, the drafts that stand in its way. */
  async function issued(client: Client, id: string) {
    try {
      return await client.post<Done & { datesToCheck: DateToCheck[] }>(`/guidelines/${id}/issue`);
    } catch (error) {
      if (error instanceof Said && IN_THE_WAY.includes(error.code))
        await show(client, id, undefined, ({ unsure, units }) => unsure.length > 0 || units.length === 0);
      throw error;
    }
  }
}

const IN_THE_WAY = ['guideline.unsure', 'guideline.unit-not-registered'];

type Registration = { kind: string; aliasOf?: string; members?: string };

const unitsNamed = (client: Client, names: string, say: Words) =>
  Promise.all(typedNames(names).map((name) => unitNamed(client, name, say)));

/** The registered unit that goes by this name; a refusal when there is none. */
async function unitNamed(client: Client, name: string, say: Words): Promise<string> {
  type Unit = { id: string; name: string; fullName: string | null; aliases: string[] };
  const { rows } = await client.get<{ rows: Unit[] }>(`/units?q=${encodeURIComponent(name)}&limit=200`);
  const unit = rows.find((unit) => [unit.name, unit.fullName, ...unit.aliases].includes(name));
  if (!unit) throw new Said(404, 'unit.unknown', { title: say('review.no-unit', { name }) });
  return unit.id;
}

/** What was typed, as the API takes it; roles that were not named keep their units. Without anything it confirms the draft as it is. */
function correctionOf({ title, due, every, ...named }: Corrections, before: Draft['units'] = []) {
  const typed = ROLES.flatMap((role) => typedNames(named[role] ?? '').map((name) => ({ name, role })));
  const kept = before
    .filter(({ name, role }) => named[role] === undefined && !typed.some((unit) => unit.name === name))
    .map(({ name, role }) => ({ name, role }));
  return {
    ...(ROLES.some((role) => named[role] !== undefined) && { units: [...typed, ...kept] }),
    ...(title && { title }),
    ...((due || every) && { due: { dueOn: due && due !== NO_DATE ? due : null, recurrence: every ?? null } }),
  };
}

/** `title=前期工作;lead=省科技厅;support=省财政厅、省教育厅;due=2026-12-31` */
const partOf = (text: string): Corrections =>
  Object.fromEntries(text.split(/[;；]/).map((pair) => pair.split(/[=＝]/, 2).map((word) => word.trim())));
