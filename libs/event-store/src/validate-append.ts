import { type Envelope, type NewEvent, NO_STREAM, StoreError } from './event-store.js';

/**
 * One append may weigh this many bytes of UTF-8, counted as the strictest server does: of each event its data, twice its type, and what
 * stands beside it, which is the actor, the command's id as JSON, and the frame of these.
 */
export const MAX_APPEND_BYTES = 1024 * 1024;
export const FRAME_BYTES = 64;

/** An append that every store can keep, with its bodies as JSON text. */
export type ValidAppend = Readonly<{
  stream: string;
  expected: bigint;
  events: readonly Readonly<{ id: string; type: string; body: string }>[];
  by: string;
  at: Date;
  commandId: string;
  bytes: number;
}>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
// PostgreSQL's text has no NUL, and UTF-8 has no lone surrogate; inside JSON both are escaped and harmless.
const UNSTORABLE = /\0|\p{Surrogate}/u;
const NAME_LENGTH = 255;

/** What an append must be before any adapter talks to its store; throws `invalid-argument` or `append-too-large`. */
export function validateAppend(
  stream: string,
  events: readonly NewEvent[],
  expected: bigint,
  { by, at, commandId }: Envelope,
): ValidAppend {
  demandName('stream', stream);
  demandName('commandId', commandId);
  demand(typeof expected === 'bigint' && expected >= NO_STREAM, `no stream can be at revision ${expected}`);
  demand(events.length > 0, 'an append needs an event');
  demand(new Set(events.map((event) => event.id)).size === events.length, 'two events of one append have the same id');
  demand(at instanceof Date && /^(?!0000)\d{4}-/.test(isoOf(at)), 'at is not an instant of the years 1 to 9999');

  const actor = textOf('by', by);
  const valid = events.map(({ id, type, data }) => {
    demand(typeof id === 'string' && UUID.test(id), `${id} is not a UUID in lower case`);
    demandName('type', type);
    demand(!type.startsWith('$'), `${type}: types that start with $ belong to the store`);
    return { id, type, body: textOf(type, data) };
  });

  const beside = Buffer.byteLength(actor) + Buffer.byteLength(JSON.stringify(commandId)) + FRAME_BYTES;
  const bytes = valid.reduce((sum, { type, body }) => sum + 2 * Buffer.byteLength(type) + Buffer.byteLength(body) + beside, 0);
  if (bytes > MAX_APPEND_BYTES) throw new StoreError('append-too-large', `${bytes} bytes to ${stream}, the limit is ${MAX_APPEND_BYTES}`);
  return { stream, expected, events: valid, by: actor, at: new Date(at), commandId, bytes };
}

export function demand(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new StoreError('invalid-argument', otherwise);
}

function demandName(what: string, text: string) {
  const fits = typeof text === 'string' && text.length > 0 && text.length <= NAME_LENGTH;
  demand(fits && !UNSTORABLE.test(text), `${what} must be text of 1 to ${NAME_LENGTH} characters without NUL or half a character`);
}

const isoOf = (at: Date) => (Number.isNaN(at.getTime()) ? '' : at.toISOString());

function textOf(what: string, value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new StoreError('invalid-argument', `${what} is not JSON`, { cause });
  }
  demand(text !== undefined && comesBack(value), `${what} would not come back from JSON as it was`);
  return text;
}

/** Whether JSON keeps the value. Members that are undefined count as absent. Ends, because the value was serialised before. */
function comesBack(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every(comesBack);
  const plain = Object.getPrototypeOf(value);
  if (plain !== null && Object.getPrototypeOf(plain) !== null) return false;
  return Object.values(value).every((member) => member === undefined || comesBack(member));
}
