import type { FastifyReply, FastifyRequest } from 'fastify';
import { languageOf, say } from './sentences.js';

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

/** Says it as RFC 9457 has it. What the details are called never hides a member of the problem itself. */
export function answer({ status, code, details, headers }: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = { ...details, traceId: request.id };
  return reply
    .status(status)
    .headers({ ...headers, 'trace-id': request.id })
    .header('content-type', 'application/problem+json')
    .send({
      ...known,
      type: `urn:duban:problem:${code}`,
      title: say(code, known, languageOf(request.headers['accept-language'])),
      status,
      code,
      instance: request.url,
    });
}
