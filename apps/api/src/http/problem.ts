/** A "no" of the HTTP side itself; `code` is the key of its sentence. The domain's own "no" is `Refused`. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code);
  }
}

/** The database or the store is away; the client may try again in a moment. */
export const unavailable = (code: string, seconds = 2) => new Problem(503, code, {}, { 'retry-after': String(seconds) });
