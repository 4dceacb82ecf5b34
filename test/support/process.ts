import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Postgres, startPostgres } from '@app/runtime/embedded-postgres.js';
import { eventually, PATIENCE_MS } from './eventually.js';
import { freePort } from './free-port.js';
import { environment, Program, type Settings } from './program.js';

const MAIN = 'dist/apps/cli/src/main.js';

/** Runs one verb of the built command line, with its arguments, to its end. */
export async function runVerb(words: string, settings: Settings = {}): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [MAIN, ...words.split(' ')], { env: environment(settings), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

/** `up` as its user starts it: a process of its own, on a data folder and a port of its own. */
export class UpProcess {
  private readonly program: Program;

  private constructor(
    readonly folder: string,
    private readonly port: number,
    settings: Settings,
  ) {
    const own = { PORT: String(port), DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'error' };
    this.program = new Program([MAIN, 'up'], { ...own, ...settings });
  }

  static async prepare(settings: Settings = {}): Promise<UpProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'duban-up-'));
    // As root the server runs as user postgres, who could not enter it otherwise.
    await chmod(folder, 0o755);
    return new UpProcess(folder, await freePort(), settings);
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }
  get alive() {
    return this.program.alive;
  }

  /** Returns when it answers. */
  async start(): Promise<void> {
    this.program.start();
    await answers(this.program, this.url);
  }

  /** Of the demonstration's people. */
  async password(): Promise<string> {
    return (await readFile(join(this.folder, 'data', 'demonstration-password'), 'utf8')).trim();
  }

  /** SIGKILL, as in a crash: its PostgreSQL stays behind. */
  kill = () => this.program.kill();
  end = () => this.program.end();

  /** The PostgreSQL of the data folder, found running or started. */
  database(): Promise<Postgres> {
    return startPostgres({ dir: join(this.folder, 'data', 'postgres') });
  }

  async remove(): Promise<void> {
    await this.kill();
    // One with a database from elsewhere has none.
    if (existsSync(join(this.folder, 'data', 'postgres'))) await (await this.database()).remove();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Waits until the program says over HTTP that it is well. */
export async function answers(program: Program, url: string): Promise<void> {
  const well = () => fetch(`${url}/health`).then(({ status }) => status === 200);
  await eventually(
    async () => {
      if (!program.alive) throw new Error(`it ended: ${program.said.slice(-2_000)}`);
      return well().catch(() => false);
    },
    `${url} answers`,
    PATIENCE_MS,
  );
}
