import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import type { Certificates } from './certificates.js';
import { freePort } from './free-port.js';

/** Debian's package redis-server brings it. */
export const redisIsInstalled = spawnSync('redis-server', ['--version']).status === 0;
if (!redisIsInstalled) process.stderr.write('no redis-server on PATH: the specs of the queue on Redis are left out\n');

// Its shell ends it when we are gone, however we went: then there is nothing left to read.
const SHELL = '"$@" & echo "pid $!"; read -r _; kill -9 $!; wait';

const WITH_TLS = ['--tls-replication', 'yes', '--tls-auth-clients', 'no'];

/** A throw-away Redis on 127.0.0.1, on a free port and in a folder of its own. It keeps nothing on disk unless told to. */
export class RedisServer {
  private shell: ChildProcess | undefined;
  private pid = 0;

  private constructor(
    private readonly folder: string,
    readonly port: number,
    private readonly settings: readonly string[],
    private readonly certificates?: Certificates,
  ) {}

  /** Settings as on its command line: `--appendonly`, `yes`. */
  static start(...settings: string[]): Promise<RedisServer> {
    return RedisServer.startWith(undefined, ...settings);
  }

  /** With certificates it speaks TLS, and nothing else. */
  static async startWith(certificates: Certificates | undefined, ...settings: string[]): Promise<RedisServer> {
    const server = new RedisServer(await mkdtemp(join(tmpdir(), 'duban-redis-')), await freePort(), settings, certificates);
    await server.start();
    return server;
  }

  /** One that watches over `master` and makes its replica the next when it is gone for a second. */
  static async startSentinel(master: RedisServer, name: string, quorum: number, certificates?: Certificates): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'duban-sentinel-'));
    const file = join(folder, 'sentinel.conf');
    const watched = [`monitor ${name} 127.0.0.1 ${master.port} ${quorum}`, `down-after-milliseconds ${name} 1000`];
    await writeFile(file, watched.map((line) => `sentinel ${line}\n`).join(''));
    const sentinel = new RedisServer(folder, await freePort(), [file, '--sentinel'], certificates);
    await sentinel.start();
    return sentinel;
  }

  get url() {
    return `redis${this.certificates ? 's' : ''}://127.0.0.1:${this.port}`;
  }

  /** On the same port; with what it kept on disk. */
  async start(): Promise<void> {
    const isSentinel = this.settings.includes('--sentinel');
    const { authority = '', certificate = '', key = '' } = this.certificates ?? {};
    const port = this.certificates ? ['--port', '0', '--tls-port', String(this.port), ...WITH_TLS] : ['--port', String(this.port)];
    const tls = this.certificates ? ['--tls-ca-cert-file', authority, '--tls-cert-file', certificate, '--tls-key-file', key] : [];
    const words = [...this.settings, '--bind', '127.0.0.1', '--dir', this.folder, ...port, ...tls, ...(isSentinel ? [] : ['--save', ''])];
    const shell = spawn('sh', ['-c', SHELL, 'sh', 'redis-server', ...words], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.shell = shell;
    const said: string[] = [];
    for await (const line of createInterface(shell.stdout)) {
      said.push(line);
      if (line.startsWith('pid ')) this.pid = Number(line.slice(4));
      if (/Ready to accept connections|Sentinel ID is/.test(line)) {
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
    const tls = this.certificates && { ca: readFileSync(this.certificates.authority) };
    const redis = new Redis(this.url, { retryStrategy: () => null, ...(tls && { tls }) });
    try {
      return await question(redis);
    } finally {
      redis.disconnect();
    }
  }
}

/** A master, its replica, and three Sentinels of which two must agree. */
export class RedisGroup {
  private constructor(
    readonly master: RedisServer,
    readonly replica: RedisServer,
    private readonly sentinels: readonly RedisServer[],
    private readonly certificates?: Certificates,
  ) {}

  static async start(certificates?: Certificates): Promise<RedisGroup> {
    const keep = ['--appendonly', 'yes', '--repl-diskless-sync-delay', '0'];
    const master = await RedisServer.startWith(certificates, ...keep);
    const replica = await RedisServer.startWith(certificates, ...keep, '--replicaof', `127.0.0.1 ${master.port}`);
    const sentinels = await Promise.all([1, 2, 3].map(() => RedisServer.startSentinel(master, 'main', 2, certificates)));
    return new RedisGroup(master, replica, sentinels, certificates);
  }

  get url() {
    return `redis${this.certificates ? 's' : ''}+sentinel://${this.sentinels.map(({ port }) => `127.0.0.1:${port}`).join()}/main`;
  }

  /** Whether all of them know each other and the replica: before that, nobody would take over. */
  async isComplete(): Promise<boolean> {
    const known = await Promise.all(
      this.sentinels.map((sentinel) => sentinel.ask(async (redis) => String(await redis.call('INFO', 'sentinel')))),
    );
    return known.every((text) => text.includes('status=ok') && text.includes('slaves=1,sentinels=3'));
  }

  async stop(): Promise<void> {
    await Promise.all([this.master, this.replica, ...this.sentinels].map((server) => server.stop()));
  }
}
