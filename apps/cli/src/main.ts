import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VIEWS } from '@app/read-models/views.js';
import { CHECKOUT } from '@app/runtime/checkout.js';
import { languageOf } from '@app/runtime/sentences.js';
import { whyOf } from '@app/runtime/unstartable.js';
import type { ExitCode } from './exit-code.js';
import { addReview } from './review.js';
import { wordsIn } from './words.js';

const language = languageOf(process.env);
const say = wordsIn(language);
const views = VIEWS.map(({ name }) => name).join(' | ');
const { version } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as { version: string };

/** A verb loads what it needs only when it is called: `read` starts at once, `up` brings the whole server. */
const verb =
  <Args extends unknown[]>(load: () => Promise<(...args: Args) => Promise<ExitCode>>) =>
  async (...args: Args) => {
    process.exitCode = await (await load())(...args);
  };

const program = new Command('duban')
  .description(say('help.program'))
  .version(version)
  .exitOverride()
  .addHelpText('after', `\n${say('help.exit')}`);
program
  .command('up')
  .description(say('help.up'))
  .option('--empty', say('help.empty'), false)
  .action(verb(async () => (await import('./up.js')).up(say)));
program
  .command('accounts')
  .description(say('help.accounts'))
  .option('--demonstration', say('help.demonstration'), false)
  .option('--new-password', say('help.new-password'), false)
  .action(verb(async () => (await import('./first-start.js')).firstAccounts(say)));
program.command('test').description(say('help.test'));
program
  .command('tour')
  .description(say('help.tour'))
  .action(verb(async () => (await import('./tour.js')).tour));
program
  .command('import <file>')
  .description(say('help.import'))
  .option('--url <url>', say('help.url'), process.env['DUBAN_URL'] ?? `http://localhost:${process.env['PORT'] ?? 3000}`)
  .option('--login <name>', say('help.login'))
  .option('--next <guideline>', say('help.next'))
  .action(verb(async () => (await import('./import.js')).importFile(say, language)));
program
  .command('read <file>')
  .description(say('help.read'))
  .option('--json', say('help.json'), false)
  .action(verb(async () => (await import('./read.js')).read(say, language)));
addReview(program, say, language, (code) => {
  process.exitCode = code;
});
program
  .command('rebuild <view>')
  .description(say('help.rebuild', { views }))
  .action(verb(async () => (await import('./rebuild.js')).rebuildView(say)));
program
  .command('migrate-store')
  .description(say('help.migrate'))
  .requiredOption('--from <url>', say('help.migrate.from'))
  .requiredOption('--to <url>', say('help.migrate.to'))
  .action(verb(async () => (await import('./migrate-store.js')).migrateStore(say)));
program
  .command('backup <file>')
  .description(say('help.backup'))
  .action(verb(async () => (await import('./backup/backup.js')).backup(say, version)));
program
  .command('restore <file>')
  .description(say('help.restore'))
  .action(verb(async () => (await import('./backup/restore.js')).restore(say)));
program
  .command('doctor')
  .description(say('help.doctor'))
  .option('--json', say('help.json'), false)
  .action(verb(async () => (await import('./doctor.js')).doctor(say)));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { code, says } = whyOf(error, language);
  console.error(says);
  return code;
}
