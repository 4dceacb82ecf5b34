import { type Language, sentence, type SentenceCode, type SentenceDetails } from './sentences.js';

/** The product cannot start here as things are. Show `sentence(code, details, language)`, never the stack. */
export class Unstartable extends Error {
  constructor(
    readonly code: SentenceCode,
    readonly details: SentenceDetails = {},
    options?: ErrorOptions,
  ) {
    super(sentence(code, details, 'en'), options);
  }
}

type Failure = NodeJS.ErrnoException & { address?: string; port?: number; hostname?: string; severity?: string };

const FULL = new Set(['ENOSPC', 'EDQUOT']);
const FORBIDDEN = new Set(['EACCES', 'EPERM', 'EROFS']);
const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
const LISTENING = {
  EADDRINUSE: 'listen.port-taken',
  EACCES: 'listen.port-forbidden',
  EADDRNOTAVAIL: 'listen.host-unknown',
  ENOTFOUND: 'listen.host-unknown',
} as const;

/** The event store's own codes. */
const STORE = {
  unavailable: 'store.unreachable',
  denied: 'store.refused',
  'bad-address': 'store.bad-address',
} as const;

/** Gives an error of the file system its sentence; any other error comes back unchanged. */
export function explained(error: unknown, path: string, user: string): unknown {
  const { code, path: at } = error as NodeJS.ErrnoException;
  if (code !== undefined && FULL.has(code)) return new Unstartable('postgres.disk-full', { dir: path }, { cause: error });
  if (code !== undefined && FORBIDDEN.has(code))
    return new Unstartable('postgres.no-permission', { path: at?.startsWith(path) ? path : (at ?? path), user }, { cause: error });
  return error;
}

/** What listening on an address met. */
export function explainedListening(error: unknown, host: string, port: number): unknown {
  const code = LISTENING[(error as Failure).code as keyof typeof LISTENING];
  return code ? new Unstartable(code, { host, port }, { cause: error }) : error;
}

/** Why a program ends, in a sentence; of what nobody foresaw also where it happened. `code`: 2 when it was started wrongly. */
export function whyOf(error: unknown, language: Language): { code: 1 | 2; says: string } {
  const { code, details } = error instanceof Unstartable ? error : knownFailure(error);
  const says = sentence(code, details, language);
  const wrongly = code.startsWith('configuration.') || code === 'start.no-database' || code === 'start.unknown-word';
  return { code: wrongly ? 2 : 1, says: code === 'start.unforeseen' ? `${says}\n${stackOf(error)}` : says };
}

function knownFailure(error: unknown): Pick<Unstartable, 'code' | 'details'> {
  // Connecting to a name with several addresses fails once for each.
  const failure = (error instanceof AggregateError ? error.errors[0] : error) as Failure;
  const { code = '', path, message, address, port, hostname, severity } = Object(failure) as Partial<Failure>;
  const reason = message ?? String(error);
  if (path !== undefined) {
    if (FULL.has(code)) return { code: 'postgres.disk-full', details: { dir: path } };
    if (code === 'EISDIR') return { code: 'file.is-folder', details: { path } };
    if (code === 'ENOTDIR' || code === 'EEXIST') return { code: 'file.not-folder', details: { path } };
    return { code: 'file.failed', details: { path, reason: code || reason } };
  }
  if (UNREACHABLE.has(code))
    return { code: 'database.unreachable', details: { where: hostname ?? (address ? `${address}:${port}` : '?'), reason: code } };
  if (Object.hasOwn(STORE, code)) return { code: STORE[code as keyof typeof STORE], details: { reason } };
  // What PostgreSQL itself says: wrong password, no such database, too many connections.
  if (severity === 'FATAL') return { code: 'database.refused', details: { reason } };
  return { code: 'start.unforeseen', details: { reason } };
}

const stackOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));
