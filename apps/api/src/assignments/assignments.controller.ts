import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DecideAssignment } from '@app/commands/decide-assignment.js';
import type { Actor } from '@app/domain/actor.js';
import { assignmentCommands as schemas } from '@app/domain/assignment.js';
import { Asks, type Asking, Caller, done, type Done, Id, Nothing } from '../http/asking.js';
import { historyPage, type HistoryPage, HistoryQueries } from '../history/history-queries.js';
import { type Moment, moment, Moments } from '../http/moments.js';
import { AssignmentQueries } from './assignment-queries.js';
import { type AssignmentPage, assignmentPage } from './share-filters.js';

type Sent<T extends keyof typeof schemas> = z.infer<(typeof schemas)[T]>;

/** One unit's share of a task, and everything that is done with it. `?onBehalfOf=` lets a supervisor act for the unit. */
@ApiTags('assignments')
@Controller('assignments')
export class AssignmentsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly assignments: AssignmentQueries,
    private readonly histories: HistoryQueries,
    private readonly moments: Moments,
  ) {}

  @Get()
  list(@Query({ schema: assignmentPage }) query: AssignmentPage, @Caller() by: Actor) {
    return this.assignments.page(query, by);
  }

  @Get(':id')
  async show(@Param('id', { schema: Id }) id: string, @Query({ schema: moment }) { asOf }: Moment, @Caller() by: Actor) {
    return this.assignments.one(id, by, await this.moments.standpoint(asOf));
  }

  @Get(':id/history')
  async history(@Param('id', { schema: Id }) id: string, @Query({ schema: historyPage }) query: HistoryPage, @Caller() by: Actor) {
    const from = await this.moments.standpoint(query.asOf);
    const { taskId } = await this.assignments.one(id, by, from);
    return this.histories.page({ taskId, stream: `assignment-${id}` }, query, from);
  }

  @Put(':id/acknowledgement')
  acknowledge(@Param('id', { schema: Id }) id: string, @Body({ schema: Nothing }) _: unknown, @Asks() asking: Asking) {
    return this.decide(id, { type: 'AcknowledgeAssignment', data: {} }, asking);
  }

  @Put(':id/objection')
  object(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.ObjectToAssignment }) data: Sent<'ObjectToAssignment'>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'ObjectToAssignment', data }, asking);
  }

  @Put(':id/objection/settlement')
  settle(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.SettleObjection }) data: Sent<'SettleObjection'>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'SettleObjection', data }, asking);
  }

  @Put(':id/handler')
  appoint(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.AppointHandler }) data: Sent<'AppointHandler'>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'AppointHandler', data }, asking);
  }

  @Post(':id/reports')
  report(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.ReportProgress }) data: Sent<'ReportProgress'>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'ReportProgress', data }, asking);
  }

  @Put(':id/status')
  changeStatus(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.ChangeStatus }) data: Sent<'ChangeStatus'>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'ChangeStatus', data }, asking);
  }

  @Post(':id/supports')
  support(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.RecordSupport }) data: Sent<'RecordSupport'>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'RecordSupport', data }, asking);
  }

  @Put(':id/completion')
  submit(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.SubmitCompletion }) data: Sent<'SubmitCompletion'>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'SubmitCompletion', data }, asking);
  }

  @Put(':id/completion/withdrawal')
  withdraw(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.WithdrawCompletion }) data: Sent<'WithdrawCompletion'>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'WithdrawCompletion', data }, asking);
  }

  @Put(':id/completion/return')
  sendBack(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.ReturnCompletion }) data: Sent<'ReturnCompletion'>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'ReturnCompletion', data }, asking);
  }

  @Put(':id/completion/verification')
  verify(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.VerifyCompletion }) data: Sent<'VerifyCompletion'>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'VerifyCompletion', data }, asking);
  }

  @Put(':id/transfer')
  transfer(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.TransferAssignment }) data: Sent<'TransferAssignment'>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'TransferAssignment', data }, asking);
  }

  @Put(':id/release')
  release(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.ReleaseAssignment }) data: Sent<'ReleaseAssignment'>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'ReleaseAssignment', data }, asking);
  }

  private async decide(id: string, command: DecideAssignment['command'], { by, request }: Asking): Promise<Done> {
    return done(id, await this.commands.execute(new DecideAssignment(id, command, by, request)));
  }
}
