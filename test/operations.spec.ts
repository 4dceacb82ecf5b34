import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startPostgres } from '@app/runtime/embedded-postgres.js';
import { sharesOf } from './support/load.js';
import { UpProcess } from './support/process.js';
import { environment } from './support/program.js';
import { Visitor } from './support/visitor.js';

/** As a reader takes them from the page: those that are marked to be run, in their order. */
async function commandsOf(page: string): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  return [...text.matchAll(/^```sh run\n([\s\S]*?)^```$/gm)].flatMap(([, block]) => block!.trim().split('\n'));
}

let up: UpProcess;

beforeAll(async () => {
  up = await UpProcess.prepare();
  await symlink(resolve('duban'), join(up.folder, 'duban'));
  await up.start();
});
afterAll(async () => {
  await (await startPostgres({ dir: join(up.folder, 'elsewhere', 'postgres') })).remove();
  await up.remove();
});

async function shell(command: string): Promise<{ code: number | null; output: string }> {
  const settings = { DATA_DIR: join(up.folder, 'data'), PORT: new URL(up.url).port };
  const child = spawn('sh', ['-c', command], { cwd: up.folder, env: environment(settings), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

it('docs/operations.md can be followed word for word, beside the running product', async () => {
  const supervisor = await new Visitor(() => up.url).signIn('ducha', await up.password());
  await sharesOf(supervisor);
  const commands = await commandsOf('docs/operations.md');
  expect(commands.length).toBeGreaterThanOrEqual(3);
  let said = '';
  for (const command of commands) {
    const { code, output } = await shell(command);
    expect({ command, code, output: code === 0 ? '' : output }).toEqual({ command, code: 0, output: '' });
    said += output;
  }
  expect(said).toMatch(/count and hash agree[\s\S]*Everything is fine/);
});
