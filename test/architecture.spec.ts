import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { account } from '@app/domain/account.js';
import { assignment } from '@app/domain/assignment.js';
import { guideline } from '@app/domain/guideline.js';
import { task } from '@app/domain/task.js';
import { unit } from '@app/domain/unit.js';
import { VIEWS } from '@app/read-models/views.js';

/** What each part may import from outside itself. Adding a name here is an architecture decision. */
const ALLOWED: Record<string, RegExp> = {
  'libs/domain': /^(zod|uuid)$/,
  'libs/calendar': /^node:module$/,
  'libs/guideline': /^@app\/(domain|calendar|documents)\//,
  'libs/documents': /^(node:|htmlparser2$|saxes$|yauzl$|pdfjs-dist\/)/,
  'libs/event-store': /^(@app\/domain\/|pg$|node:|@eventstore\/db-client(\/generated\/.+)?$)/,
  'libs/read-models': /^(@app\/(domain|event-store)\/|typeorm$|pg$|pg-copy-streams$|rxjs$|sql-template-tag$)/,
  'libs/commands': /^(@app\/(domain|calendar|guideline|documents|event-store|read-models|runtime)\/|@nestjs\/|typeorm$|node:crypto$)/,
  'libs/reminders': /^(@app\/(domain|calendar|commands|event-store|read-models|runtime)\/|bullmq$|ioredis$|pg$|typeorm$)/,
  'libs/runtime': /^(zod|pg|@nestjs\/common|node:.*)$/,
  'apps/api': /^(?!@app\/event-store\/postgres|apps\/)/,
  'apps/worker': /^(?!@app\/event-store\/postgres|apps\/)/,
  'apps/cli': /^(?!apps\/(?!api|worker))/,
};

/** Nothing but the history tells of these. */
const HISTORY_ONLY: string[] = [];

type Import = Readonly<{ from: string; to: string; types: boolean }>;

const isSpec = (file: string) => /(\.spec|testing)\.ts$|\/contract[\w-]*\.ts$|\/faulty-line\.ts$/.test(file);
const sources = ['apps', 'libs', 'test'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((file) => join(root, file))
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules')),
);
const text = new Map(sources.map((file) => [file, readFileSync(file, 'utf8')]));

/** `to` is a file of ours where there is one, else the name of a package. */
const IMPORT = /^import\s+(type\s)?([^'"]*?)from '([^']+)'|^import '([^']+)'|^export [^'"=(]*?from '([^']+)'|import\('([^']+)'\)/gm;
const imports: Import[] = sources.flatMap((from) =>
  [...text.get(from)!.matchAll(IMPORT)].map(([, type, names = '', ...found]) => {
    const name = found.find((name) => name !== undefined)!;
    const ours = name.startsWith('.') ? join(dirname(from), name) : name.replace(/^@app\/([^/]+)\//, 'libs/$1/src/');
    const file = ours.replace(/\.js$/, '.ts');
    const words = names
      .replaceAll(/[{}\s]+/g, ' ')
      .split(',')
      .map((word) => word.trim())
      .filter(Boolean);
    const types = type !== undefined || (words.length > 0 && words.every((word) => word.startsWith('type ')));
    return { from, to: text.has(file) ? file : name, types };
  }),
);
const partOf = (file: string) => file.split('/').slice(0, 2).join('/');
const named = (file: string) => (text.has(file) ? file.replace(/^libs\/([^/]+)\/src\//, '@app/$1/') : file);

it('knows every library and every program', () => {
  const parts = ['apps', 'libs'].flatMap((root) => readdirSync(root).map((name) => `${root}/${name}`));
  expect(parts.sort()).toEqual(Object.keys(ALLOWED).sort());
});

it.each(Object.entries(ALLOWED))('%s imports only what it may', (part, outside) => {
  const strangers = imports
    .filter(({ from, to }) => partOf(from) === part && partOf(to) !== part && !isSpec(from) && !outside.test(named(to)))
    .map(({ from, to }) => `${from}: ${named(to)}`);
  expect(strangers).toEqual([]);
});

it('has no cycle between files', () => {
  const next = new Map<string, string[]>();
  for (const { from, to, types } of imports) if (!types && text.has(to)) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of sources) visit(file, []);
  expect(cycles).toEqual([]);
});

it('imports one library’s files by their names: no barrels, no drawers', () => {
  const unwanted = sources.filter((file) => /(^|\/)(index\.ts$|(utils?|common|helpers|shared|dtos|interfaces)\/)/.test(file));
  expect(unwanted).toEqual([]);
});

it('keeps every file short enough to read at once', () => {
  const long = sources.filter((file) => !file.endsWith('.spec.ts') && text.get(file)!.split('\n').length > 301);
  expect(long).toEqual([]);
});

it('never reads a clock or draws lots where facts are decided, read or folded', () => {
  const views = imports.filter(({ from }) => from === 'libs/read-models/src/views.ts').map(({ to }) => to);
  const pure = sources.filter((file) => /^libs\/(domain|calendar|guideline|documents)\//.test(file) && !isSpec(file));
  expect(views.length).toBeGreaterThan(5);
  const impure = [...pure, ...views].filter((file) =>
    /new Date\(\)|Date\.now|Math\.random|randomUUID|randomBytes|performance\.now/.test(text.get(file) ?? ''),
  );
  expect(impure).toEqual([]);
});

it('shows every kind of event in a view besides the history', () => {
  const known = [guideline, task, assignment, unit, account].flatMap(({ evolve }) => Object.keys(evolve));
  const heard = new Set(VIEWS.filter(({ name }) => name !== 'history').flatMap(({ on }) => Object.keys(on)));
  expect(known.filter((type) => !heard.has(type))).toEqual(HISTORY_ONLY);
  const told = new Set(Object.keys(VIEWS.find(({ name }) => name === 'history')!.on));
  expect(known.filter((type) => !told.has(type))).toEqual([]);
  expect([...heard].filter((type) => !known.includes(type))).toEqual([]);
});

it('offers a person every command but those that follow from others, which only the system sends', () => {
  const controllers = sources.filter((file) => file.endsWith('.controller.ts')).map((file) => text.get(file)!);
  const sent = (command: string) => controllers.some((source) => new RegExp(`type: '${command}'|new ${command}\\(`).test(source));
  for (const { rules, consequences = [] } of [guideline, task, assignment]) {
    const commands = Object.keys(rules);
    expect(commands.filter((command) => !sent(command))).toEqual(commands.filter((command) => consequences.includes(command as never)));
  }
});
