import { type Position, StoreError } from '@app/event-store/event-store.js';
import { PLAN_IS_STALE } from './connection.js';

/** PostgreSQL's own code for what went wrong, or the system's; empty when it has none. */
export function stateOf(error: unknown): string {
  const { code, driverError } = error as { code?: string; driverError?: { code?: string } };
  return driverError?.code ?? code ?? '';
}

/** The database has lost its latest commits, which did not wait for the disk, or somebody begins the view anew: read on from there. */
export class SetBack extends Error {
  constructor(view: string, from: Position, previous: Position) {
    super(`view ${view} is at "${from}", before "${previous}": it would miss events`);
  }
}

/** The database is away, busy, full or set back: nothing is wrong with the event. */
export function isTransient(error: unknown): boolean {
  if (error instanceof StoreError) return error.retryable;
  if (error instanceof SetBack) return true;
  const state = stateOf(error);
  return (
    /^(08|40|53|55|57)/.test(state) ||
    state === PLAN_IS_STALE ||
    /^E[A-Z]+$/.test(state) ||
    /Connection terminated|timeout exceeded|read timeout|Client (has encountered|was closed)/.test(String(error))
  );
}

/** Waits, but no longer than somebody wants it to go on. */
export const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
