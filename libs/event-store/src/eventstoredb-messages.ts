import type { BatchAppendResp, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import messages from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { Actor } from '@app/domain/actor.js';
import { type Appended, NO_STREAM, type Position, type Recorded, StoreError, StreamMoved } from './event-store.js';
import type { ValidAppend } from './validate-append.js';

/** What a failed call left behind. `undone`: nothing. `lost`: perhaps everything. `wrong`: nothing, and no repetition will help. */
export type Aftermath = 'undone' | 'lost' | 'wrong';

export class CallFailed extends Error {
  constructor(
    readonly aftermath: Aftermath,
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause));
  }
}

/** A place in EventStoreDB's log. Both numbers are kept: some versions send positions that differ in the second only. */
type Place = Readonly<{ commit: string; prepare: string }>;

const DIGITS = 20;
/** Of the codes that come with what the server says of an append. */
const INTERNAL = 13;
export const MARK = 'k1';
const POSITION = new RegExp(`^${MARK}:(\\d{${DIGITS}})-(\\d{${DIGITS}})$`);
const MAX_PLACE = 2n ** 63n - 1n;

const positionOf = (commit: string, prepare: string): Position =>
  `${MARK}:${commit.padStart(DIGITS, '0')}-${prepare.padStart(DIGITS, '0')}`;

/** Null for null; `invalid-position` for what is no position of EventStoreDB. */
export function placeOf(position: Position | null): Place | null {
  if (position === null) return null;
  const [commit, prepare] = (POSITION.exec(position) ?? []).slice(1).map(BigInt);
  if (commit === undefined || prepare === undefined || commit > MAX_PLACE || prepare > MAX_PLACE)
    throw new StoreError('invalid-position', `not a position of this store: ${position}`);
  return { commit: String(commit), prepare: String(prepare) };
}

/** The messages take these as they are; from base64 they would make them again. */
const encoder = new TextEncoder();
const bytes = (text: string) => encoder.encode(text);

const textOf = (data: Uint8Array) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');

const uuid = (id: string) => new shared.UUID().setString(id);

const named = (stream: string) => new shared.StreamIdentifier().setStreamName(bytes(stream));

export function appendRequest(id: string, { stream, expected, events, by, at, commandId }: ValidAppend) {
  const options = new messages.BatchAppendReq.Options().setStreamIdentifier(named(stream));
  if (expected === NO_STREAM) options.setNoStream(new shared.Empty());
  else options.setStreamPosition(String(expected));

  const envelope = bytes(`{"by":${by},"at":"${at.toISOString()}","commandId":${JSON.stringify(commandId)}}`);
  const proposed = events.map((event) => {
    const message = new messages.BatchAppendReq.ProposedMessage()
      .setId(uuid(event.id))
      .setData(bytes(event.body))
      .setCustomMetadata(envelope);
    message.getMetadataMap().set('type', event.type).set('content-type', 'application/json');
    return message;
  });
  // Without a deadline of the caller's, which would be read by the server's clock.
  return new messages.BatchAppendReq().setCorrelationId(uuid(id)).setOptions(options).setProposedMessagesList(proposed).setIsFinal(true);
}

/** What the server says of an append. Throws `CallFailed` when it neither wrote nor refused it for good. */
export function verdictOf({ stream, expected }: ValidAppend, reply: BatchAppendResp): Appended | StreamMoved {
  const success = reply.getSuccess();
  const position = success?.getPosition();
  if (success && position)
    return {
      revision: BigInt(success.getCurrentRevision()),
      position: positionOf(position.getCommitPosition(), position.getPreparePosition()),
    };

  const error = reply.getError();
  const details = error?.getDetails();
  const kind = details?.getTypeName().split('.').at(-1);
  const failed = (aftermath: Aftermath) => new CallFailed(aftermath, new Error(`append to ${stream}: ${error?.getMessage() || kind}`));
  switch (kind) {
    case 'WrongExpectedVersion': {
      const moved = shared.WrongExpectedVersion.deserializeBinary(details!.getValue_asU8());
      return new StreamMoved(stream, expected, moved.hasCurrentStreamRevision() ? BigInt(moved.getCurrentStreamRevision()) : NO_STREAM);
    }
    case 'MaximumAppendSizeExceeded':
    case 'MaximumAppendEventSizeExceeded':
      throw new StoreError('append-too-large', `append to ${stream}: the server takes less than the usual 1 MiB`);
    case 'Timeout':
    case 'Unknown':
      throw failed('lost');
    // Not ready, busy, or no leader for now; an internal error looks the same, and may have written.
    case 'Empty':
      throw failed(error?.getCode() === INTERNAL ? 'lost' : 'undone');
    default:
      throw failed('wrong');
  }
}

/** As many as there are. */
export const ALL = 0x7fffffff;

/** Events of a stream from a revision on. */
export function streamRequest(stream: string, from: bigint, count: number) {
  const options = new messages.ReadReq.Options.StreamOptions().setStreamIdentifier(named(stream)).setRevision(String(from));
  return request(new messages.ReadReq.Options().setStream(options).setReadDirection(0), count);
}

/** Events of all streams, or of those whose names start so: from `place` on, that one included, or backwards from the end. */
export function allRequest(from: Place | null | 'end', count: number, prefix = '') {
  const all = new messages.ReadReq.Options.AllOptions();
  if (from === 'end') all.setEnd(new shared.Empty());
  else if (from === null) all.setStart(new shared.Empty());
  else all.setPosition(new messages.ReadReq.Options.Position().setCommitPosition(from.commit).setPreparePosition(from.prepare));
  const options = new messages.ReadReq.Options().setAll(all).setReadDirection(from === 'end' ? 1 : 0);
  if (prefix) options.setFilter(filter().setStreamIdentifier(expression().setPrefixList([prefix])));
  return request(options, count);
}

/** Whatever is appended from now on to streams whose names start so, but for the server's own events. */
export function newsRequest(prefix: string) {
  const wanted = prefix
    ? filter().setStreamIdentifier(expression().setPrefixList([prefix]))
    : filter().setEventType(expression().setRegex('^[^\\$]'));
  const all = new messages.ReadReq.Options.AllOptions().setEnd(new shared.Empty());
  const options = new messages.ReadReq.Options().setAll(all).setFilter(wanted.setCheckpointintervalmultiplier(1_000));
  return request(options.setSubscription(new messages.ReadReq.Options.SubscriptionOptions()));
}

const expression = () => new messages.ReadReq.Options.FilterOptions.Expression();

/** So many events are looked through at a time, by whoever asks for few of many. */
const WINDOW = 1_000;
const filter = () => new messages.ReadReq.Options.FilterOptions().setMax(WINDOW);

function request(options: InstanceType<typeof messages.ReadReq.Options>, count?: number) {
  if (count !== undefined) options.setCount(String(count));
  if (!options.hasFilter()) options.setNoFilter(new shared.Empty());
  options.setUuidOption(new messages.ReadReq.Options.UUIDOption().setString(new shared.Empty()));
  return new messages.ReadReq().setOptions(options);
}

/** The event, or the position of one that is not ours: the server's own, and those of other applications on the same server. */
export function seenIn(read: ReadResp, prefix: string): Recorded | Position {
  return recordedIn(read, prefix) ?? positionIn(read);
}

function positionIn(read: ReadResp): Position {
  const event = read.getEvent()?.getEvent();
  return positionOf(event?.getCommitPosition() ?? '0', event?.getPreparePosition() ?? '0');
}

export const ours = (seen: Recorded | Position): seen is Recorded => typeof seen !== 'string';

/** Of another province on the same server, to one that has no namespace itself. */
export const NAMESPACED = /^[a-z][a-z0-9_]*\./;

function recordedIn(read: ReadResp, prefix: string): Recorded | null {
  const event = read.getEvent()?.getEvent();
  const properties = event?.getMetadataMap();
  const type = properties?.get('type');
  if (!event || !type || type.startsWith('$') || properties?.get('content-type') !== 'application/json') return null;
  const name = textOf(event.getStreamIdentifier()!.getStreamName_asU8());
  if (!name.startsWith(prefix) || (!prefix && NAMESPACED.test(name))) return null;
  const envelope = json(event.getCustomMetadata_asU8()) as Partial<{ by: Actor; at: string; commandId: string }> | null | undefined;
  if (typeof envelope?.by !== 'object' || typeof envelope.at !== 'string' || typeof envelope.commandId !== 'string') return null;
  const data = json(event.getData_asU8());
  if (data === undefined) return null;
  return {
    stream: name.slice(prefix.length),
    revision: BigInt(event.getStreamRevision()),
    position: positionOf(event.getCommitPosition(), event.getPreparePosition()),
    id: event.getId()!.getString(),
    type,
    data: data as object,
    by: envelope.by,
    at: new Date(envelope.at),
    commandId: envelope.commandId,
  };
}

/** Undefined for what is not JSON. */
function json(data: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(data));
  } catch {
    return undefined;
  }
}
