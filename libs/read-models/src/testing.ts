import type { DataSource } from 'typeorm';
import type { Actor, Context } from '@app/domain/actor.js';
import { decide, type Decider, fold, type Message } from '@app/domain/decider.js';
import { idFrom } from '@app/domain/ids.js';
import type { Recorded } from '@app/event-store/event-store.js';
import { createDatabase } from '../../../test/support/database.js';
import { databaseOptions, openMigrated } from './database.js';
import { ENTITIES } from './entities.js';

export const supervisor: Actor = {
  accountId: idFrom('a', 1),
  name: '督查员',
  unitId: idFrom('u', 0),
  unitName: '督查室',
  roles: ['supervisor'],
};
export const clerkOf = (unitId: string): Actor => ({
  accountId: idFrom('a', unitId),
  name: '经办人',
  unitId,
  unitName: '',
  roles: ['member', 'head'],
});

/** A log as a store would keep it: what deciders answer to commands, one after the other. */
export class Log {
  readonly events: Recorded[] = [];

  ask<S, C extends Message, E extends Message, X extends Context>(decider: Decider<S, C, E, X>, id: string, command: C, context: X): this {
    const stream = `${decider.category}-${id}`;
    const facts = this.events.filter((event) => event.stream === stream) as Recorded<E>[];
    return this.add(stream, decide(decider, fold(decider, facts), command, context), context);
  }

  add(stream: string, messages: readonly Message[], { by, at }: Context): this {
    for (const message of messages) {
      const n = this.events.length;
      const revision = BigInt(this.events.filter((event) => event.stream === stream).length);
      const position = `m1:${String(n + 1).padStart(20, '0')}`;
      this.events.push({ ...message, id: idFrom('event', n), stream, revision, position, by, at, commandId: idFrom('command', n) });
    }
    return this;
  }
}

/** A database of one's own with all tables and no rows. */
export async function openViews(): Promise<{ db: DataSource; url: string; close(): Promise<void> }> {
  const { url, drop } = await createDatabase();
  const db = await openMigrated({ ...databaseOptions(url), entities: ENTITIES });
  return {
    db,
    url,
    close: async () => {
      await db.destroy();
      await drop();
    },
  };
}
