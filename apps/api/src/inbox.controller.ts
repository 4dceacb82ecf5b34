import { Body, Controller, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Actor } from '@app/domain/actor.js';
import { day } from '@app/domain/due.js';
import { markRead, messagesOf, unreadOf } from '@app/reminders/inbox.js';
import { Clock } from '@app/runtime/clock.js';
import { Caller, Id, Nothing } from './http/asking.js';
import { page } from './http/pages.js';
import { Problem } from './http/problem.js';

const listing = z.strictObject({ limit: page.limit, before: day.optional() });

/** What the signed-in person was reminded of: one message a day, newest first. */
@ApiTags('inbox')
@Controller('inbox')
export class InboxController {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  @Get()
  async list(@Query({ schema: listing }) query: z.infer<typeof listing>, @Caller() { accountId }: Actor) {
    const [rows, unread] = await Promise.all([messagesOf(this.db, accountId, query), unreadOf(this.db, accountId)]);
    return { rows, unread };
  }

  @Put(':id/read')
  @HttpCode(204)
  async read(@Param('id', { schema: Id }) id: string, @Body({ schema: Nothing }) _: unknown, @Caller() { accountId }: Actor) {
    if (!(await markRead(this.db, accountId, id, this.clock.now()))) throw new Problem(404, 'inbox.unknown');
  }
}
