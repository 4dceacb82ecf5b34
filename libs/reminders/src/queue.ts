import { type BackendFactory, type IQueueBackend, type JobProgress, Queue, Worker } from 'bullmq';
import { pause } from '@app/read-models/transient.js';
import type { Hint } from './digest.js';
import { look as lookAtPostgres, postgresBackend } from './queue-postgres.js';
import { emptyRedis, look as lookAtRedis, redisBackend, refuseUnfitRedis } from './queue-redis.js';
import type { Tell } from '@app/runtime/sentences.js';

type Hints<C> = Queue<Hint, void, string, Hint, void, string, IQueueBackend, C>;
type HintWorker<C> = Worker<Hint, void, string, IQueueBackend, JobProgress, C>;

/** Where a queue lives: how those who add and those who work reach it, and what it has to be told at the end. */
export type Backend<C> = Readonly<{
  adding: C;
  working: C;
  factory: BackendFactory<IQueueBackend, C>;
  prefix?: string;
  /** No connection is made again from now on; answers whether those that there are can be ended in order. */
  leave(): Promise<boolean>;
  release(): Promise<void>;
}>;

/** The server and its version, where it is, and whether it loses all jobs when it ends. */
export type QueueState = Readonly<{ server: string; queue: string; keepsNothing: boolean }>;

const NAME = 'digest';
const AT_ONCE = 4;
/** Who has not finished a digest by then is taken for dead, and another begins it again. */
const LOST_AFTER_MS = 20_000;
const OPENS_WITHIN_MS = 10_000;
/** Leaves the rest of a process time to stop within its ten seconds. */
const CLOSES_WITHIN_MS = 6_000;

const isRedis = (url: string) => /^rediss?(\+sentinel)?:/.test(url);

/** Throws `Unstartable` when the queue's server answers and cannot be trusted with jobs; one that is away may yet come. */
export const refuseUnfitQueue = async (url: string): Promise<void> => (isRedis(url) ? refuseUnfitRedis(url) : undefined);

/** What the queue's server says of itself; rejects when it is away, and with `Unstartable` when it cannot be trusted with jobs. */
export const lookAtQueue = (url: string): Promise<QueueState> => (isRedis(url) ? lookAtRedis(url) : lookAtPostgres(url));

/** Forgets every job, also what a server that throws things away has left of one. Nothing is lost with a hint. */
export const emptyQueue = async (url: string): Promise<void> => (isRedis(url) ? emptyRedis(url) : undefined);

/**
 * Hints that a digest may have to be held, shared by all processes: lost, repeated or late, they change nothing but the moment.
 * A job's id is its hint, so the same hint waits once; it goes with its end, good or bad, so that the sweep can always ask again.
 */
export class DigestQueue {
  private constructor(
    readonly add: (hints: readonly Hint[]) => Promise<void>,
    /** Waits for the digests being held, but not for ever: what is cut off is begun again somewhere else. */
    readonly close: () => Promise<void>,
  ) {}

  /**
   * Rejects when the queue's server is away or unfit; from then on lost connections come back by themselves, and `onError` only hears of them.
   * `onWarning` hears what its administrator should change.
   */
  static async open(
    url: string,
    hold: (hint: Hint) => Promise<void>,
    onError: (error: unknown) => void,
    onWarning: Tell,
    lostAfterMs = LOST_AFTER_MS,
  ): Promise<DigestQueue> {
    return isRedis(url)
      ? DigestQueue.on(await redisBackend(url, onWarning), hold, onError, lostAfterMs)
      : DigestQueue.on(await postgresBackend(url, onError), hold, onError, lostAfterMs);
  }

  private static async on<C>(
    backend: Backend<C>,
    hold: (hint: Hint) => Promise<void>,
    onError: (error: unknown) => void,
    lostAfterMs: number,
  ) {
    const { adding, working, factory, prefix } = backend;
    const queue: Hints<C> = new Queue(
      NAME,
      { connection: adding, prefix, defaultJobOptions: { removeOnComplete: true, removeOnFail: true } },
      factory,
    );
    const holding = new Set<Promise<void>>();
    const worker: HintWorker<C> = new Worker(
      NAME,
      ({ data }) => {
        const held = hold(data).finally(() => holding.delete(held));
        holding.add(held);
        return held;
      },
      {
        connection: working,
        prefix,
        concurrency: AT_ONCE,
        autorun: false,
        // A digest takes less, and one that is held twice is heard once. Renewal would outlive a worker whose server is away (6.7.0).
        lockDuration: lostAfterMs,
        skipLockRenewal: true,
        stalledInterval: lostAfterMs / 4,
        runRetryDelay: 1_000,
      },
      factory,
    );
    queue.on('error', onError);
    worker.on('error', onError).on('failed', (_, error) => onError(error));
    const opened = new DigestQueue(
      async (hints) => {
        if (hints.length > 0) await queue.addBulk(hints.map((hint) => ({ name: NAME, data: hint, opts: { jobId: jobIdOf(hint) } })));
      },
      async () => {
        // Without its server a worker never ends by itself (6.7.0): what it holds is waited for here, its job is found by another.
        const byForce = !(await backend.leave());
        const closed = Promise.all([worker.close(byForce), Promise.allSettled(holding)]).then(() => queue.close());
        await within(CLOSES_WITHIN_MS, closed.catch(onError));
        await backend.release();
      },
    );
    try {
      const ready = Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
      if (!(await within(OPENS_WITHIN_MS, ready))) throw new Error('the queue went away while it was opened');
    } catch (error) {
      await opened.close();
      throw error;
    }
    worker.run().catch(onError);
    return opened;
  }
}

// BullMQ keeps ':' for itself.
const jobIdOf = ({ unitId, on }: Hint) => `digest-${unitId}-${on}`;

/** Whether it came in time. */
async function within(ms: number, coming: Promise<unknown>): Promise<boolean> {
  const patience = new AbortController();
  try {
    return await Promise.race([coming.then(() => true), pause(ms, patience.signal).then(() => false)]);
  } finally {
    patience.abort();
  }
}
