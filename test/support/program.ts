import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export type Settings = Readonly<Record<string, string>>;

/** A program of the built product in a process of its own: started, ended, killed and started again. It never outlives the spec. */
export class Program {
  private child: ChildProcess | undefined;
  private peakKb = 0;
  private clock: Settings = {};
  said = '';
  lives = 0;

  constructor(
    private readonly words: readonly string[],
    private readonly settings: Settings,
  ) {}

  /** With the clock as it was set last. */
  start(): void {
    const child = spawn(process.execPath, ['--import', './test/support/puppet.js', ...this.words], {
      env: environment({ ...this.settings, ...this.clock }),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    this.lives++;
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
  }

  get alive(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  /** The most memory it ever had, over all its lives, as the kernel counts it. */
  get peakMb(): number {
    if (this.alive) {
      const status = readFileSync(`/proc/${this.child!.pid}/status`, 'utf8');
      this.peakKb = Math.max(this.peakKb, Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0));
    }
    return this.peakKb / 1024;
  }

  /** SIGKILL, as in a crash. */
  async kill(): Promise<void> {
    if (this.alive) void this.peakMb;
    await this.end('SIGKILL');
  }

  /** Answers how it ended, and after how long. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<{ code: number | null; ms: number }> {
    const { child } = this;
    if (!child || !this.alive) return { code: child?.exitCode ?? null, ms: 0 };
    const began = performance.now();
    const gone = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    const [code] = await gone;
    return { code, ms: performance.now() - began };
  }

  /** It hangs from now on: nothing of it runs any more, and what it holds it keeps. */
  freeze(): void {
    this.child!.kill('SIGSTOP');
  }
  thaw(): void {
    this.child!.kill('SIGCONT');
  }

  /** Returns when it is set; one that does not run finds it so when it starts. */
  async setClock(at: Date): Promise<void> {
    const aheadMs = at.getTime() - Date.now();
    this.clock = { CLOCK_AHEAD_MS: String(aheadMs) };
    if (!this.alive) return;
    const done = once(this.child!, 'message');
    this.child!.send({ aheadMs });
    await done;
  }
}

/** Nothing of ours but what is said: no database of somebody else's, no folder of the checkout. */
export const environment = (settings: Settings) => ({
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '',
  DUBAN_LANG: 'en',
  ...settings,
});
