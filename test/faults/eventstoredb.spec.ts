import { exec } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { instantAt } from '@app/calendar/days.js';
import { EventStoreDBEventStore } from '@app/event-store/eventstoredb.js';
import { StoreError, StreamMoved } from '@app/event-store/event-store.js';
import { cornerOn } from '../../apps/cli/src/corner.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { Deployment, QUICK_WORKER } from '../support/deployment.js';
import { eventually } from '../support/eventually.js';
import { Load, sharesOf } from '../support/load.js';
import { type Answer, type Problem, Visitor } from '../support/visitor.js';

/**
 * On real servers, which are not the specs' own: whoever runs this says how they are killed. EVENTSTOREDB_URL, with a command that kills
 * the node (EVENTSTOREDB_KILL) and one that starts it again (EVENTSTOREDB_MEND); EVENTSTOREDB_CLUSTER, with commands that kill the leader
 * (EVENTSTOREDB_CLUSTER_KILL), that stop it (…_STOP), and that bring either back (…_MEND): a node that was stopped may end by itself when it
 * goes on, because it has to truncate its log, and must be started again then, from 24.6 on twice: …_MEND returns when it stays up.
 */
const env = process.env;
const scenarios = [
  {
    name: 'one node killed and started again',
    url: 'EVENTSTOREDB_URL',
    fault: 'EVENTSTOREDB_KILL',
    mend: 'EVENTSTOREDB_MEND',
    forMs: 0,
    againMs: 5_000,
  },
  {
    name: 'the leader of a cluster killed',
    url: 'EVENTSTOREDB_CLUSTER',
    fault: 'EVENTSTOREDB_CLUSTER_KILL',
    mend: 'EVENTSTOREDB_CLUSTER_MEND',
    forMs: 10_000,
    againMs: 5_000,
  },
  {
    name: 'the leader of a cluster stopped for 15 s',
    url: 'EVENTSTOREDB_CLUSTER',
    fault: 'EVENTSTOREDB_CLUSTER_STOP',
    mend: 'EVENTSTOREDB_CLUSTER_MEND',
    forMs: 15_000,
    // Its silence has to be noticed, and another one to be elected.
    againMs: 20_000,
  },
];

const UNITS = 4;
/** Of the store's own calls: five seconds, and what a busy machine adds. */
const CALL_MS = 6_000;
const MORE_AFTER = 200;
const run = promisify(exec);

/** Notes when commands were acknowledged, and how long the longest answer took. */
class Stopwatch extends Visitor {
  readonly acknowledged: number[] = [];
  longestMs = 0;

  override async ask<Body = Problem>(...asked: Parameters<Visitor['ask']>): Promise<Answer<Body>> {
    const began = performance.now();
    try {
      const answer = await super.ask<Body>(...asked);
      if (answer.status === 201) this.acknowledged.push(performance.now());
      return answer;
    } finally {
      this.longestMs = Math.max(this.longestMs, performance.now() - began);
    }
  }

  longestGapMs(after: number): number {
    const times = [after, ...this.acknowledged.filter((at) => at > after)];
    return Math.max(...times.slice(1).map((at, n) => at - times[n]!));
  }
}

function tally(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Asks the adapter itself, all the time, and notes its longest call. */
class Probe {
  longestMs = 0;
  private readonly stopping = new AbortController();
  private readonly running: Promise<unknown>;

  constructor(private readonly store: EventStoreDBEventStore) {
    this.running = Promise.all([
      this.ask(() => store.head()),
      this.ask(() => store.readAll(null, 10)),
      ...[1, 2, 3, 4].map(() => this.write()),
    ]);
  }

  private write() {
    const [stream, by] = [`probe-${randomUUID()}`, { accountId: '', name: '', unitId: null, unitName: '', roles: [] } as never];
    let revision: bigint | null = -1n;
    return this.ask(async () => {
      const known = revision;
      revision = null;
      if (known === null) revision = (await this.store.read(stream)).at(-1)?.revision ?? -1n;
      else {
        const event = { id: randomUUID(), type: 'Probed', data: {} };
        ({ revision } = await this.store.append(stream, [event], known, { by, at: new Date(), commandId: 'probe' }));
      }
    });
  }

  private async ask(call: () => Promise<unknown>) {
    while (!this.stopping.signal.aborted) {
      const began = performance.now();
      await call().catch((error: unknown) => {
        // One whose outcome was unknown may come late.
        if (!(error instanceof StreamMoved) && !(error instanceof StoreError && error.retryable)) throw error;
      });
      this.longestMs = Math.max(this.longestMs, performance.now() - began);
      await wait(20);
    }
  }

  async stop() {
    this.stopping.abort();
    await this.running;
    await this.store.close();
  }
}

/** Says which variables would have to be set. */
function isGiven({ name, url, fault, mend }: (typeof scenarios)[number]): boolean {
  const missing = [url, fault, mend].filter((variable) => !env[variable]);
  if (missing.length > 0) process.stdout.write(`left out, because ${missing.join(', ')} is not set: ${name}\n`);
  return missing.length === 0;
}
const given = scenarios.filter(isGiven);

(given.length > 0 ? describe : describe.skip).each(given.length > 0 ? given : scenarios)(
  '$name',
  ({ name, url, fault, mend, forMs, againMs }) => {
    let database: TestDatabase;
    let product: Deployment;
    let sql: pg.Client;
    beforeAll(async () => {
      database = await createDatabase();
      const { eventStoreUrl } = await cornerOn({ eventStoreUrl: env[url]! });
      const at = instantAt('2026-11-24', '08:45');
      product = await Deployment.start(
        { databaseUrl: database.url, eventStoreUrl: eventStoreUrl! },
        { apis: 2, workers: 2, worker: QUICK_WORKER, at },
      );
      sql = new pg.Client({ connectionString: database.url });
      await sql.connect();
    }, 300_000);
    afterAll(async () => {
      await product?.stop();
      await sql?.end();
      await database?.drop();
    });

    const allTold = () =>
      eventually(
        async () => {
          const { rows } = await sql.query<{ n: number }>(`select count(*)::int as n from app.digest where "on" = '2026-11-24'`);
          return rows[0]!.n === UNITS;
        },
        'every digest held',
        120_000,
      );

    it('loses nothing, doubles nothing, and goes on by itself', async () => {
      const supervisor = new Stopwatch(() => product.urls[Math.floor(Math.random() * product.urls.length)]!);
      const { cookie, unitId, accountId } = await product.signIn('ducha');
      Object.assign(supervisor, { cookie, unitId, accountId });
      // The views may have seen nothing yet.
      const shares = await eventually(async () => {
        const all = await sharesOf(product.supervisor).catch(() => []);
        return all.length > 0 && all;
      }, 'shares to work on');
      const load = new Load(supervisor, shares);
      const probe = new Probe(new EventStoreDBEventStore((await cornerOn({ eventStoreUrl: env[url]! })).eventStoreUrl!));
      load.start();
      await load.acknowledges(MORE_AFTER);

      // Nine strikes as it happens: reminders are being sent.
      await product.setClocks(instantAt('2026-11-24', '09:05'));
      await run(env[fault]!);
      const fell = performance.now();
      const mended = wait(forMs).then(() => run(env[mend]!));
      // One node has nobody to take over before it is there again.
      if (forMs === 0) await mended;
      const couldGoOn = performance.now();
      const answers = () =>
        JSON.stringify(Object.fromEntries(tally(load.ledger.failures.map(({ status, body }) => `${status} ${body.code}`))));
      await mended;
      await load.acknowledges(MORE_AFTER);
      await allTold();
      await load.stop();
      await probe.stop();
      await load.settle();
      await product.isWell();

      const figures = {
        acknowledged: load.ledger.acknowledged.size,
        failures: answers(),
        'writes again after ms': Math.round(supervisor.longestGapMs(couldGoOn)),
        'longest gap ms': Math.round(supervisor.longestGapMs(fell)),
        'longest request ms': Math.round(supervisor.longestMs),
        'longest call of the store ms': Math.round(probe.longestMs),
      };
      const broken = await product.broken(load);
      process.stdout.write(`${name}: ${JSON.stringify({ ...figures, broken: broken.length })}\n`);
      expect(broken).toEqual([]);
      expect(supervisor.longestGapMs(couldGoOn)).toBeLessThan(againMs);
      expect(probe.longestMs).toBeLessThan(CALL_MS);
    }, 300_000);
  },
);
