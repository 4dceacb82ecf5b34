import { Pool, type PoolConfig } from 'pg';
import type { Actor } from '@app/domain/actor.js';
import type { Message } from '@app/domain/decider.js';
import { AppendQueue, type Load } from './append-queue.js';
import {
  type Appended,
  type Batch,
  type Envelope,
  EventStore,
  type NewEvent,
  type Position,
  type Recorded,
  StoreError,
  StreamMoved,
} from './event-store.js';
import { following, untilAborted } from './following.js';
import { Numbering } from './position.js';
import { type Call, CallFailed, callOnce, callPatiently, survive } from './postgres-call.js';
import { PostgresNews } from './postgres-news.js';
import { demand, type ValidAppend, validateAppend } from './validate-append.js';

const numbering = new Numbering('p1');

/** In the order of `key`. The actor is left out where it is the neighbour's: it is a third of the bytes, and mostly the same. */
const columnsBy = (key: 'revision' | 'position') =>
  `revision, position, id, type, data, nullif(by, lag(by) over (order by ${key})), date_part('epoch', at), command`;

type Row = [
  revision: string,
  position: string,
  id: string,
  type: string,
  data: string,
  by: string | null,
  at: number,
  command: string,
  /** Where it is not known beforehand. */
  stream?: string,
];

const limits: PoolConfig = {
  connectionTimeoutMillis: 2_000,
  statement_timeout: 30_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 30_000,
  idleTimeoutMillis: 60_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  application_name: 'duban events',
};

const defaults = {
  /** A read that fails for a passing reason is repeated for so long. */
  patienceMs: 5_000,
  /** A connection that says nothing for so long is taken for dead. */
  silenceMs: 10_000,
};

/** The store of facts in PostgreSQL, over the tables of `eventStoreSchema`. */
export class PostgresEventStore extends EventStore {
  override readonly mark = numbering.mark;
  private readonly pool: Pool;
  private readonly ownsPool: boolean;
  private readonly times: typeof defaults;
  private readonly queue = new AppendQueue((take) => this.commit(take));
  private readonly news: PostgresNews;
  private readonly closing = new AbortController();
  private closed: Promise<void> | null = null;

  /** A pool that is given stays open at `close()`, and its own timeouts apply. */
  constructor(database: string | Pool, times: Partial<typeof defaults> = {}) {
    super();
    this.times = { ...defaults, ...times };
    this.ownsPool = typeof database === 'string';
    this.pool = typeof database === 'string' ? new Pool({ ...limits, connectionString: database }) : database;
    survive(this.pool);
    this.news = new PostgresNews(this.pool.options, () => this.headNumber());
  }

  override async read<E extends Message>(stream: string, from = 0n): Promise<Recorded<E>[]> {
    demand(from >= 0n, `no event has revision ${from}`);
    const text = `select ${columnsBy('revision')} from events.event where stream = $1 and revision >= $2 order by revision`;
    return recorded(await this.ask<Row>({ name: 'events-of-stream', text, values: [stream, from] }), stream) as Recorded<E>[];
  }

  override async append(
    stream: string,
    events: readonly NewEvent[],
    expected: bigint,
    envelope: Envelope,
    { timeoutMs = 5_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<Appended> {
    return this.queue.add(validateAppend(stream, events, expected, envelope), timeoutMs, signal);
  }

  override async readAll(after: Position | null, limit: number): Promise<Recorded[]> {
    return this.page(after, limit, this.closing.signal, this.times.patienceMs);
  }

  override async head(): Promise<Position | null> {
    const number = await this.headNumber();
    return number === 0n ? null : numbering.position(number);
  }

  override async *follow(options: { after: Position | null; signal: AbortSignal; batch?: number }): AsyncGenerator<Batch, void> {
    const { news } = this;
    this.demandOpen();
    const leave = news.join(options.signal);
    try {
      const log = {
        page: (after: Position | null, limit: number, signal: AbortSignal) =>
          untilAborted(this.page(after, limit, signal, Infinity), signal),
        get news() {
          return news.heard;
        },
        longerThan: (after: Position | null, known: number, signal: AbortSignal) => news.beyond(numbering.number(after), known, signal),
      };
      yield* following(log, options, this.closing.signal);
    } finally {
      leave();
    }
  }

  override async describe(): Promise<string> {
    const [row] = await this.ask<[version: string]>({ name: 'events-version', text: 'show server_version', values: [] });
    return `PostgreSQL ${row![0].split(' ')[0]}, schema events`;
  }

  override close(): Promise<void> {
    this.closing.abort();
    this.news.close();
    this.closed ??= this.queue.close().then(() => (this.ownsPool ? this.pool.end() : undefined));
    return this.closed;
  }

  private demandOpen() {
    if (this.closing.signal.aborted) throw new StoreError('closed', 'the event store was closed');
  }

  private async headNumber(): Promise<bigint> {
    const [row] = await this.ask<[position: string]>({ name: 'events-head', text: 'select position from events.head', values: [] });
    return BigInt(row![0]);
  }

  private async page(after: Position | null, limit: number, signal: AbortSignal, patienceMs: number): Promise<Recorded[]> {
    demand(Number.isInteger(limit) && limit > 0, `a page of ${limit} events`);
    const text = `select ${columnsBy('position')}, stream from events.event where position > $1 order by position limit $2`;
    return recorded(await this.ask<Row>({ name: 'events-after', text, values: [numbering.number(after), limit] }, signal, patienceMs));
  }

  private async ask<R extends unknown[]>(call: Call, signal = this.closing.signal, patienceMs = this.times.patienceMs): Promise<R[]> {
    this.demandOpen();
    return callPatiently<R>(this.pool, call, { silenceMs: this.times.silenceMs, patienceMs, signal });
  }

  private async commit(take: () => Load) {
    let { appends, patienceMs }: Load = { appends: [], patienceMs: 0 };
    const tried = await callOnce<Verdict>(this.pool, () => {
      ({ appends, patienceMs } = take());
      return { ...(isAlone(appends) ? oneOf(appends[0]!) : batchOf(appends)), silenceMs: patienceMs };
    }).catch(overtaken);
    const rows = tried.length > 0 ? tried : await callOnce<Verdict>(this.pool, () => ({ ...batchOf(appends), silenceMs: patienceMs }));
    return appends.map(({ stream, expected, events }, n) => {
      const [actual, last] = rows[n]!;
      if (last === null) return new StreamMoved(stream, expected, BigInt(actual));
      return { revision: expected + BigInt(events.length), position: numbering.position(last) };
    });
  }
}

type Verdict = [actual: string, last: string | null];

const isAlone = (appends: Load['appends']) => appends.length === 1 && appends[0]!.events.length === 1;

/**
 * One event with nobody beside it, without the function's cost. It writes when the stream is where it is expected to be, and answers
 * nothing otherwise: the function then says why. Where another append came first while the head was locked, the stream's own key objects.
 */
function oneOf({ stream, expected, by, at, commandId, events: [event] }: ValidAppend): Call {
  return {
    name: 'events-append-one',
    text: `with head as (
        update events.head set position = position + 1
        where not exists (select from events.event where stream = $1 and revision > $2)
          and ($2 = -1 or exists (select from events.event where stream = $1 and revision = $2))
        returning position
      ), kept as (
        insert into events.event (position, stream, revision, id, type, data, by, at, command)
        select position, $1, $2 + 1, $6::uuid, $7, $8, $3, $4, $5 from head
      )
      select $2, position from head, pg_notify('events', '')`,
    values: [stream, expected, by, at.toISOString(), commandId, event!.id, event!.type, event!.body],
  };
}

const KEY_TAKEN = '23505';

function overtaken(error: unknown): [] {
  if (error instanceof CallFailed && (error.cause as { code?: string }).code === KEY_TAKEN) return [];
  throw error;
}

function batchOf(appends: readonly ValidAppend[]): Call {
  const events = appends.flatMap((append, n) => append.events.map((event) => ({ ...event, owner: n + 1 })));
  return {
    name: 'events-append',
    text: 'select actual, last from events.append($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    values: [
      appends.map((append) => append.stream),
      appends.map((append) => append.expected),
      appends.map((append) => append.by),
      appends.map((append) => append.at.toISOString()),
      appends.map((append) => append.commandId),
      events.map((event) => event.owner),
      events.map((event) => event.id),
      events.map((event) => event.type),
      events.map((event) => event.body),
    ],
  };
}

function recorded(rows: readonly Row[], ofStream = ''): Recorded[] {
  let actor: Actor;
  return rows.map(([revision, position, id, type, data, by, at, commandId, stream = ofStream]) => {
    if (by !== null) actor = JSON.parse(by) as Actor;
    return {
      stream,
      revision: BigInt(revision),
      position: numbering.position(position),
      id,
      type,
      data: JSON.parse(data),
      by: actor,
      at: new Date(Math.round(at * 1000)),
      commandId,
    };
  });
}
