import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Node makes keys but no certificates. Debian's package openssl is there wherever ca-certificates is. */
export const opensslIsInstalled = spawnSync('openssl', ['version']).status === 0;
if (!opensslIsInstalled) process.stderr.write('no openssl on PATH: the specs with TLS are left out\n');

/** A throw-away authority, and a certificate of it for 127.0.0.1 and localhost. Files in PEM. */
export type Certificates = Readonly<{ authority: string; certificate: string; key: string; remove(): void }>;

export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'duban-certificates-'));
  const [authority, authorityKey, certificate, key] = ['ca.crt', 'ca.key', 'node.crt', 'node.key'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  const sign = (...words: string[]) =>
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', ...words],
      { stdio: 'pipe' },
    );
  sign('-subj', '/CN=duban specs', '-keyout', authorityKey, '-out', authority);
  const signed = ['-CA', authority, '-CAkey', authorityKey, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  sign('-subj', '/CN=localhost', '-addext', 'basicConstraints=critical,CA:FALSE', ...signed, '-keyout', key, '-out', certificate);
  return { authority, certificate, key, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
