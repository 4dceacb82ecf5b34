import { randomUUID } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import members from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { BatchAppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { ignore } from './backoff.js';
import type { Position, Recorded } from './event-store.js';
import { appendRequest, CallFailed, seenIn } from './eventstoredb-messages.js';
import type { ValidAppend } from './validate-append.js';

type Waiting = Readonly<{ resolve: (reply: BatchAppendResp) => void; reject: (error: CallFailed) => void }>;

const MIN_KEEPALIVE_MS = 10_000;
let opened = 0;

/**
 * One connection to one node, for one life: after the first failure of the line itself it is broken, and every call on it fails.
 * The client package finds the node and speaks TLS; the calls are made here on its generated definitions, because its own
 * `appendToStream` never settles when the server falls silent and shares its list of waiting appends with every other client.
 */
export class Line {
  private readonly appends = new Map<string, Waiting>();
  private call: ReturnType<StreamsClient['batchAppend']> | null = null;
  private heard = Date.now();
  private watch: NodeJS.Timeout | null = null;
  private readonly breaking = new AbortController();

  private constructor(
    private readonly client: EventStoreDBClient,
    private readonly streams: StreamsClient,
    private readonly silenceMs: number,
    /** Of the server. */
    readonly version: string,
  ) {}

  /** Throws `CallFailed` `undone` when no node answers within `silenceMs`. */
  static async open(url: string, silenceMs: number): Promise<Line> {
    const client = EventStoreDBClient.connectionString(settingsOf(url));
    try {
      const { serverVersion } = await inTime(client['capabilities'], silenceMs);
      const calls = (await client['getGRPCClient'](streams.StreamsClient, 'streams')) as StreamsClient;
      return new Line(client, calls, silenceMs, serverVersion);
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

  /** All events of a request, taken out of their messages as they come: kept, those cost more than the reading. A call that says nothing for `silenceMs` breaks the line. */
  read(request: ReadReq, signal: AbortSignal): Promise<(Recorded | Position)[]> {
    return new Promise((resolve, reject) => {
      const seen: (Recorded | Position)[] = [];
      const call = this.openRead(request, signal);
      const silent = setTimeout(() => this.break(new Error(`no reply within ${this.silenceMs} ms`)), this.silenceMs);
      call.on('data', (reply: ReadResp) => {
        silent.refresh();
        if (reply.hasEvent()) seen.push(seenIn(reply));
      });
      call.on('close', () => clearTimeout(silent));
      call.on('end', () => resolve(seen));
      call.on('error', (error) => reject(this.failed(error)));
    });
  }

  /** Calls `heard` with every reply to a subscription until it ends, for whatever reason; an end nobody asked for is one too. */
  subscribe(request: ReadReq, signal: AbortSignal, heard: (reply: ReadResp) => void): Promise<void> {
    return new Promise((resolve) => {
      const call = this.openRead(request, signal);
      call.on('data', heard);
      call.on('end', resolve);
      call.on('error', (error) => {
        this.failed(error);
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

  private openAppends() {
    const call = this.streams.batchAppend(...this.client['callArguments']({}, { deadline: Infinity }));
    call.on('data', (reply: BatchAppendResp) => {
      this.heard = Date.now();
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
    const call = this.streams.read(request, ...this.client['callArguments']({}, { deadline: Infinity }));
    const cancel = () => call.cancel();
    const signals = [signal, this.breaking.signal];
    for (const one of signals) one.addEventListener('abort', cancel);
    call.on('close', () => {
      for (const one of signals) one.removeEventListener('abort', cancel);
    });
    if (signals.some((one) => one.aborted)) cancel();
    return call;
  }

  private expectReply() {
    this.heard = Date.now();
    this.watch ??= setTimeout(() => {
      this.watch = null;
      if (this.appends.size === 0) return;
      if (Date.now() - this.heard >= this.silenceMs) this.break(new Error(`no reply within ${this.silenceMs} ms`));
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
    return new CallFailed(refused ? 'wrong' : 'lost', error);
  }
}

/** UNKNOWN, INVALID_ARGUMENT, PERMISSION_DENIED, OUT_OF_RANGE, UNIMPLEMENTED, UNAUTHENTICATED; tombstones are FAILED_PRECONDITION. */
const REFUSALS = new Set([2, 3, 7, 9, 11, 12, 16]);

const { VNodeState } = members.MemberInfo;
const LEADER = VNodeState.LEADER;
const nameOf = (state: number) =>
  Object.entries(VNodeState)
    .find(([, number]) => number === state)?.[0]
    .toLowerCase() ?? 'unknown';

/** The client's settings, so that failure is quick and the patience is the adapter's own. */
function settingsOf(url: string): string {
  const [address = '', query = ''] = url.replace(/^(kurrentdb|kdb)(?=[:+])/, 'esdb').split('?');
  const settings = new URLSearchParams({
    nodePreference: 'leader',
    maxDiscoverAttempts: '2',
    discoveryInterval: '100',
    gossipTimeout: '2',
  });
  for (const [name, value] of new URLSearchParams(query)) settings.set(name, value);
  // Lines of equal settings would share a socket, and with it the silence from which a new line is to save.
  settings.set('keepAliveInterval', String(MIN_KEEPALIVE_MS + (opened++ % 1_000)));
  return `${address.replace(/\/$/, '')}?${String(settings).replaceAll('+', '%20')}`;
}

function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no reply within ${timeoutMs} ms`)), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(late));
  });
}
