import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '@app/domain/actor.js';
import { readsEverything } from '@app/domain/permissions.js';
import { Caller } from '../http/asking.js';
import { Moments } from '../http/moments.js';
import { Problem } from '../http/problem.js';
import { historyPage, HistoryQueries } from './history-queries.js';

const audit = historyPage.extend({
  taskId: z.uuid().optional(),
  guidelineId: z.uuid().optional(),
  unitId: z.uuid().optional(),
  accountId: z.uuid().optional(),
  type: z.string().max(100).optional(),
});

/** Everything that was ever done, for those who audit it. */
@ApiTags('history')
@Controller('history')
export class HistoryController {
  constructor(
    private readonly histories: HistoryQueries,
    private readonly moments: Moments,
  ) {}

  @Get()
  async list(@Query({ schema: audit }) { limit, cursor, order, asOf, ...about }: z.infer<typeof audit>, @Caller() by: Actor) {
    if (!readsEverything(by)) throw new Problem(403, 'history.supervisors-only');
    return this.histories.page(about, { limit, cursor, order }, await this.moments.standpoint(asOf));
  }
}
