import { Column, type DataSource, Entity, PrimaryColumn } from 'typeorm';
import type { EventStore, Position, Recorded } from '@app/event-store/event-store.js';
import { demandKnown } from './event-types.js';
import { isTransient, pause } from './transient.js';

/** How far something that acts on events has come, and what stopped it. */
@Entity('follower')
export class Follower {
  @PrimaryColumn('text') name: string;
  @Column({ type: 'text', collation: 'C' }) position: Position;
  /** The event there, by the name that it has in every store. */
  @Column('text', { nullable: true }) stream: string | null;
  @Column('bigint', { nullable: true }) revision: string | null;
  @Column('text', { nullable: true }) error: string | null;
  @Column('timestamptz', { nullable: true }) failedAt: Date | null;
}

/** The events that this database stands on are not in the store: it is another one, and no copy. */
export class NotOurStore extends Error {
  constructor(readonly details: Readonly<{ stream: string; revision: string; store: string }>) {
    super(`${details.stream} ${details.revision} is not in the store: ${details.store}`);
  }
}

/** Where in the store a follower has come to; null at the beginning. Throws `NotOurStore`. */
export async function placeIn(store: EventStore, saved: Follower | null): Promise<Position | null> {
  if (!saved?.position) return null;
  if (saved.position.startsWith(`${store.mark}:`)) return saved.position;
  // One that was saved without the event's name begins again: what it does bears repetition.
  if (saved.stream === null || saved.revision === null) return null;
  const [last] = await store.read(saved.stream, BigInt(saved.revision));
  if (!last) throw new NotOurStore({ stream: saved.stream, revision: saved.revision, store: await store.describe() });
  return last.position;
}

/**
 * Hands every event to `handle`, in order and at least once, until `signal` aborts; what it does must bear repetition.
 * A failure is tried again from the last place that was saved, so nothing is passed over; neither is an event of a newer version, which
 * waits for a process that knows it.
 */
export async function followAll(
  {
    name,
    store,
    db,
    signal,
    onError,
  }: { name: string; store: EventStore; db: DataSource; signal: AbortSignal; onError: (error: unknown) => void },
  handle: (event: Recorded) => Promise<void>,
): Promise<void> {
  while (!signal.aborted)
    try {
      const saved = await db.manager.findOneBy(Follower, { name });
      for await (const { events } of store.follow({ after: await placeIn(store, saved), signal })) {
        for (const event of events) {
          demandKnown([event]);
          await handle(event);
        }
        await save(db, name, events.at(-1));
      }
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      if (!isTransient(error)) await markFailed(db, name, error);
      await pause(1_000, signal);
    }
}

/**
 * Another process may be further, but one place of this store is further than any of another. Without an event: this process is where it
 * should be, and what held it up is behind it.
 */
const save = (db: DataSource, name: string, last?: Recorded) =>
  last
    ? db.query(
        `insert into app.follower (name, position, stream, revision) values ($1, $2, $3, $4)
           on conflict (name) do update set (position, stream, revision, error, "failedAt") = ($2, $3, $4, null, null)
           where follower.position < $2 or left(follower.position, 3) <> left($2, 3)`,
        [name, last.position, last.stream, last.revision],
      )
    : db.query(`update app.follower set error = null, "failedAt" = null where name = $1 and error is not null`, [name]);

const markFailed = (db: DataSource, name: string, error: unknown) =>
  db
    .query(
      `insert into app.follower (name, position, error, "failedAt") values ($1, '', $2, now())
       on conflict (name) do update set error = $2, "failedAt" = coalesce(follower."failedAt", now())`,
      [name, String(error).slice(0, 1_000)],
    )
    .catch(() => {});
