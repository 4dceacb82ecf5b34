import {
  createPostgresBackend,
  type JobProgress,
  type PostgresConnectionOptions,
  type PostgresQueueBackend,
  Queue,
  runMigrations,
  Worker,
} from 'bullmq';
import { Pool } from 'pg';
import { pause } from '@app/read-models/runner.js';
import type { Hint } from './digest.js';

type Hints = Queue<Hint, void, string, Hint, void, string, PostgresQueueBackend, PostgresConnectionOptions>;
type HintWorker = Worker<Hint, void, string, PostgresQueueBackend, JobProgress, PostgresConnectionOptions>;

const NAME = 'digest';
const SCHEMA = 'bullmq';
const AT_ONCE = 4;
const CLOSES_WITHIN_MS = 10_000;

/**
 * Hints that a digest may have to be held, shared by all processes: lost, repeated or late, they change nothing but the moment.
 * A job's id is its hint, so the same hint waits once; it goes with its end, good or bad, so that the sweep can always ask again.
 */
export class DigestQueue {
  private constructor(
    private readonly pool: Pool,
    private readonly queue: Hints,
    private readonly worker: HintWorker,
  ) {}

  /** Rejects when the database is away; from then on lost connections come back by themselves, and `onError` only hears of them. */
  static async open(url: string, hold: (hint: Hint) => Promise<void>, onError: (error: unknown) => void): Promise<DigestQueue> {
    const pool = poolOf(url, onError);
    await migrate(pool).catch(async (error) => {
      await pool.end();
      throw error;
    });
    const queue: Hints = new Queue(
      NAME,
      { connection: pool, defaultJobOptions: { removeOnComplete: true, removeOnFail: true } },
      createPostgresBackend,
    );
    const worker: HintWorker = new Worker(
      NAME,
      ({ data }) => hold(data),
      { connection: pool, concurrency: AT_ONCE, autorun: false, lockDuration: 15_000, stalledInterval: 15_000, runRetryDelay: 1_000 },
      createPostgresBackend,
    );
    queue.on('error', onError);
    worker.on('error', onError).on('failed', (_, error) => onError(error));
    const opened = new DigestQueue(pool, queue, worker);
    try {
      await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
    } catch (error) {
      await opened.close();
      throw error;
    }
    worker.run().catch(onError);
    return opened;
  }

  async add(hints: readonly Hint[]): Promise<void> {
    if (hints.length > 0) await this.queue.addBulk(hints.map((hint) => ({ name: NAME, data: hint, opts: { jobId: jobIdOf(hint) } })));
  }

  /** Waits for the digests being held, but not for ever: what is cut off is begun again somewhere else. */
  async close(): Promise<void> {
    const closed = this.worker
      .close()
      .then(() => this.queue.close())
      .then(() => this.pool.end());
    const patience = new AbortController();
    await Promise.race([closed, pause(CLOSES_WITHIN_MS, patience.signal)]);
    patience.abort();
  }
}

// BullMQ keeps ':' for itself.
const jobIdOf = ({ unitId, on }: Hint) => `digest-${unitId}-${on}`;

/**
 * The one place that knows where the queue lives. The pool is ours because a connection that breaks while it is lent out ends the process
 * unless somebody listens to it, and BullMQ does not always (6.7.0).
 */
function poolOf(connectionString: string, onError: (error: unknown) => void): Pool {
  const pool = new Pool({
    connectionString,
    options: `-c search_path=${SCHEMA}`,
    max: 5,
    connectionTimeoutMillis: 2_000,
    keepAlive: true,
    application_name: 'duban queue',
  });
  return pool.on('error', onError).on('connect', (client) => client.on('error', onError));
}

async function migrate(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
}
