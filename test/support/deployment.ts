import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instantAt } from '@app/calendar/days.js';
import { openEventStore } from '@app/event-store/open-event-store.js';
import type { Corner } from '../../apps/cli/src/corner.js';
import { copyOf, isOfThisRun } from './database.js';
import { aCorner, settingsOf } from './elsewhere.js';
import { eventually, PATIENCE_MS } from './eventually.js';
import { freePort } from './free-port.js';
import { Load, sharesOf } from './load.js';
import { type Broken, broken } from './oracle.js';
import { answers, runVerb } from './process.js';
import { Program, type Settings } from './program.js';
import { Visitor } from './visitor.js';

const API = 'dist/apps/api/src/main.js';
const WORKER = 'dist/apps/worker/src/main.js';
/** One whose clock of nine, sweeps and locks a spec need not wait long for. */
export const QUICK_WORKER = 'test/support/worker.js';

/** Where the parts are. Events and jobs are with the database unless the run names a store or a queue elsewhere. */
export type Parts = Readonly<{ databaseUrl: string; eventStoreUrl?: string; queueUrl?: string }>;

/** The guideline is issued on a Monday, so that its units have to be reminded on the days that follow. */
const ISSUED = instantAt('2026-11-23', '08:30');
const TUESDAY = instantAt('2026-11-24', '10:00');

export type Wish = Readonly<{
  apis?: number;
  workers?: number;
  /** Of the workers, when not the product's own. */
  worker?: string;
  /** How the parts are reached once the demonstration is loaded. */
  lines?: Partial<Parts>;
  /** What all clocks show at the start. */
  at?: Date;
  /** Its own workers hand out the shares. Otherwise they may find that done, in a copy of a database where others of this run did it. */
  handsOut?: boolean;
  settings?: Settings;
}>;

/** The product as a province runs it: api and worker processes apart, each several times, with the demonstration's guideline issued. */
export class Deployment {
  readonly apis: Program[] = [];
  readonly workers: Program[] = [];
  /** Whoever asks alternates between the apis. */
  readonly supervisor = new Visitor(() => this.urls[this.asked++ % this.urls.length]!);
  readonly urls: string[] = [];
  /** Where each worker says how it is. */
  readonly healthUrls: string[] = [];
  private asked = 0;

  private constructor(
    private readonly parts: Parts,
    private readonly corner: Corner,
    readonly password: string,
  ) {}

  static async start(given: Parts, wish: Wish = {}) {
    const { apis = 1, workers = 1, worker = WORKER, lines = {}, at = TUESDAY, settings = {} } = wish;
    const corner = await aCorner();
    const parts = { ...corner, ...given };
    const password = mayCopy(parts, wish) ? await copyOf(handedOut, parts.databaseUrl) : await load(parts, settings);
    const deployment = new Deployment(parts, corner, password);
    const common = { ...environmentOf({ ...parts, ...lines }), ...clockAt(at), LOG_LEVEL: 'error', ...settings };
    for (let n = 0; n < apis; n++) {
      const port = await freePort();
      deployment.urls.push(`http://127.0.0.1:${port}`);
      deployment.apis.push(new Program([API], { ...common, PORT: String(port) }));
    }
    for (let n = 0; n < workers; n++) {
      const port = await freePort();
      deployment.healthUrls.push(`http://127.0.0.1:${port}`);
      deployment.workers.push(new Program([worker], { ...common, HEALTH_PORT: String(port) }));
    }
    for (const program of deployment.programs) program.start();
    await deployment.answers();
    await deployment.supervisor.signIn('ducha', deployment.password);
    return deployment;
  }

  get programs() {
    return [...this.apis, ...this.workers];
  }
  get peakMb() {
    return Math.max(...this.programs.map(({ peakMb }) => peakMb));
  }

  /** Waits until each of them has started and is well: one that is hit while it starts ends, and whoever watches over it is not here. */
  async answers(programs: readonly Program[] = this.programs): Promise<void> {
    const urls = [...this.urls, ...this.healthUrls];
    for (const program of programs) await answers(program, urls[this.programs.indexOf(program)]!);
  }

  /** Waits until every api says so; when that takes too long, says what they said instead. */
  async isWell(withinMs = PATIENCE_MS): Promise<void> {
    let said: string[] = [];
    const well = async () => {
      const answers = await Promise.all(this.urls.map((url) => fetch(`${url}/health`).catch(() => null)));
      said = await Promise.all(answers.map(async (answer) => (answer?.ok ? '' : ((await answer?.text()) ?? 'no answer'))));
      return said.every((words) => words === '');
    };
    await eventually(well, 'every api is well', withinMs).catch((error: Error) => {
      throw new Error(`${error.message}: ${said.join(' · ')}\n${this.programs.map(({ said }) => said.slice(-500)).join('\n')}`);
    });
  }

  async load(atOnce?: number): Promise<Load> {
    return new Load(this.supervisor, await sharesOf(this.supervisor), atOnce);
  }

  /** Sets all clocks; sessions may end by it, so the supervisor signs in again. */
  async setClocks(at: Date): Promise<void> {
    await Promise.all(this.programs.map((program) => program.setClock(at)));
    await this.supervisor.signIn('ducha', this.password);
  }

  signIn = (login: string, api = 0) => new Visitor(() => this.urls[api]!).signIn(login, this.password);

  /** Where the processes keep their events. */
  openStore = () => openEventStore(this.parts.eventStoreUrl ?? this.parts.databaseUrl);

  /** The promises that were not kept; that no process ends by itself is one of them. */
  async broken({ ledger }: Load): Promise<Broken[]> {
    const ended = this.programs.filter(({ alive }) => !alive).map(({ said }) => `it ended: ${said.slice(-2_000)}`);
    return [...ended, ...(await broken(this.parts, ledger))];
  }

  async stop(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.kill()));
    await this.corner.leave();
  }
}

const environmentOf = ({ databaseUrl, ...parts }: Parts): Settings => ({ DATABASE_URL: databaseUrl, ...settingsOf(parts) });

const clockAt = (at: Date): Settings => ({ CLOCK_AHEAD_MS: String(at.getTime() - Date.now()) });

/** A copy is of a database that holds everything, loaded without settings. */
const mayCopy = ({ databaseUrl, eventStoreUrl, queueUrl }: Parts, { handsOut = false, settings = {} }: Wish) =>
  !handsOut && !eventStoreUrl && !queueUrl && Object.keys(settings).length === 0 && isOfThisRun(databaseUrl);

/** Loads it and has the shares handed out, on the day of the issue, before the first reminder. */
async function handedOut(databaseUrl: string): Promise<string> {
  const first = await Deployment.start({ databaseUrl }, { at: ISSUED, handsOut: true });
  try {
    await sharesOf(first.supervisor);
    await Promise.all(first.programs.map((program) => program.end()));
    return first.password;
  } finally {
    await first.stop();
  }
}

/** People, units and the guideline, as whoever runs the halves apart loads them. Answers the password of all accounts. */
async function load(parts: Parts, settings: Settings): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'duban-deployment-'));
  try {
    const clock = { ...clockAt(ISSUED), NODE_OPTIONS: '--import ./test/support/puppet.js' };
    const { code, output } = await runVerb('accounts --demonstration', {
      ...environmentOf(parts),
      ...settings,
      ...clock,
      DATA_DIR: folder,
    });
    if (code !== 0) throw new Error(`the demonstration was not loaded: ${output}`);
    return (await readFile(join(folder, 'demonstration-password'), 'utf8')).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
