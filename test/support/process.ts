import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Postgres, startPostgres } from '@app/runtime/embedded-postgres.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

const MAIN = 'dist/apps/cli/src/main.js';

/** Runs one verb of the built command line to its end. */
export async function runVerb(verb: string, settings: Record<string, string> = {}): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [MAIN, verb], { env: environment(settings), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

/** `up` as its user starts it: a process of its own, on a data folder and a port of its own. */
export class UpProcess {
  private child: ChildProcess | undefined;
  private said = '';

  private constructor(
    readonly folder: string,
    private readonly port: number,
  ) {}

  static async prepare(): Promise<UpProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'duban-up-'));
    // As root the server runs as user postgres, who could not enter it otherwise.
    await chmod(folder, 0o755);
    return new UpProcess(folder, await freePort());
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }
  get alive() {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  /** Returns when it answers. */
  async start(): Promise<void> {
    const settings = { PORT: String(this.port), DATA_DIR: join(this.folder, 'data'), LOG_LEVEL: 'error' };
    const child = spawn(process.execPath, [MAIN, 'up'], { env: environment(settings), stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    const answers = () => fetch(`${this.url}/health`).then(({ status }) => status === 200);
    await eventually(async () => {
      if (!this.alive) throw new Error(`it ended: ${this.said.slice(-2_000)}`);
      return answers().catch(() => false);
    }, 'up answers');
  }

  /** SIGKILL, as in a crash: its PostgreSQL stays behind. */
  async kill(): Promise<void> {
    if (!this.child || !this.alive) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  /** The PostgreSQL of the data folder, found running or started. */
  database(): Promise<Postgres> {
    return startPostgres({ dir: join(this.folder, 'data', 'postgres') });
  }

  async remove(): Promise<void> {
    await this.kill();
    await (await this.database()).remove();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Nothing of ours but what is said: no database of somebody else's, no folder of the checkout. */
const environment = (settings: Record<string, string>) => ({
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '',
  DUBAN_LANG: 'en',
  ...settings,
});
