import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CloseTask } from '@app/commands/close-task.js';
import { DecideTask } from '@app/commands/decide-task.js';
import type { Actor } from '@app/domain/actor.js';
import { taskCommands as schemas } from '@app/domain/task.js';
import { historyPage, type HistoryPage, HistoryQueries } from '../history/history-queries.js';
import { Asks, type Asking, Caller, done, type Done, Id, Nothing } from '../http/asking.js';
import { type Moment, moment, Moments } from '../http/moments.js';
import { LedgerQueries, taskPage } from './ledger-queries.js';
import { sharePage, TaskQueries } from './task-queries.js';

type Sent<T extends keyof typeof schemas> = z.infer<(typeof schemas)[T]>;

/** What one responsibility list obliges to, who shares it, and what supervisors decide about it. */
@ApiTags('tasks')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly ledger: LedgerQueries,
    private readonly tasks: TaskQueries,
    private readonly histories: HistoryQueries,
    private readonly moments: Moments,
  ) {}

  @Get()
  list(@Query({ schema: taskPage }) query: z.infer<typeof taskPage>, @Caller() by: Actor) {
    return this.ledger.page(query, by);
  }

  @Get(':id')
  show(@Param('id', { schema: Id }) id: string, @Query({ schema: moment }) { asOf }: Moment, @Caller() by: Actor) {
    return this.tasks.one(id, by, asOf);
  }

  @Get(':id/assignments')
  shares(@Param('id', { schema: Id }) id: string, @Query({ schema: sharePage }) query: z.infer<typeof sharePage>, @Caller() by: Actor) {
    return this.tasks.shares(id, query, by);
  }

  @Get(':id/history')
  async history(@Param('id', { schema: Id }) id: string, @Query({ schema: historyPage }) query: HistoryPage, @Caller() by: Actor) {
    const from = await this.moments.standpoint(query.asOf);
    await this.tasks.mustSee(id, by, from.rows);
    return this.histories.page({ taskId: id }, query, from);
  }

  @Put(':id/due-date')
  setDueDate(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.SetDueDate }) data: Sent<'SetDueDate'>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'SetDueDate', data }, asking);
  }

  @Put(':id/suspension')
  suspend(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.SuspendTask }) data: Sent<'SuspendTask'>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'SuspendTask', data }, asking);
  }

  @Delete(':id/suspension')
  resume(@Param('id', { schema: Id }) id: string, @Body({ schema: Nothing }) _: unknown, @Asks() asking: Asking) {
    return this.decide(id, { type: 'ResumeTask', data: {} }, asking);
  }

  @Post(':id/instructions')
  instruct(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.IssueInstruction }) data: Sent<'IssueInstruction'>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'IssueInstruction', data }, asking);
  }

  @Post(':id/comments')
  comment(@Param('id', { schema: Id }) id: string, @Body({ schema: schemas.AddComment }) data: Sent<'AddComment'>, @Asks() asking: Asking) {
    return this.decide(id, { type: 'AddComment', data }, asking);
  }

  @Put(':id/closure')
  async close(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.CloseTask }) data: Sent<'CloseTask'>,
    @Asks() { by, request }: Asking,
  ): Promise<Done> {
    return done(id, await this.commands.execute(new CloseTask(id, data, by, request)));
  }

  @Post(':id/reopening')
  reopen(@Param('id', { schema: Id }) id: string, @Body({ schema: schemas.ReopenTask }) data: Sent<'ReopenTask'>, @Asks() asking: Asking) {
    return this.decide(id, { type: 'ReopenTask', data }, asking);
  }

  @Put(':id/withdrawal')
  withdraw(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.WithdrawTask }) data: Sent<'WithdrawTask'>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'WithdrawTask', data }, asking);
  }

  private async decide(id: string, command: DecideTask['command'], { by, request }: Asking): Promise<Done> {
    return done(id, await this.commands.execute(new DecideTask(id, command, by, request)));
  }
}
