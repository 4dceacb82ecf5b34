import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfiguration, SETTINGS } from '@app/runtime/configuration.js';
import { STOPS_WITHIN_MS } from '@app/runtime/stopping.js';

type Service = {
  image?: string;
  build?: { context: string; dockerfile: string; target: string };
  user?: string;
  command?: string[] | string;
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  volumes?: string[];
  ports?: string[];
  profiles?: string[];
  stop_grace_period?: string;
  init?: boolean;
};
type Compose = { services: Record<string, Service>; volumes: Record<string, null> };

const FILES = ['docker/compose.yaml', 'docker/compose.cluster.yaml'] as const;
const DOCKERFILE = readFileSync('docker/Dockerfile', 'utf8');
const composeOf = (file: string) => parse(readFileSync(file, 'utf8'), { merge: true }) as Compose;

/** The instructions of one stage, and of those that it is made from. */
function stage(name: string): string[] {
  const stages = DOCKERFILE.replaceAll('\\\n', ' ')
    .split(/^FROM /m)
    .slice(1);
  const own = stages.find((text) => new RegExp(`^\\S+ AS ${name}\\n`).test(text))!;
  const [base = '', ...lines] = own.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const from = base.split(' ')[0]!;
  return [...(stages.some((text) => text.split('\n')[0]!.endsWith(` AS ${from}`)) ? stage(from) : [`FROM ${from}`]), ...lines];
}
const last = (lines: string[], instruction: string) =>
  lines.findLast((line) => line.startsWith(`${instruction} `) || line.trim().startsWith(`${instruction} `));
const variables = (lines: string[]) =>
  new Map(
    lines
      .filter((line) => line.startsWith('ENV '))
      .flatMap((line) => [...line.matchAll(/(\w+)=("[^"]*"|\S+)/g)].map(([, name, value]) => [name!, value!] as const)),
  );
/** The words of a CMD in its JSON form. */
const wordsOf = (line: string) => JSON.parse(line.slice(line.indexOf('CMD') + 3)) as string[];
const sourceOf = (built: string) => built.replace(/^dist\//, '').replace(/\.js$/, '.ts');
/** Where each port of an image is said; the images themselves are not here to ask. */
const LISTENS: Record<string, string[]> = {
  postgres: ['5432'],
  'eventstore/eventstore': ['2113'],
  redis: ['6379', '26379'],
};
const filled = (text: string) =>
  text.replaceAll(/\$\{(\w+)(?::[?-]([^}]*))?\}/g, (_, name: string, or = '') => (name === 'LOG_LEVEL' ? or : 'secret'));

describe.each(['api', 'worker'])('the image of the %s', (target) => {
  const lines = stage(target);

  it('runs a program that the build makes, as an ordinary user', () => {
    const words = wordsOf(last(lines, 'CMD')!);
    expect(words[0]).toBe('node');
    expect(words.at(-1)).toBe(`dist/apps/${target}/src/main.js`);
    expect(existsSync(sourceOf(words.at(-1)!))).toBe(true);
    expect(last(lines, 'USER')).toBe('USER node');
  });

  it('sets variables that the program knows, and asks for its health where it listens', () => {
    const set = variables(lines);
    const unknown = [...set.keys()].filter((name) => !SETTINGS.includes(name) && !['NODE_ENV', 'RES_OPTIONS'].includes(name));
    expect(unknown).toEqual([]);
    const { port, healthPort } = readConfiguration(Object.fromEntries(set));
    const asked = /http:\/\/127\.0\.0\.1:(\d+)\/health/.exec(last(lines, 'HEALTHCHECK')!)?.[1];
    expect(Number(asked)).toBe(target === 'api' ? port : healthPort);
    expect(last(lines, 'EXPOSE')).toBe(target === 'api' ? `EXPOSE ${port}` : undefined);
  });
});

it('the build copies only what there is, and what it needs', () => {
  const copied = stage('build')
    .filter((line) => line.startsWith('COPY '))
    .flatMap((line) => line.split(' ').slice(1, -1));
  expect(copied.filter((path) => !existsSync(path))).toEqual([]);
  expect(copied).toEqual(
    expect.arrayContaining(['package.json', 'package-lock.json', 'nest-cli.json', '.swcrc', 'tsconfig.json', 'libs', 'apps']),
  );
  const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
  expect(copied.filter((path) => ignored.includes(path))).toEqual([]);
  const kept = stage('runtime')
    .filter((line) => line.startsWith('COPY --from=build '))
    .map((line) => line.split(' ')[2]!.replace('/duban/', ''));
  expect(kept.filter((path) => path !== 'dist' && path !== 'node_modules' && !existsSync(path))).toEqual([]);
  expect(DOCKERFILE).toMatch(/^RUN npm run build /m);
});

describe.each(FILES)('%s', (file) => {
  const { services, volumes } = composeOf(file);
  const all = Object.entries(services);
  const ours = all.filter(([, { build }]) => build);

  it('names images by a version, and only files, stages and volumes that there are', () => {
    const isThere = (source: string) =>
      source.startsWith('./certificates') || (source.startsWith('.') ? existsSync(join('docker', source)) : source in volumes);
    const wrong = all.flatMap(([name, { image, build, volumes: mounts = [] }]) => [
      ...(image && !/^[\w./-]+:\d+\.\d+(\.\d+)?(-[\w.]+)*$/.test(image) ? [`${name}: ${image} is no version`] : []),
      ...(build && !existsSync(join('docker', build.context, build.dockerfile)) ? [`${name}: no ${build.dockerfile}`] : []),
      ...(build && stage(build.target).length === 0 ? [`${name}: no stage ${build.target}`] : []),
      ...(Boolean(image) === Boolean(build) ? [`${name}: an image or a build`] : []),
      ...mounts.filter((mount) => !isThere(mount.split(':')[0]!)).map((mount) => `${name}: no ${mount}`),
    ]);
    expect(wrong).toEqual([]);
  });

  it('runs nothing as root but the maker of certificates, and everything that lasts is looked after', () => {
    for (const [name, { user, build, healthcheck, profiles }] of all) {
      if (profiles) continue;
      const own = build && last(stage(build.target), 'USER');
      expect([name, own ?? user]).toEqual([name, expect.stringMatching(/^(USER node|postgres|redis|1000:1000|101:101)$/)]);
      expect([name, Boolean(healthcheck?.test ?? (build && last(stage(build.target), 'HEALTHCHECK')))]).toEqual([name, true]);
    }
  });

  it('waits for services that are there and whose health is known', () => {
    for (const [name, { depends_on = {} }] of all)
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect([name, other, other in services, condition]).toEqual([name, other, true, 'service_healthy']);
        expect(services[other]!.profiles).toBeUndefined();
      }
  });

  it('gives ours settings that they take, and addresses of services that listen there', () => {
    expect(ours.map(([name]) => name.replace(/-\d$/, ''))).toEqual(expect.arrayContaining(['api', 'worker', 'accounts']));
    for (const [name, { environment = {}, command, build }] of ours) {
      expect([name, Object.keys(environment).filter((variable) => !SETTINGS.includes(variable))]).toEqual([name, []]);
      const settings = Object.fromEntries(Object.entries(environment).map(([variable, value]) => [variable, filled(value)]));
      const { databaseUrl, eventStoreUrl, queueUrl } = readConfiguration({
        ...Object.fromEntries(variables(stage(build!.target))),
        ...settings,
      });
      for (const url of [databaseUrl, eventStoreUrl, queueUrl]) {
        const places = url!
          .replace(/^[\w+]+:\/\/([^@/]*@)?/, '')
          .replace(/[/?].*/, '')
          .split(',');
        expect(places.length).toBeGreaterThan(0);
        for (const place of places) {
          const [host = '', port = ''] = place.split(':');
          const image = services[host]?.image?.split(':')[0] ?? 'nowhere';
          expect([place, LISTENS[image]]).toEqual([place, expect.arrayContaining([port])]);
        }
      }
      // The image's own command, or a verb of the command line.
      const [, program, verb] = (command as string[] | undefined) ?? ['node', 'dist/apps/cli/src/main.js', 'doctor'];
      expect(existsSync(sourceOf(program!))).toBe(true);
      expect(readFileSync('apps/cli/src/main.ts', 'utf8')).toContain(`.command('${verb}')`);
    }
  });

  it('holds no secret, and does not start without one', () => {
    const text = readFileSync(file, 'utf8');
    const secrets = [...text.matchAll(/\$\{(\w*PASSWORD\w*)([^}]*)\}/g)];
    expect(secrets.length).toBeGreaterThan(3);
    for (const [, name, rest] of secrets) expect([name, rest]).toEqual([name, `:?set ${name}`]);
    expect(text).not.toMatch(/(PASSWORD|AUTH): (?!\$\{)/);
  });

  it('lets ours hear a signal while they start, and gives them longer to stop than they take', () => {
    for (const [name, { stop_grace_period: grace, init }] of ours)
      expect([name, init, Number.parseInt(grace!, 10) * 1_000 > STOPS_WITHIN_MS]).toEqual([name, true, true]);
  });

  it('publishes nothing but the way in', () => {
    const published = all.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
    expect(published).toEqual(file.includes('cluster') ? ['nginx ${HTTPS_PORT:-443}:8443'] : ['api 127.0.0.1:${PORT:-3000}:3000']);
  });
});

const composer = [['docker-compose'], ['docker', 'compose']].find(
  ([program = '', ...words]) => spawnSync(program, [...words, 'version']).status === 0,
);
if (!composer) process.stderr.write('no docker-compose on PATH: the compose files are not checked by it\n');

(composer ? describe : describe.skip)('docker-compose', () => {
  it.each(FILES)('takes %s, and misses a secret that is not set', (file) => {
    const [program = '', ...words] = composer!;
    const secrets = { POSTGRES_PASSWORD: 'a', REDIS_PASSWORD: 'b', EVENTSTORE_PASSWORD: 'c' };
    const asked = (env: Record<string, string>) =>
      spawnSync(program, [...words, '-f', file, 'config', '-q'], {
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
        encoding: 'utf8',
      });
    const { status, stderr } = asked(secrets);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const { REDIS_PASSWORD: _, ...incomplete } = secrets;
    expect(asked(incomplete).stderr).toContain('set REDIS_PASSWORD');
  });
});

describe('the cluster', () => {
  const { services } = composeOf('docker/compose.cluster.yaml');
  const named = (prefix: string) => Object.keys(services).filter((name) => name.startsWith(prefix));
  const nginx = readFileSync('docker/nginx.conf', 'utf8');

  it('has three nodes, three Sentinels over two Redis, two apis and two workers', () => {
    expect(['eventstore-', 'sentinel-', 'redis-', 'api-', 'worker-'].map((prefix) => named(prefix).length)).toEqual([3, 3, 2, 2, 2]);
  });

  it('lets every node seek the two others, under the name its certificate has', () => {
    const [script = ''] = services['certificates']!.command as string[];
    for (const name of named('eventstore-')) {
      const { environment = {}, volumes = [] } = services[name]!;
      const others = named('eventstore-').filter((other) => other !== name);
      expect(environment['EVENTSTORE_GOSSIP_SEED']).toBe(others.map((other) => `${other}:2113`).join());
      expect([environment['EVENTSTORE_NODE_HOST_ADVERTISE_AS'], environment['EVENTSTORE_REPLICATION_HOST_ADVERTISE_AS']]).toEqual([
        name,
        name,
      ]);
      expect(volumes).toContain(`./certificates/${name}:/certificates/node:ro`);
      expect(script).toMatch(new RegExp(`for node in .*\\b${name}\\b`));
    }
  });

  it('shows the key of the authority to nobody', () => {
    const mounts = Object.entries(services).flatMap(([name, { volumes = [] }]) => volumes.map((mount) => [name, mount] as const));
    const reaching = mounts.filter(([, mount]) => /^\.\/certificates(\/ca)?\/?:/.test(mount)).map(([name]) => name);
    expect(reaching).toEqual(['certificates']);
  });

  it('has nginx hand on to every api where it listens, and read files that are mounted', () => {
    const { port } = readConfiguration(Object.fromEntries(variables(stage('api'))));
    const upstream = [...nginx.matchAll(/^\s+server ([\w-]+:\d+) /gm)].map(([, server]) => server);
    expect(upstream).toEqual(named('api-').map((api) => `${api}:${port}`));
    const { volumes = [], ports = [], healthcheck } = services['nginx']!;
    const mounted = volumes.map((mount) => mount.split(':')[1]!);
    for (const [, path] of nginx.matchAll(/^\s+ssl_certificate(?:_key)? (\S+);/gm))
      expect(mounted.some((at) => path!.startsWith(`${at}/`))).toBe(true);
    expect(nginx).toContain(`listen ${ports[0]!.split(':').at(-1)} ssl;`);
    expect(nginx).toContain(`listen ${new URL(healthcheck!.test!.at(-1)!).host};`);
    expect(nginx).toMatch(/location = \/api\/changes \{[^}]*proxy_buffering off;/);
  });
});
