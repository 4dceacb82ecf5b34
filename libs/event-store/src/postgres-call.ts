import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { backoff, ignore } from './backoff.js';
import { StoreError } from './event-store.js';

/**
 * What a failed call left behind. `unsent`, `undone`: nothing, and it may be sent again. `lost`: perhaps everything, the reply is
 * missing. `full`: nothing, and the next try will not fare better. `wrong`: nothing, and no try ever will; a fault of ours.
 */
export type Aftermath = 'unsent' | 'undone' | 'lost' | 'full' | 'wrong';

export class CallFailed extends Error {
  constructor(
    readonly aftermath: Aftermath,
    override readonly cause: unknown,
  ) {
    super(`call ${aftermath}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  get passing() {
    return this.aftermath === 'unsent' || this.aftermath === 'undone' || this.aftermath === 'lost';
  }
}

export type Call = Readonly<{ name: string; text: string; values: readonly unknown[] }>;

/**
 * One named, prepared statement, asked for when there is a connection; rows come as arrays. Throws `CallFailed`, also when no reply
 * comes within `silenceMs`.
 */
export async function callOnce<Row extends unknown[]>(pool: Pool, ask: () => Call & { silenceMs: number }): Promise<Row[]> {
  const client = await connected(pool);
  const { silenceMs, values, ...call } = ask();
  try {
    const query = { ...call, values: [...values], rowMode: 'array' as const, query_timeout: silenceMs };
    const { rows } = await client.query<Row>(query);
    client.release();
    return rows;
  } catch (error) {
    const aftermath = aftermathOf(error);
    client.release(aftermath === 'lost' ? (error as Error) : undefined);
    throw new CallFailed(aftermath, error);
  }
}

/**
 * A client reports the server's death by an event besides the rejection, and an unheard one ends the process. The pool listens to
 * idle clients only, and lets go of one before its borrower can take over.
 */
export function survive(pool: Pool) {
  pool.on('error', ignore);
  pool.on('acquire', (client) => {
    if (!client.listeners('error').includes(ignore)) client.on('error', ignore);
  });
}

/** `callOnce` until it succeeds, as long as the failure may pass; then `unavailable`. For reads: a lost reply is asked for again. */
export async function callPatiently<Row extends unknown[]>(
  pool: Pool,
  call: Call,
  { silenceMs, patienceMs, signal }: { silenceMs: number; patienceMs: number; signal: AbortSignal },
): Promise<Row[]> {
  const deadline = performance.now() + patienceMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return await callOnce<Row>(pool, () => ({ ...call, silenceMs: Math.max(1, Math.min(silenceMs, deadline - performance.now())) }));
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      if (signal.aborted) throw new StoreError('closed', 'the event store was closed', { cause: error.cause });
      if (error.aftermath === 'wrong') throw error.cause;
      const pause = backoff(attempt);
      if (!error.passing || performance.now() + pause > deadline) throw unavailable(error);
      await sleep(pause, undefined, { signal }).catch(ignore);
    }
  }
}

export const unavailable = (failure: CallFailed) =>
  new StoreError('unavailable', `the event store does not answer: ${failure.message}`, { cause: failure.cause });

async function connected(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    // Nothing was sent; only a server that answers and says no for good (password, database) makes it hopeless.
    throw new CallFailed(aftermathOf(error) === 'wrong' ? 'wrong' : 'unsent', error);
  }
}

function aftermathOf(error: unknown): Aftermath {
  const code = error instanceof DatabaseError ? error.code : undefined;
  if (code === undefined || /^(08|57P0[1245])/.test(code)) return 'lost';
  // Serialisation, deadlock, lock_timeout, too many connections, starting up, read-only after a failover.
  if (/^(40|55P03|53300|57P03|25006)/.test(code)) return 'undone';
  // Disk full, out of memory, statement_timeout.
  if (/^(53|58|57014)/.test(code)) return 'full';
  return 'wrong';
}
