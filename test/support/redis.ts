import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';

/** Debian's package redis-server brings it. */
export const redisIsInstalled = spawnSync('redis-server', ['--version']).status === 0;
if (!redisIsInstalled) process.stderr.write('no redis-server on PATH: the specs of the queue on Redis are left out\n');

// Its shell ends it when we are gone, however we went: then there is nothing left to read.
const SHELL = '"$@" & echo "pid $!"; read -r _; kill -9 $!; wait';

/** A throw-away Redis on 127.0.0.1, on a free port and in a folder of its own. It keeps nothing on disk unless told to. */
export class RedisServer {
  private shell: ChildProcess | undefined;
  private pid = 0;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly settings: readonly string[],
  ) {}

  /** Settings as on its command line: `--appendonly`, `yes`. */
  static async start(...settings: string[]): Promise<RedisServer> {
    const server = new RedisServer(await mkdtemp(join(tmpdir(), 'duban-redis-')), await freePort(), settings);
    await server.start();
    return server;
  }

  get url() {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** On the same port; with what it kept on disk. */
  async start(): Promise<void> {
    const words = ['--bind', '127.0.0.1', '--port', String(this.port), '--dir', this.folder, '--save', '', ...this.settings];
    const shell = spawn('sh', ['-c', SHELL, 'sh', 'redis-server', ...words], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.shell = shell;
    const said: string[] = [];
    for await (const line of createInterface(shell.stdout)) {
      said.push(line);
      if (line.startsWith('pid ')) this.pid = Number(line.slice(4));
      if (line.includes('Ready to accept connections')) {
        shell.stdout.resume();
        return;
      }
    }
    throw new Error(`redis-server did not start: ${said.slice(-5).join('\n')}`);
  }

  /** SIGKILL, as in a crash. */
  async kill(): Promise<void> {
    if (!this.shell) return;
    const gone = once(this.shell, 'close');
    process.kill(this.pid, 'SIGKILL');
    this.shell.stdin?.end();
    this.shell = undefined;
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Over a connection of its own. */
  async ask<T>(question: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url, { retryStrategy: () => null });
    try {
      return await question(redis);
    } finally {
      redis.disconnect();
    }
  }
}
