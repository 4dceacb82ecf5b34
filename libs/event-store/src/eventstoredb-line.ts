import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { EventStoreDBClient } from '@eventstore/db-client';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import members from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { BatchAppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { ignore } from './backoff.js';
import { type Position, type Recorded, StoreError } from './event-store.js';
import { allRequest, appendRequest, CallFailed, placeOf, seenIn } from './eventstoredb-messages.js';
import { Reading } from './eventstoredb-reading.js';
import { settingsOf } from './eventstoredb-url.js';
import type { ValidAppend } from './validate-append.js';

type Waiting = Readonly<{ resolve: (reply: BatchAppendResp) => void; reject: (error: CallFailed) => void }>;

/**
 * One connection to one node, for one life: after the first failure of the line itself it is broken, and every call on it fails.
 * The client package finds the node and speaks TLS; the calls are made here on its generated definitions, because its own
 * `appendToStream` never settles when the server falls silent and shares its list of waiting appends with every other client.
 */
export class Line {
  private readonly appends = new Map<string, Waiting>();
  private call: ReturnType<StreamsClient['batchAppend']> | null = null;
  private heard = performance.now();
  private watch: NodeJS.Timeout | null = null;
  private readonly breaking = new AbortController();

  private constructor(
    private readonly client: EventStoreDBClient,
    private readonly streams: StreamsClient,
    private readonly silenceMs: number,
    /** Before the names of our streams. */
    private readonly prefix: string,
    private readonly requiresLeader: boolean,
    /** Of the server. */
    readonly version: string,
  ) {
    setMaxListeners(0, this.breaking.signal);
  }

  /** Throws `CallFailed` `undone` when no node answers within `openMs`. */
  static async open(url: string, openMs: number, silenceMs: number): Promise<Line> {
    const { connection, prefix, cluster } = settingsOf(url);
    const client = clientOf(connection);
    try {
      const { serverVersion } = await inTime(client['capabilities'], openMs);
      const calls = (await client['getGRPCClient'](streams.StreamsClient, 'streams')) as StreamsClient;
      return new Line(client, calls, silenceMs, prefix, cluster, serverVersion);
    } catch (error) {
      void client['getChannel']().then((channel) => channel.close(), ignore);
      throw new CallFailed('undone', error);
    }
  }

  get broken() {
    return this.breaking.signal.aborted;
  }

  /** The server's answer; `CallFailed` `lost` when the line breaks before it. */
  append(append: ValidAppend): Promise<BatchAppendResp> {
    if (this.broken) return Promise.reject(new CallFailed('undone', this.breaking.signal.reason));
    return new Promise((resolve, reject) => {
      if (this.appends.size === 0) this.expectReply();
      const id = randomUUID();
      this.appends.set(id, { resolve, reject });
      this.call ??= this.openAppends();
      this.call.write(appendRequest(id, append));
    });
  }

  /** All events of a request. A call that says nothing for `silenceMs` breaks the line; `searches` is called while a filtered one goes on. */
  async read(request: ReadReq, signal: AbortSignal, searches: () => void = ignore): Promise<(Recorded | Position)[]> {
    const seen: (Recorded | Position)[] = [];
    await this.listen(request, signal, (reply) => seen.push(seenIn(reply, this.prefix)), searches).ended;
    return seen;
  }

  /** A read of so many events from a place on, that one included, to be taken piece by piece. A filtered one may be silent while the server looks through the events of others. */
  open(after: Position | null, count: number, signal: AbortSignal, searches: () => void): Reading {
    const request = allRequest(placeOf(after), count, this.prefix);
    return new Reading(
      after,
      (heard) => this.listen(request, signal, heard, searches),
      (reply) => seenIn(reply, this.prefix),
    );
  }

  /** Calls `heard` with every reply to a subscription until it ends, for whatever reason; an end nobody asked for is one too. */
  subscribe(request: ReadReq, signal: AbortSignal, heard: (reply: ReadResp) => void): Promise<void> {
    return new Promise((resolve) => {
      const call = this.openRead(request, signal);
      call.on('data', heard);
      call.on('end', resolve);
      call.on('error', (error) => {
        if (!signal.aborted) this.failed(error);
        resolve();
      });
    });
  }

  /** The nodes that are alive, the leader first: `leader host:port`. */
  async nodes(): Promise<string[]> {
    const client = (await this.client['getGRPCClient'](gossip.GossipClient, 'gossip')) as InstanceType<typeof gossip.GossipClient>;
    const alive = await new Promise<{ state: number; name: string }[]>((resolve, reject) => {
      client.read(new shared.Empty(), ...this.client['callArguments']({ deadline: this.silenceMs }), (error, info) => {
        if (error) return reject(this.failed(error));
        const nodes = info.getMembersList().filter((member) => member.getIsAlive());
        resolve(
          nodes.map((member) => {
            const [state, end] = [member.getState(), member.getHttpEndPoint()];
            return { state, name: `${nameOf(state)} ${end?.getAddress()}:${end?.getPort()}` };
          }),
        );
      });
    });
    return alive.sort((one, other) => Number(other.state === LEADER) - Number(one.state === LEADER)).map(({ name }) => name);
  }

  break(reason: Error) {
    if (this.broken) return;
    this.breaking.abort(reason);
    if (this.watch) clearTimeout(this.watch);
    const waiting = [...this.appends.values()];
    this.appends.clear();
    for (const { reject } of waiting) reject(new CallFailed('lost', reason));
    this.call?.cancel();
    this.streams.close();
  }

  /** Calls `heard` with every event of a read. `call` may be paused; silence counts only while it is not. */
  private listen(request: ReadReq, signal: AbortSignal, heard: (reply: ReadResp) => void, searches: () => void) {
    const call = this.openRead(request, signal);
    const filtered = request.getOptions()?.hasFilter();
    const goesOn = () => {
      silent.refresh();
      if (filtered) searches();
    };
    const stillThere = () => this.read(allRequest('end', 1), signal).then(goesOn, ignore);
    const silent = setTimeout(() => {
      if (call.isPaused()) silent.refresh();
      else if (filtered) void stillThere();
      else this.break(new Error(`no reply within ${this.silenceMs} ms`));
    }, this.silenceMs);
    call.on('data', (reply: ReadResp) => {
      goesOn();
      if (reply.hasEvent()) heard(reply);
    });
    const ended = new Promise<void>((resolve, reject) => {
      call.on('close', () => clearTimeout(silent));
      call.on('end', resolve);
      call.on('error', (error) => reject(signal.aborted ? new CallFailed('undone', error) : this.failed(error)));
    });
    return { call, ended };
  }

  private openAppends() {
    const call = this.streams.batchAppend(...this.arguments());
    call.on('data', (reply: BatchAppendResp) => {
      this.heard = performance.now();
      const id = reply.getCorrelationId()!.getString();
      const waiting = this.appends.get(id);
      this.appends.delete(id);
      waiting?.resolve(reply);
    });
    call.on('end', () => this.break(new Error('the server ended the appends')));
    call.on('error', (error: Error) => this.break(error));
    return call;
  }

  private openRead(request: ReadReq, signal: AbortSignal) {
    const call = this.streams.read(request, ...this.arguments());
    const cancel = () => call.cancel();
    const signals = [signal, this.breaking.signal];
    for (const one of signals) one.addEventListener('abort', cancel);
    call.on('close', () => {
      for (const one of signals) one.removeEventListener('abort', cancel);
    });
    if (signals.some((one) => one.aborted)) cancel();
    return call;
  }

  /** In a cluster, a node that leads no more says so instead of answering from what it has. */
  private arguments() {
    const { requiresLeader } = this;
    const [metadata, ...options] = this.client['callArguments']({ requiresLeader }, { deadline: Infinity });
    return [uncompressed(metadata), ...options] as const;
  }

  private expectReply() {
    this.heard = performance.now();
    this.watch ??= setTimeout(() => {
      this.watch = null;
      if (this.appends.size === 0) return;
      if (performance.now() - this.heard >= this.silenceMs) this.break(new Error(`no reply within ${this.silenceMs} ms`));
      else this.watchOn();
    }, this.silenceMs);
  }

  private watchOn() {
    const { heard } = this;
    this.expectReply();
    this.heard = heard;
  }

  /** Breaks the line unless the server answered and merely refused. */
  private failed(error: Error & { code?: number; metadata?: { getMap(): Record<string, unknown> } }): CallFailed {
    const refused = error.code !== undefined && REFUSALS.has(error.code) && error.metadata?.getMap().exception !== 'not-leader';
    if (!refused && !this.broken) this.break(error);
    const denied = error.code !== undefined && DENIALS.has(error.code);
    return new CallFailed(
      refused ? 'wrong' : 'lost',
      denied ? new StoreError('denied', `the event store does not let us in: ${error.message}`, { cause: error }) : error,
    );
  }
}

/** INVALID_ARGUMENT, PERMISSION_DENIED, OUT_OF_RANGE, UNIMPLEMENTED, UNAUTHENTICATED; tombstones are FAILED_PRECONDITION. UNKNOWN is what a node says that knows no leader. */
const REFUSALS = new Set([3, 7, 9, 11, 12, 16]);
const DENIALS = new Set([7, 16]);

/** The client reads the files of certificates that the address names. */
function clientOf(connection: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(connection);
  } catch (error) {
    throw new CallFailed('wrong', new StoreError('bad-address', (error as Error).message, { cause: error }));
  }
}

/**
 * KurrentDB 25.1 and later compress every event by itself for whoever says that they can read it, and @grpc/grpc-js always says so as the
 * call leaves. Unpacking takes longer than all else that is done with an event.
 */
function uncompressed<Metadata extends { set(key: string, value: unknown): void; clone(): Metadata }>(metadata: Metadata): Metadata {
  const [set, clone] = [metadata.set.bind(metadata), metadata.clone.bind(metadata)];
  metadata.set = (key, value) => set(key, key === 'grpc-accept-encoding' ? 'identity' : value);
  metadata.clone = () => uncompressed(clone());
  return metadata;
}

const { VNodeState } = members.MemberInfo;
const LEADER = VNodeState.LEADER;
const nameOf = (state: number) =>
  Object.entries(VNodeState)
    .find(([, number]) => number === state)?.[0]
    .toLowerCase() ?? 'unknown';

function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no reply within ${timeoutMs} ms`)), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(late));
  });
}
