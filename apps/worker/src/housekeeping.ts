import type { DataSource } from 'typeorm';
import { pause } from '@app/read-models/transient.js';
import type { Clock } from '@app/runtime/clock.js';

const HOUR = 3_600_000;
/** Nobody repeats a request after so long; the event's own id would still keep it from happening twice. */
const ANSWERS_KEPT_MS = 30 * 24 * HOUR;

/** Throws away what has served its time: answers to old requests, ended sessions and tokens. Facts are never among it. */
export async function keepHouse(db: DataSource, clock: Clock, signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
  while (!signal.aborted) {
    const now = clock.now();
    try {
      await db.query('delete from app.answer where "askedAt" < $1', [new Date(now.getTime() - ANSWERS_KEPT_MS)]);
      await db.query('delete from app.session where "endsAt" < $1', [now]);
      await db.query('delete from app.token where "endsAt" < $1', [now]);
    } catch (error) {
      onError(error);
    }
    await pause(HOUR, signal);
  }
}
