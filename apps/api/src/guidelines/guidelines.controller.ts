import { Body, Controller, Get, Param, Patch, Post, Put, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DecideGuideline } from '@app/commands/decide-guideline.js';
import { ImportGuideline } from '@app/commands/import-guideline.js';
import { type DateToCheck, IssueGuideline } from '@app/commands/issue-guideline.js';
import { SetDueDates } from '@app/commands/set-due-dates.js';
import type { Actor } from '@app/domain/actor.js';
import { guidelineCommands as schemas } from '@app/domain/guideline.js';
import { readsEverything } from '@app/domain/permissions.js';
import { due } from '@app/domain/due.js';
import { historyPage, type HistoryPage, HistoryQueries } from '../history/history-queries.js';
import { Asks, type Asking, Caller, done, type Done, Id } from '../http/asking.js';
import { Moments } from '../http/moments.js';
import { Problem } from '../http/problem.js';
import { guidelinePage, GuidelineQueries } from './guideline-queries.js';

const file = z.strictObject({ name: z.string().trim().min(1).max(255).default('document.txt') });
const List = schemas.RejectDraft.shape.list;
const correction = schemas.CorrectDraft.omit({ list: true });
const splitting = schemas.SplitDraft.omit({ list: true });
const rejection = schemas.RejectDraft.omit({ list: true });

/** Documents: imported, read into drafts, corrected, issued. */
@ApiTags('guidelines')
@Controller('guidelines')
export class GuidelinesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly guidelines: GuidelineQueries,
    private readonly histories: HistoryQueries,
    private readonly moments: Moments,
  ) {}

  /** The file itself is the body, as text/plain (UTF-8, UTF-16 or GB18030) or application/octet-stream. */
  @Post()
  @ApiConsumes('text/plain', 'application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  async import(
    @Query({ schema: file }) { name }: z.infer<typeof file>,
    @Req() { body }: FastifyRequest,
    @Asks() { by, request }: Asking,
  ): Promise<Done> {
    if (!Buffer.isBuffer(body)) throw new Problem(415, 'request.unsupported-type');
    const outcome = await this.commands.execute(new ImportGuideline({ name, bytes: body }, by, request));
    return done(outcome.guidelineId, outcome);
  }

  /** The next version of an issued guideline: a document of its own, whose drafts say which task they continue. Issuing it moves the tasks. */
  @Post(':id/versions')
  @ApiConsumes('text/plain', 'application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  async importNext(
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: file }) { name }: z.infer<typeof file>,
    @Req() { body }: FastifyRequest,
    @Asks() { by, request }: Asking,
  ): Promise<Done> {
    if (!Buffer.isBuffer(body)) throw new Problem(415, 'request.unsupported-type');
    const outcome = await this.commands.execute(new ImportGuideline({ name, bytes: body }, by, request, id));
    return done(outcome.guidelineId, outcome);
  }

  @Get()
  list(@Query({ schema: guidelinePage }) query: z.infer<typeof guidelinePage>, @Caller() by: Actor) {
    return this.guidelines.page(query, by);
  }

  @Get(':id')
  show(@Param('id', { schema: Id }) id: string, @Caller() by: Actor) {
    return this.guidelines.one(id, by);
  }

  @Get(':id/history')
  async history(@Param('id', { schema: Id }) id: string, @Query({ schema: historyPage }) query: HistoryPage, @Caller() by: Actor) {
    await this.guidelines.one(id, by);
    // What the guideline handed to other units is not everybody's to read.
    const about = readsEverything(by) ? {} : { stream: `guideline-${id}` };
    return this.histories.page({ guidelineId: id, ...about }, query, await this.moments.standpoint(query.asOf));
  }

  @Patch(':id')
  amend(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.AmendGuideline }) data: z.infer<typeof schemas.AmendGuideline>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'AmendGuideline', data }, asking);
  }

  @Patch(':id/drafts/:list')
  correct(
    @Param('id', { schema: Id }) id: string,
    @Param('list', { schema: List }) list: string,
    @Body({ schema: correction }) changes: z.infer<typeof correction>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'CorrectDraft', data: { list, ...changes } }, asking);
  }

  @Put(':id/drafts/:list/rejection')
  reject(
    @Param('id', { schema: Id }) id: string,
    @Param('list', { schema: List }) list: string,
    @Body({ schema: rejection }) data: z.infer<typeof rejection>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'RejectDraft', data: { list, ...data } }, asking);
  }

  @Post(':id/drafts/:list/parts')
  split(
    @Param('id', { schema: Id }) id: string,
    @Param('list', { schema: List }) list: string,
    @Body({ schema: splitting }) data: z.infer<typeof splitting>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'SplitDraft', data: { list, ...data } }, asking);
  }

  @Post(':id/merged-drafts')
  merge(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.MergeDrafts }) data: z.infer<typeof schemas.MergeDrafts>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'MergeDrafts', data }, asking);
  }

  /** Answers also with the lists whose date somebody should look at, and why. */
  @Post(':id/issue')
  async issue(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.IssueGuideline.optional().transform((data) => data ?? schemas.IssueGuideline.parse({})) })
    data: z.infer<typeof schemas.IssueGuideline>,
    @Asks() { by, request }: Asking,
  ): Promise<Done & { datesToCheck: DateToCheck[] }> {
    const outcome = await this.commands.execute(new IssueGuideline(id, data, by, request));
    return { ...done(id, outcome), datesToCheck: outcome.datesToCheck };
  }

  /** One date for all open tasks of the guideline. */
  @Put(':id/due-date')
  async setDueDates(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: due }) data: z.infer<typeof due>,
    @Asks() { by, request }: Asking,
  ) {
    return this.commands.execute(new SetDueDates(id, data, by, request));
  }

  @Put(':id/withdrawal')
  withdraw(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: schemas.WithdrawGuideline }) data: z.infer<typeof schemas.WithdrawGuideline>,
    @Asks() asking: Asking,
  ) {
    return this.decide(id, { type: 'WithdrawGuideline', data }, asking);
  }

  private async decide(id: string, command: DecideGuideline['command'], { by, request }: Asking): Promise<Done> {
    return done(id, await this.commands.execute(new DecideGuideline(id, command, by, request)));
  }
}
