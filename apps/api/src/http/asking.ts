import { randomUUID } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Actor } from '@app/domain/actor.js';
import { idFrom, uuid } from '@app/domain/ids.js';
import type { Outcome, Request } from '@app/event-store/event-store.js';
import { Problem } from './problem.js';

export const Id = uuid;

/** The body of an act that says everything by its address. */
export const Nothing = z.strictObject({}).nullish();

/** Who asks (and for whom), under which command id, and which revision they saw. */
export type Asking = Readonly<{ by: Actor; request: Request }>;

/** The signed-in person, as the guard left them on the request. */
export const callerOf = (request: FastifyRequest): Actor => (request as FastifyRequest & { actor: Actor }).actor;

export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Actor => callerOf(context.switchToHttp().getRequest()));

export const Asks = createParamDecorator((_: unknown, context: ExecutionContext): Asking => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const by = callerOf(request);
  const { onBehalfOf } = request.query as { onBehalfOf?: string };
  const unit = Id.safeParse(onBehalfOf);
  if (onBehalfOf !== undefined && !(by.roles.includes('supervisor') && unit.success)) throw new Problem(403, 'request.behalf');
  return { by: unit.success ? { ...by, onBehalfOf: unit.data } : by, request: { id: commandId(request, by), ...seen(request) } };
});

/** The same key from the same person is the same command, today and after a restart. */
function commandId(request: FastifyRequest, by: Actor): string {
  const key = idempotencyKey(request);
  return key === undefined ? randomUUID() : idFrom('command', by.accountId, key);
}

export function idempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) throw new Problem(400, 'request.bad-key');
  return key;
}

function seen({ headers }: FastifyRequest): { seen?: bigint } {
  const tag = headers['if-match'];
  if (tag === undefined || tag === '*') return {};
  const revision = /^(?:W\/)?"(\d{1,15})"$/.exec(tag)?.[1];
  if (revision === undefined) throw new Problem(400, 'request.bad-revision');
  return { seen: BigInt(revision) };
}

/** What a command answers with: the revision for `If-Match`, the position for `Duban-After`. */
export type Done = Readonly<{ id: string; revision: number; position: string | null }>;
export const done = (id: string, { revision, position }: Outcome): Done => ({ id, revision: Number(revision), position });
