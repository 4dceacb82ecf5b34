import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificates } from './certificates.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** Debian's package nginx-light brings it. */
export const nginxIsInstalled = spawnSync('nginx', ['-v'], { env: { PATH: `${process.env['PATH']}:/usr/sbin` } }).status === 0;
if (!nginxIsInstalled) process.stderr.write('no nginx on PATH: the specs of docker/nginx.conf are left out\n');

/** A real nginx with the configuration of the cluster, in which only addresses and folders are others. */
export class Nginx {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    /** The way in, without TLS for the specs' own client. */
    readonly url: string,
    readonly secureUrl: string,
    readonly healthUrl: string,
  ) {}

  static async start(apis: readonly string[], { certificate, key }: Certificates): Promise<Nginx> {
    const folder = mkdtempSync(join(tmpdir(), 'duban-nginx-'));
    const [plain, secure, health] = [await freePort(), await freePort(), await freePort()];
    let text = readFileSync('docker/nginx.conf', 'utf8');
    const put = (from: string | RegExp, to: string) => {
      if (!text.match(from)) throw new Error(`docker/nginx.conf has no ${from}`);
      text = text.replaceAll(from, to);
    };
    put(/(?<= )\/tmp(?=\/)/g, folder);
    for (const [n, api] of apis.entries()) put(`api-${n + 1}:3000`, new URL(api).host);
    put('listen 8443 ssl;', `listen 127.0.0.1:${secure} ssl; listen 127.0.0.1:${plain};`);
    put('listen 127.0.0.1:8080;', `listen 127.0.0.1:${health};`);
    put('/certificates/node.crt', certificate);
    put('/certificates/node.key', key);
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, text);
    const env = { PATH: `${process.env['PATH']}:/usr/sbin` };
    const child = spawn('nginx', ['-c', file, '-g', 'daemon off;'], { env, stdio: 'ignore' });
    const nginx = new Nginx(child, folder, `http://127.0.0.1:${plain}`, `https://localhost:${secure}`, `http://127.0.0.1:${health}`);
    await eventually(
      () =>
        fetch(`${nginx.healthUrl}/health`).then(
          ({ ok }) => ok,
          () => false,
        ),
      'nginx hands on',
    );
    return nginx;
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await gone;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
