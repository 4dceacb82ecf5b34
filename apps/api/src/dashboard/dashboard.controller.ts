import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Actor } from '@app/domain/actor.js';
import { Caller } from '../http/asking.js';
import { type Moment, moment } from '../http/moments.js';
import { dashboard, type Dashboard } from './dashboard.js';
import { DashboardQueries } from './dashboard-queries.js';

/** What needs attention, in numbers: for supervisors and auditors of everything, for heads of their unit. */
@ApiTags('dashboard')
@Controller('dashboard')
export class DashboardController {
  constructor(private readonly dashboards: DashboardQueries) {}

  /** Each number is compared with the end of the day a week before, and opens the rows it counts. */
  @Get()
  @ApiOkResponse({ standardSchema: dashboard })
  show(@Query({ schema: moment }) { asOf }: Moment, @Caller() by: Actor): Promise<Dashboard> {
    return this.dashboards.of(asOf, by);
  }
}
