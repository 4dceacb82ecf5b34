import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.js';
import { type Identified, Sessions } from './sessions.js';

/** A browser keeps a `__Host-` cookie to this host alone, over TLS or on localhost. */
export const COOKIE = '__Host-duban';

const PUBLIC = 'public';
/** Routes that need no sign-in. Everything else is denied without one. */
export const Public = () => SetMetadata(PUBLIC, true);

const SESSION_ONLY = 'session-only';
/** Routes that a token may not use: those that make rights or further tokens. */
export const SessionOnly = () => SetMetadata(SESSION_ONLY, true);

export type Signed = FastifyRequest & { cookies: Record<string, string | undefined>; actor?: Identified['actor'] };

/** Who asks, or 401. The one gate in front of every route. */
@Injectable()
export class SignedInGuard implements CanActivate {
  constructor(
    private readonly sessions: Sessions,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const marked = (mark: string) =>
      this.reflector.getAllAndOverride<boolean | undefined>(mark, [context.getHandler(), context.getClass()]) === true;
    const request = context.switchToHttp().getRequest<Signed>();
    refuseForeignPages(request);
    if (marked(PUBLIC)) return true;
    const identified = await this.identify(request, 'seen');
    if (identified.means === 'token' && marked(SESSION_ONLY)) throw new Problem(403, 'token.limited');
    request.actor = identified.actor;
    return true;
  }

  /** Who asks, now; `still` does not count as a sign of life. Refuses with 401. */
  async identify({ headers, cookies }: Signed, sign: 'seen' | 'still'): Promise<Identified> {
    const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
    const cookie = cookies[COOKIE];
    if (!token && !cookie) throw new Problem(401, 'session.missing', {}, { 'www-authenticate': 'Bearer' });
    const identified = token ? await this.sessions.byToken(token) : await this.sessions.bySession(cookie!, sign);
    if (!identified) throw new Problem(401, 'session.expired', {}, { 'www-authenticate': 'Bearer' });
    return identified;
  }
}

/** A page of another site may not act with the visitor's cookie. Programs send no Sec-Fetch-Site. */
function refuseForeignPages({ method, headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  const safe = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
  const foreignOrigin = headers.origin !== undefined && hostOf(headers.origin) !== headers.host;
  if (!safe && ((site !== undefined && site !== 'same-origin' && site !== 'none') || foreignOrigin))
    throw new Problem(403, 'session.foreign-page');
}

const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : null);
