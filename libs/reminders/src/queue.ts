import { createPostgresBackend, type JobProgress, type PostgresConnectionOptions, type PostgresQueueBackend, Queue, Worker } from 'bullmq';
import type { Hint } from './digest.js';

type Hints = Queue<Hint, void, string, Hint, void, string, PostgresQueueBackend, PostgresConnectionOptions>;
type HintWorker = Worker<Hint, void, string, PostgresQueueBackend, JobProgress, PostgresConnectionOptions>;

const NAME = 'digest';
const AT_ONCE = 4;

/**
 * Hints that a digest may have to be held, shared by all processes: lost, repeated or late, they change nothing but the moment.
 * A job's id is its hint, so the same hint waits once; it goes with its end, good or bad, so that the sweep can always ask again.
 */
export class DigestQueue {
  private constructor(
    private readonly queue: Hints,
    private readonly worker: HintWorker,
  ) {}

  /** Rejects when the database is away; from then on lost connections come back by themselves, and `onError` only hears of them. */
  static async open(url: string, hold: (hint: Hint) => Promise<void>, onError: (error: unknown) => void): Promise<DigestQueue> {
    const queue: Hints = new Queue(
      NAME,
      { connection: connection(url), defaultJobOptions: { removeOnComplete: true, removeOnFail: true } },
      createPostgresBackend,
    );
    const worker: HintWorker = new Worker(
      NAME,
      ({ data }) => hold(data),
      { connection: connection(url), concurrency: AT_ONCE, autorun: false, lockDuration: 15_000, stalledInterval: 15_000 },
      createPostgresBackend,
    );
    // Without a listener a lost connection would end the process.
    queue.on('error', onError);
    worker.on('error', onError).on('failed', (_, error) => onError(error));
    const opened = new DigestQueue(queue, worker);
    try {
      await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
    } catch (error) {
      await opened.close().catch(() => {});
      throw error;
    }
    worker.run().catch(onError);
    return opened;
  }

  async add(hints: readonly Hint[]): Promise<void> {
    if (hints.length > 0) await this.queue.addBulk(hints.map((hint) => ({ name: NAME, data: hint, opts: { jobId: jobIdOf(hint) } })));
  }

  /** Waits for the digests being held. */
  async close(): Promise<void> {
    await this.worker.close();
    await this.queue.close();
  }
}

// BullMQ keeps ':' for itself.
const jobIdOf = ({ unitId, on }: Hint) => `digest-${unitId}-${on}`;

/** The one place that knows where the queue lives: another backend is another connection and another factory. */
const connection = (connectionString: string): PostgresConnectionOptions => ({
  connectionString,
  schema: 'bullmq',
  migrate: true,
  max: 2,
  connectionTimeoutMillis: 2_000,
  keepAlive: true,
  application_name: 'duban queue',
});
