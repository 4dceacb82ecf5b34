import {
  Metadata,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import featuresCalls from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import gossipCalls from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import rpc from '@eventstore/db-client/generated/status_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { BatchAppendReq, BatchAppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import messages from '@eventstore/db-client/generated/streams_pb.js';
import streamsCalls from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { type Kept, StandInLog } from './eventstoredb-log.js';

type Mood = 'well' | 'silent' | 'ending' | 'cancelling' | 'not-ready' | 'losing-replies' | 'no-leader' | 'denying';

/**
 * Speaks enough of EventStoreDB's protocol for the adapter, with faults to order that a real server does not have to order.
 * It is no EventStoreDB: what passes here still has to pass there.
 */
export class EventStoreDBStandIn {
  /** What happens to calls; `losing-replies` writes and does not say so, once. */
  mood: Mood = 'well';
  port = 0;
  /** How long a search by the names of streams takes before anything is said. */
  searchMs = 0;
  /** Events that did not fit such a search. */
  passedOver = 0;
  readonly log = new StandInLog();
  /** Calls that are open. */
  readonly calls = new Set<object>();
  private server: Server | null = null;

  static async start(): Promise<EventStoreDBStandIn> {
    const standIn = new EventStoreDBStandIn();
    await standIn.revive();
    return standIn;
  }

  /** Ends as a killed process does; what was written is kept. */
  kill() {
    this.server?.forceShutdown();
    this.server = null;
  }

  /** Listens again, on the port of its first life. */
  async revive() {
    const server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    server.addService(featuresCalls.ServerFeaturesService, { getSupportedMethods: this.unary(() => this.features()) });
    server.addService(gossipCalls.GossipService, { read: this.unary(() => this.members()) });
    const { read, batchAppend } = streamsCalls.StreamsService;
    server.addService(
      { read, batchAppend },
      {
        read: (call: ServerWritableStream<ReadReq, ReadResp>) => this.read(call),
        batchAppend: (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>) => this.append(call),
      },
    );
    this.port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${this.port}`, ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
    this.server = server;
  }

  private unary<Answer>(answer: () => Answer) {
    return (_: ServerUnaryCall<Empty, Answer>, done: sendUnaryData<Answer>) => {
      if (this.mood !== 'silent') done(null, answer());
    };
  }

  private features() {
    return new features.SupportedMethods().setEventStoreServerVersion('stand-in');
  }

  private members() {
    const { LEADER, UNKNOWN } = gossip.MemberInfo.VNodeState;
    const member = new gossip.MemberInfo()
      .setInstanceId(new shared.UUID().setString('00000000-0000-0000-0000-000000000001'))
      .setIsAlive(true);
    member
      .setState(this.mood === 'no-leader' ? UNKNOWN : LEADER)
      .setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(this.port));
    return new gossip.ClusterInfo().setMembersList([member]);
  }

  private append(call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>) {
    this.count(call);
    call.on('end', () => call.end());
    call.on('data', (request: BatchAppendReq) => {
      if (this.mood === 'silent' || this.refuses(call)) return;
      const answer = new messages.BatchAppendResp().setCorrelationId(request.getCorrelationId());
      if (this.mood === 'not-ready') {
        const detail = new any.Any().setTypeUrl('type.googleapis.com/google.protobuf.Empty');
        call.write(answer.setError(new rpc.Status().setMessage('Server Is Not Ready').setDetails(detail)));
        return;
      }
      const options = request.getOptions()!;
      const expected = options.hasNoStream() ? -1n : BigInt(options.getStreamPosition());
      const proposed = request.getProposedMessagesList().map((message) => ({
        id: message.getId()!.getString(),
        metadata: message.getMetadataMap().getEntryList(),
        custom: message.getCustomMetadata_asU8(),
        data: message.getData_asU8(),
      }));
      const written = this.log.append(textOf(options.getStreamIdentifier()!.getStreamName_asU8()), expected, proposed);
      if (this.mood === 'losing-replies') {
        this.mood = 'well';
        call.destroy(failure(status.UNAVAILABLE, 'the reply is lost'));
      } else call.write(typeof written === 'bigint' ? answer.setError(moved(expected, written)) : answer.setSuccess(success(written)));
    });
  }

  private read(call: ServerWritableStream<ReadReq, ReadResp>) {
    this.count(call);
    if (this.mood === 'silent' || this.refuses(call)) return;
    if (this.mood === 'not-ready') return call.destroy(failure(status.UNAVAILABLE, 'Server Is Not Ready'));
    const options = call.request.getOptions()!;
    if (options.hasSubscription()) return this.subscribe(call);

    const stream = options.getStream();
    const found = stream ? this.ofStream(stream) : this.ofAll(options);
    if (!found) {
      const missing = new messages.ReadResp.StreamNotFound().setStreamIdentifier(stream!.getStreamIdentifier());
      call.write(new messages.ReadResp().setStreamNotFound(missing));
    }
    const answer = () => {
      for (const event of found?.slice(0, Number(options.getCount())) ?? []) call.write(replyOf(event));
      call.end();
    };
    if (options.getFilter()) setTimeout(answer, this.searchMs);
    else answer();
  }

  private subscribe(call: ServerWritableStream<ReadReq, ReadResp>) {
    const wanted = wantedBy(call.request.getOptions()!);
    const stop = this.log.listen((event) => {
      if (this.mood === 'silent' || !wanted(event) || this.refuses(call)) return;
      call.write(replyOf(event));
    });
    call.on('close', stop).on('cancelled', stop);
    const confirmation = new messages.ReadResp.SubscriptionConfirmation().setSubscriptionId('stand-in');
    call.write(new messages.ReadResp().setConfirmation(confirmation));
    call.write(new messages.ReadResp().setCaughtUp(new messages.ReadResp.CaughtUp()));
  }

  private ofStream(options: InstanceType<typeof messages.ReadReq.Options.StreamOptions>) {
    const kept = this.log.stream(textOf(options.getStreamIdentifier()!.getStreamName_asU8()));
    return kept.length > 0 ? kept.slice(Number(options.getRevision())) : null;
  }

  private ofAll(options: InstanceType<typeof messages.ReadReq.Options>) {
    const all = options.getAll()!;
    const from = all.hasPosition() ? BigInt(all.getPosition()!.getCommitPosition()) : 0n;
    const events = options.getReadDirection() === 1 ? this.log.all.toReversed() : this.log.all.slice(Math.max(0, Number(from / 100n) - 1));
    const found = events.filter(wantedBy(options));
    this.passedOver += events.length - found.length;
    return found;
  }

  /** Ends the call if the mood is so. */
  private refuses(call: ServerDuplexStream<BatchAppendReq, BatchAppendResp> | ServerWritableStream<ReadReq, ReadResp>) {
    if (this.mood === 'ending') call.end();
    if (this.mood === 'cancelling') call.destroy(failure(status.CANCELLED, 'cancelled by the server'));
    if (this.mood === 'denying') call.emit('error', failure(status.UNAUTHENTICATED, 'Unauthenticated'));
    return this.mood === 'ending' || this.mood === 'cancelling' || this.mood === 'denying';
  }

  private count(call: ServerDuplexStream<BatchAppendReq, BatchAppendResp> | ServerWritableStream<ReadReq, ReadResp>) {
    this.calls.add(call);
    const over = () => this.calls.delete(call);
    call.on('close', over).on('cancelled', over).on('finish', over).on('error', over);
  }
}

/** By the names of streams; other filters take everything but the server's own, of which there is nothing here. */
function wantedBy(options: InstanceType<typeof messages.ReadReq.Options>) {
  const prefixes = options.getFilter()?.getStreamIdentifier()?.getPrefixList();
  return ({ stream }: Kept) => prefixes?.some((prefix) => stream.startsWith(prefix)) ?? true;
}

function replyOf({ stream, revision, place, id, metadata, custom, data }: Kept) {
  const name = new shared.StreamIdentifier().setStreamName(base64(Buffer.from(stream)));
  const event = new messages.ReadResp.ReadEvent.RecordedEvent().setStreamIdentifier(name).setStreamRevision(String(revision));
  event.setId(new shared.UUID().setString(id)).setCommitPosition(String(place)).setPreparePosition(String(place));
  event.setCustomMetadata(base64(custom)).setData(base64(data));
  for (const [key, value] of metadata) event.getMetadataMap().set(key, value);
  return new messages.ReadResp().setEvent(new messages.ReadResp.ReadEvent().setEvent(event).setCommitPosition(String(place)));
}

function success({ revision, place }: Kept) {
  const position = new shared.AllStreamPosition().setCommitPosition(String(place)).setPreparePosition(String(place));
  return new messages.BatchAppendResp.Success().setCurrentRevision(String(revision)).setPosition(position);
}

function moved(expected: bigint, actual: bigint) {
  const details = new shared.WrongExpectedVersion();
  if (actual >= 0n) details.setCurrentStreamRevision(String(actual));
  else details.setCurrentNoStream(new shared.Empty());
  if (expected >= 0n) details.setExpectedStreamPosition(String(expected));
  else details.setExpectedNoStream(new shared.Empty());
  const packed = new any.Any().setTypeUrl('type.googleapis.com/event_store.client.WrongExpectedVersion');
  packed.setValue(base64(details.serializeBinary()));
  return new rpc.Status().setMessage('Wrong Expected Version').setDetails(packed);
}

const failure = (code: status, details: string): ServiceError =>
  Object.assign(new Error(details), { code, details, metadata: new Metadata() });

const base64 = (data: Uint8Array) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');

const textOf = (data: Uint8Array) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
