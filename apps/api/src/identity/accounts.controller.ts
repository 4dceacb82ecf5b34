import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { DecideAccount } from '@app/commands/decide-account.js';
import { accountCommands } from '@app/domain/account.js';
import { ACCOUNT_ROLES, type AccountRole, type Actor } from '@app/domain/actor.js';
import { accountIdOf } from '@app/domain/ids.js';
import { Secret } from '../http/answers.interceptor.js';
import { Asks, type Asking, Caller, done, type Done, Id, Nothing } from '../http/asking.js';
import { cut, page, startOf } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { Passwords } from './passwords.js';
import { password } from './session.controller.js';
import { Sessions } from './sessions.js';
import { SessionOnly } from './signed-in.guard.js';

const opening = accountCommands.OpenAccount.extend({ password });
const listing = z.strictObject({ ...page, unitId: z.uuid().optional() });
const READERS: readonly string[] = ['system-admin', 'security-admin', 'auditor', 'supervisor'];

@ApiTags('accounts')
@Controller('accounts')
export class AccountsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly db: DataSource,
    private readonly passwords: Passwords,
    private readonly sessions: Sessions,
  ) {}

  @Get()
  async list(@Query({ schema: listing }) { unitId, limit, cursor }: z.infer<typeof listing>, @Caller() by: Actor) {
    if (!by.roles.some((role) => READERS.includes(role))) throw new Problem(403, 'accounts.administrators-only');
    const [after] = startOf(cursor, z.tuple([z.uuid()])) ?? [null];
    const rows = await this.db.query<{ id: string }[]>(
      `select a.id, a.login, a.name, a."unitId", u.name as "unitName", a.roles, a.standing, a."signedInAt", a.revision
       from app.account a left join app.unit u on u.id = a."unitId"
       where ($1::uuid is null or a."unitId" = $1) and ($2::uuid is null or a.id > $2) order by a.id limit $3`,
      [unitId, after, limit + 1],
    );
    return cut(rows, limit, ({ id }) => [id]);
  }

  /** Opens an account without any right; the security administrator grants those. */
  @SessionOnly()
  @Secret('request')
  @Post()
  async open(@Body({ schema: opening }) { password, ...data }: z.infer<typeof opening>, @Asks() { by, request }: Asking): Promise<Done> {
    const id = accountIdOf(data.login);
    const opened = await this.commands.execute(new DecideAccount(id, { type: 'OpenAccount', data }, by, request));
    // An account that was there before keeps its password.
    if (opened.events.length > 0) await this.passwords.set(id, password);
    return done(id, opened);
  }

  @SessionOnly()
  @Put(':id/roles/:role')
  grant(
    @Param('id', { schema: Id }) id: string,
    @Param('role', { schema: z.enum(ACCOUNT_ROLES) }) role: AccountRole,
    @Body({ schema: Nothing }) _: unknown,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'GrantRoles', data: { roles: [role] } }, asking);
  }

  @SessionOnly()
  @Delete(':id/roles/:role')
  revoke(
    @Param('id', { schema: Id }) id: string,
    @Param('role', { schema: z.enum(ACCOUNT_ROLES) }) role: AccountRole,
    @Body({ schema: Nothing }) _: unknown,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'RevokeRoles', data: { roles: [role] } }, asking);
  }

  @SessionOnly()
  @Put(':id/unit')
  move(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: accountCommands.MoveAccount }) data: { unitId: string },
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'MoveAccount', data }, asking);
  }

  @SessionOnly()
  @Put(':id/closure')
  async close(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: accountCommands.CloseAccount }) data: { reason: string },
    @Asks() asking: Asking,
  ) {
    const closed = await this.decide(id, { type: 'CloseAccount', data }, asking);
    await this.sessions.closeAll(id);
    return closed;
  }

  private async decide(id: string, command: DecideAccount['command'], { by, request }: Asking): Promise<Done> {
    return done(id, await this.commands.execute(new DecideAccount(id, command, by, request)));
  }
}
