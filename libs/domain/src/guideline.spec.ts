import type { Draft } from './draft.js';
import { SYSTEM } from './actor.js';
import { guideline, guidelineCommands, type GuidelineCommand, type GuidelineContext, type GuidelineEvent, settings } from './guideline.js';
import {
  acknowledgeBy,
  amend,
  both,
  correct,
  document,
  doubt,
  doubtful,
  draft,
  draftsAfter,
  first,
  imported,
  importIt,
  issue,
  issued,
  merge,
  merged,
  noDate,
  part,
  register,
  reject,
  rejected,
  second,
  split,
  splitIt,
  unit,
  withdraw,
  withdrawn,
} from './guideline-testing.js';
import { answers, at, auditor, cities, finance, given, head, hefei, science, supervisor } from './testing.js';

const { records, quiet, refuses } = answers(guideline, (by): GuidelineContext => ({ by, at, register, acknowledgeBy }));

describe('importing', () => {
  records([['the document and what was read out of it', [], importIt, supervisor, [imported(first)]]]);
  refuses([
    ['the same text again', [imported(first)], importIt, supervisor, 'guideline.imported-before'],
    ['the same text after it was withdrawn', [imported(first), withdrawn], importIt, supervisor, 'guideline.imported-before'],
  ]);
});

describe('correcting a draft', () => {
  const retitled = { ...first, title: 'firms' };
  records([
    [
      'before and after',
      [imported(first)],
      correct('1', { title: 'firms' }),
      supervisor,
      [{ type: 'DraftCorrected', data: { list: '1', before: first, after: retitled } }],
    ],
    [
      'that a doubt was answered',
      [imported(doubtful)],
      correct('2', {}),
      supervisor,
      [{ type: 'DraftCorrected', data: { list: '2', before: doubtful, after: { ...doubtful, unsure: [] } } }],
    ],
  ]);
  quiet([
    [
      'it reads like that',
      [imported(first), { type: 'DraftCorrected', data: { list: '1', before: first, after: retitled } }],
      correct('1', { title: 'firms' }),
      supervisor,
    ],
  ]);
  refuses([['what is no draft', [imported(first)], correct('7', {}), supervisor, 'draft.unknown']]);
});

describe('rejecting a draft', () => {
  records([['why', [imported(first, second)], reject('2'), supervisor, [rejected(second)]]]);
  quiet([['it is no draft any more', [imported(first, second), rejected(second)], reject('2'), supervisor]]);
});

describe('splitting a draft', () => {
  const again = [part('1.1.1', first.units[0]!), part('1.1.2', first.units[1]!)];
  records([
    ['numbered parts', [imported(first)], splitIt('1'), supervisor, [split]],
    [
      'parts of a part',
      [imported(first), split],
      splitIt('1.1'),
      supervisor,
      [{ type: 'DraftSplit', data: { list: '1.1', before: part('1.1', first.units[0]!), into: again } }],
    ],
    ['the parts of 1 beside those of 11', [imported({ ...first, list: '11.1' }, first)], splitIt('1'), supervisor, [split]],
  ]);
  quiet([['its parts are there', [imported(first), split], splitIt('1'), supervisor]]);
  refuses([['what is no draft', [imported(first)], splitIt('7'), supervisor, 'draft.unknown']]);

  it('puts the parts where the whole stood', () => {
    expect(draftsAfter(imported({ ...first, list: '0' }, first, second), split).map(({ list }) => list)).toEqual(['0', '1.1', '1.2', '2']);
  });
});

describe('merging drafts', () => {
  const yearEnd = { ...noDate, dueOn: '2025-12-31' };
  const into = (changes: Partial<Draft>) => [
    { type: 'DraftMerged', data: { lists: ['1', '2'], before: [first, { ...second, ...changes }], into: { ...both, ...changes } } },
  ];
  records([
    ['each unit once, in its heavier role', [imported(first, second)], merge('1', '2', '2'), supervisor, [merged]],
    [
      'the date that only one of them has',
      [imported(first, { ...second, due: yearEnd })],
      merge('1', '2'),
      supervisor,
      into({ due: yearEnd }),
    ],
    [
      'the doubts that nobody answered',
      [imported(first, { ...second, unsure: [doubt] })],
      merge('1', '2'),
      supervisor,
      into({ unsure: [doubt] }),
    ],
  ]);
  quiet([['they are one', [imported(first, second), merged], merge('1', '2'), supervisor]]);
  refuses([
    ['one draft with itself', [imported(first)], merge('1', '1'), supervisor, 'draft.merge-needs-two'],
    ['what is no draft', [imported(first)], merge('1', '7'), supervisor, 'draft.unknown'],
    ['into what is no draft', [imported(first)], merge('7', '1'), supervisor, 'draft.unknown'],
  ]);

  it('puts the merged draft where the first of them stood', () => {
    expect(draftsAfter(imported(first, { ...first, list: '1.5' }, second), merged)).toEqual([both, { ...first, list: '1.5' }]);
  });
});

describe('issuing', () => {
  const task = (list: string, ...assignees: object[]) => ({ list, was: null, assignees });
  const recorded = (...tasks: object[]) => [{ type: 'GuidelineIssued', data: { settings: settings.parse({}), acknowledgeBy, tasks } }];
  const lead = { unitId: science, role: 'lead', members: null };
  const twice = draft('1', unit('科技厅', 'support'), unit('省财政厅', 'support'), unit('省科技厅', 'lead'));
  const support = { unitId: finance, role: 'support', members: null };
  records([
    ['whom every list obliges', [imported(first)], issue, supervisor, recorded(task('1', lead, support))],
    [
      'the members of a collective on that day',
      [imported(draft('2', unit('各市人民政府', 'lead')))],
      issue,
      supervisor,
      recorded(task('2', { unitId: cities, role: 'lead', members: [hefei] })),
    ],
    ['a unit under two names once, in its heavier role', [imported(twice)], issue, supervisor, recorded(task('1', lead, support))],
  ]);
  quiet([['it was issued before', [imported(first), issued], issue, supervisor]]);

  it('gives a list the dates that follow from the day of issue, and leaves the others as they stand', () => {
    const term = { text: '印发后5个工作日内', span: [0, 9] as [number, number], recurrence: null, base: '印发后', own: false };
    const waiting = { ...term, dueOn: null, flag: 'due.no-issue-date' };
    const dates = { due: { ...noDate, dueOn: '2024-08-26', words: term.text }, deadlines: [{ ...term, dueOn: '2024-08-26', flag: null }] };
    const facts = [imported({ ...first, deadlines: [waiting], due: { ...noDate, words: term.text } }, second)];
    const [event] = given(guideline)(...facts).when(issue, {
      by: supervisor,
      at,
      register,
      acknowledgeBy,
      counted: new Map([['1', dates]]),
    });
    expect(event!.data).toMatchObject({ tasks: [{ list: '1', ...dates }, { list: '2' }] });
    expect(draftsAfter(...facts, event!)).toEqual([{ ...first, ...dates }, second]);
  });
  refuses([
    ['a document without lists', [imported()], issue, supervisor, 'guideline.nothing-to-issue'],
    ['a document whose lists were all rejected', [imported(first), rejected(first)], issue, supervisor, 'guideline.nothing-to-issue'],
    ['a list in doubt', [imported(first, doubtful)], issue, supervisor, 'guideline.unsure'],
    ['a list without units', [imported(draft('1'))], issue, supervisor, 'guideline.unsure'],
    [
      'a unit that is not in the register',
      [imported(draft('1', unit('有关部门', 'lead')))],
      issue,
      supervisor,
      'guideline.unit-not-registered',
    ],
    [
      'a collective that stands for nobody',
      [imported(draft('1', unit('各县人民政府', 'lead')))],
      issue,
      supervisor,
      'guideline.collective-without-members',
    ],
    ['what was withdrawn', [imported(first), withdrawn], issue, supervisor, 'guideline.withdrawn'],
  ]);

  it('names what stands in the way', () => {
    const attempt = (drafts: Draft[]) => () =>
      given(guideline)(imported(...drafts)).when(issue, { by: supervisor, at, register, acknowledgeBy });
    expect(attempt([first, doubtful])).toThrow(expect.objectContaining({ details: { lists: ['2'] } }));
    expect(attempt([draft('1', unit('有关部门', 'lead'))])).toThrow(expect.objectContaining({ details: { units: ['有关部门'] } }));
    expect(attempt([draft('1', unit('各县人民政府', 'lead'))])).toThrow(expect.objectContaining({ details: { units: ['各县人民政府'] } }));
  });

  it('is a mistake of the caller without the register, not a refusal', () => {
    expect(() => given(guideline)(imported(first)).when(issue, { by: supervisor, at })).toThrow('needs the register');
  });

  it('takes the usual numbers for whatever nobody set', () => {
    expect(guidelineCommands.IssueGuideline.parse({}).settings).toMatchObject({ acknowledgeWithin: 2, yellowWithin: 15, overdueEvery: 7 });
  });
});

describe('amending', () => {
  const amended: GuidelineEvent = { type: 'GuidelineAmended', data: { number: '皖政办秘〔2024〕56号' } };
  records([
    ['only what changed', [imported(first)], amend({ title: document.title, number: '皖政办秘〔2024〕56号' }), supervisor, [amended]],
    [
      'that there is no issuer',
      [imported(first)],
      amend({ issuer: null }),
      supervisor,
      [{ type: 'GuidelineAmended', data: { issuer: null } }],
    ],
  ]);
  quiet([
    ['it says that already', [imported(first), amended], amend({ number: '皖政办秘〔2024〕56号' }), supervisor],
    ['nothing is to change', [imported(first)], amend({}), supervisor],
  ]);
});

describe('withdrawing', () => {
  records([
    ['why', [imported(first)], withdraw, supervisor, [withdrawn]],
    ['why, after it was issued', [imported(first), issued], withdraw, supervisor, [withdrawn]],
  ]);
  quiet([['it was withdrawn before', [imported(first), withdrawn], withdraw, supervisor]]);
});

describe('any command', () => {
  const changes = [correct('1', {}), reject('1'), splitIt('1'), merge('1', '2'), amend({ title: 'x' })];
  const ask = (facts: GuidelineEvent[], command: GuidelineCommand, by = supervisor) => given(guideline)(...facts).when(command, { by, at });

  it.each([importIt, issue, withdraw, ...changes])('$type: is refused to everybody but supervisors', (command) => {
    for (const by of [head(science), auditor, SYSTEM]) expect(() => ask([imported(first, second)], command, by)).toThrow('role.missing');
  });

  it.each([issue, withdraw, ...changes])('$type: is refused for what was never imported', (command) => {
    expect(() => ask([], command)).toThrow('guideline.unknown');
  });

  it.each(changes)('$type: is refused once units have their tasks, or the document is withdrawn', (command) => {
    expect(() => ask([imported(first, second), issued], command)).toThrow('guideline.issued');
    expect(() => ask([imported(first, second), withdrawn], command)).toThrow('guideline.withdrawn');
  });
});
