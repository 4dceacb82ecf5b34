import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { DecideAccount } from '@app/commands/decide-account.js';
import type { Actor } from '@app/domain/actor.js';
import { Refused } from '@app/domain/decider.js';
import { accountIdOf } from '@app/domain/ids.js';
import { Asks, type Asking, Caller, Id } from '../http/asking.js';
import { Secret } from '../http/answers.interceptor.js';
import { Problem } from '../http/problem.js';
import { Passwords } from './passwords.js';
import { COOKIE, Public, SessionOnly } from './signed-in.guard.js';
import { SESSION_MS, Sessions } from './sessions.js';

export const password = z.string().min(8).max(200);
const signIn = z.strictObject({ login: z.string().trim().min(1).max(64), password: z.string().min(1).max(200) });
const change = z.strictObject({ current: z.string().min(1).max(200), next: password });
const wish = z.strictObject({ name: z.string().trim().min(1).max(100), days: z.int().min(1).max(365).default(90) });

type Browser = FastifyRequest & { cookies: Record<string, string | undefined> };

@ApiTags('session')
@Controller()
export class SessionController {
  constructor(
    private readonly commands: CommandBus,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
  ) {}

  /** Signs in; the session stands in a cookie that no script can read. */
  @Public()
  @Post('session')
  @HttpCode(200)
  async signIn(@Body({ schema: signIn }) { login, password }: z.infer<typeof signIn>, @Res({ passthrough: true }) reply: FastifyReply) {
    const accountId = accountIdOf(login);
    if (!(await this.passwords.matches(accountId, password))) {
      await this.record(accountId, { type: 'RefuseSignIn', data: { reason: 'password' } });
      throw new Problem(401, 'session.refused');
    }
    try {
      await this.record(accountId, { type: 'SignIn', data: {} });
    } catch (error) {
      // A closed account is told no more than a wrong password.
      throw error instanceof Refused ? new Problem(401, 'session.refused') : error;
    }
    const secret = await this.sessions.open(accountId);
    void reply.header('set-cookie', [`${COOKIE}=${secret}; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=${SESSION_MS / 1000}`]);
    const identified = await this.sessions.bySession(secret);
    if (!identified) throw new Problem(401, 'session.refused');
    return identified.actor;
  }

  @Get('session')
  whoAmI(@Caller() by: Actor): Actor {
    return by;
  }

  @Delete('session')
  @HttpCode(204)
  async signOut(@Req() request: Browser, @Res({ passthrough: true }) reply: FastifyReply) {
    const secret = request.cookies[COOKIE];
    if (secret) await this.sessions.close(secret);
    void reply.header('set-cookie', [`${COOKIE}=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0`]);
  }

  @SessionOnly()
  @Secret('request')
  @Put('password')
  @HttpCode(204)
  async changePassword(
    @Body({ schema: change }) { current, next }: z.infer<typeof change>,
    @Asks() { by, request }: Asking,
    @Req() browser: Browser,
  ) {
    if (!(await this.passwords.matches(by.accountId, current))) throw new Problem(403, 'password.wrong');
    await this.commands.execute(new DecideAccount(by.accountId, { type: 'ChangePassword', data: {} }, by, request));
    await this.passwords.set(by.accountId, next);
    await this.sessions.closeOthers(by.accountId, browser.cookies[COOKIE]);
  }

  @Get('tokens')
  tokens(@Caller() by: Actor) {
    return this.sessions.tokensOf(by.accountId);
  }

  /** A token for a program. Its text is in this answer and nowhere else; asked again with the same key, the token gets a new text. */
  @SessionOnly()
  @Secret('answer')
  @Post('tokens')
  issueToken(@Body({ schema: wish }) { name, days }: z.infer<typeof wish>, @Asks() { by, request }: Asking) {
    return this.sessions.issueToken(by.accountId, request.id, name, days);
  }

  @Delete('tokens/:id')
  @HttpCode(204)
  async revokeToken(@Param('id', { schema: Id }) id: string, @Caller() by: Actor) {
    if (!(await this.sessions.revokeToken(by.accountId, id))) throw new Problem(404, 'token.unknown');
  }

  /** Sign-ins are told by the product, not by the person. */
  private record(accountId: string, command: DecideAccount['command']) {
    const by: Actor = { accountId, name: '', unitId: null, unitName: '', roles: ['system'] };
    return this.commands.execute(new DecideAccount(accountId, command, by, { id: randomUUID() }));
  }
}
