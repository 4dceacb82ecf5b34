import { Column, type DataSource, Entity, PrimaryColumn } from 'typeorm';
import type { EventStore, Position, Recorded } from '@app/event-store/event-store.js';
import { isTransient, pause } from './runner.js';

/** How far something that acts on events has come, and what stopped it. */
@Entity('follower')
export class Follower {
  @PrimaryColumn('text') name: string;
  @Column({ type: 'text', collation: 'C' }) position: Position;
  @Column('text', { nullable: true }) error: string | null;
  @Column('timestamptz', { nullable: true }) failedAt: Date | null;
}

/**
 * Hands every event to `handle`, in order and at least once, until `signal` aborts; what it does must bear repetition.
 * A failure is tried again from the last place that was saved, so nothing is passed over.
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
      for await (const { events } of store.follow({ after: saved?.position ?? null, signal })) {
        for (const event of events) await handle(event);
        if (events.length > 0) await save(db, name, events.at(-1)!.position);
      }
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      if (!isTransient(error)) await markFailed(db, name, error);
      await pause(1_000, signal);
    }
}

const save = (db: DataSource, name: string, position: Position) =>
  db.query(
    `insert into app.follower (name, position) values ($1, $2)
     on conflict (name) do update set position = greatest(follower.position, excluded.position), error = null, "failedAt" = null`,
    [name, position],
  );

const markFailed = (db: DataSource, name: string, error: unknown) =>
  db
    .query(
      `insert into app.follower (name, position, error, "failedAt") values ($1, '', $2, now())
       on conflict (name) do update set error = $2, "failedAt" = coalesce(follower."failedAt", now())`,
      [name, String(error).slice(0, 1_000)],
    )
    .catch(() => {});
