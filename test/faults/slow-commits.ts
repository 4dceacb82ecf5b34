import { setTimeout as wait } from 'node:timers/promises';
import { Pool, type PoolClient } from 'pg';
import { type Appended, type Envelope, type NewEvent, StreamMoved } from '@app/event-store/event-store.js';
import { PostgresEventStore } from '@app/event-store/postgres.js';

const KEY_TAKEN = '23505';

const position = (number: string) => `p1:${number.padStart(20, '0')}`;

/** Writers that pause at random before they commit, each in a transaction of its own: the store's own append does the writing. */
export class SlowCommits extends PostgresEventStore {
  protected readonly writers: Pool;

  constructor(url: string) {
    super(url);
    this.writers = new Pool({ connectionString: url, max: 16 });
    // Its connections may still be closing when the database is dropped.
    this.writers.on('error', () => {});
  }

  override async append(stream: string, events: readonly NewEvent[], expected: bigint, envelope: Envelope): Promise<Appended> {
    const client = await this.writers.connect();
    try {
      await client.query('begin');
      const { actual, last } = await this.write(client, stream, events, expected, envelope);
      await wait(Math.random() * 20);
      await client.query('commit');
      if (last === null) throw new StreamMoved(stream, expected, BigInt(actual));
      return { revision: expected + BigInt(events.length), position: position(last) };
    } catch (error) {
      await client.query('rollback').catch(() => {});
      throw (error as { code?: string }).code === KEY_TAKEN ? new StreamMoved(stream, expected, expected + 1n) : error;
    } finally {
      client.release();
    }
  }

  protected async write(client: PoolClient, stream: string, events: readonly NewEvent[], expected: bigint, envelope: Envelope) {
    const { rows } = await client.query<{ actual: string; last: string | null }>(
      'select actual, last from events.append($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      [
        [stream],
        [expected],
        [JSON.stringify(envelope.by)],
        [envelope.at.toISOString()],
        [envelope.commandId],
        events.map(() => 1),
        events.map(({ id }) => id),
        events.map(({ type }) => type),
        events.map(({ data }) => JSON.stringify(data)),
      ],
    );
    return rows[0]!;
  }

  override async close(): Promise<void> {
    await this.writers.end();
    await super.close();
  }
}

/** The same with positions from a sequence, as most stores in PostgreSQL have had them. Needs `create sequence positions`. */
export class PlainSequence extends SlowCommits {
  protected override async write(client: PoolClient, stream: string, events: readonly NewEvent[], expected: bigint, envelope: Envelope) {
    let last = '';
    for (const [n, { id, type, data }] of events.entries()) {
      const { rows } = await client.query<{ position: string }>(
        `insert into events.event (position, stream, revision, id, type, data, by, at, command)
         values (nextval('positions'), $1, $2, $3, $4, $5, $6, $7, $8) returning position`,
        [
          stream,
          expected + 1n + BigInt(n),
          id,
          type,
          JSON.stringify(data),
          JSON.stringify(envelope.by),
          envelope.at.toISOString(),
          envelope.commandId,
        ],
      );
      last = rows[0]!.position;
    }
    // Whoever waits for news asks the head.
    await client.query(`select pg_notify('events', '')`);
    return { actual: '', last };
  }

  override async head() {
    const { rows } = await this.writers.query<{ last: string | null }>('select max(position)::text as last from events.event');
    return rows[0]!.last === null ? null : position(rows[0]!.last);
  }
}
