import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { addDays, instantAt, isDay, todayIn } from '@app/calendar/days.js';
import { EventStore, type Position } from '@app/event-store/event-store.js';
import { before, firstAfter } from '@app/read-models/moments.js';
import { ViewProgress } from '@app/read-models/progress.js';
import { Rows } from '@app/read-models/rows.js';
import { Clock } from '@app/runtime/clock.js';
import { PATIENCE_MS } from './own-writes.interceptor.js';
import { Problem, unavailable } from './problem.js';

/** Longer than any event may be on its way into the log. */
const MARGIN_MS = 10_000;

/** What every query takes. */
export const asOf = {
  asOf: z
    .string()
    .max(40)
    .optional()
    .describe(
      'As of a past moment: an instant with its zone (2026-11-20T18:00:00+08:00), or a day (2026-11-20), which means its end in Asia/Shanghai. ' +
        'The answer never changes; it says the moment and the position it was computed for, and `can` is empty.',
    ),
};
export const moment = z.strictObject(asOf);
export type Moment = z.infer<typeof moment>;

/** The moment and the last event of it (null before the first); null when the answer is the present's. */
export type AsOf = Readonly<{ moment: string; position: Position | null }> | null;

/** From where a query looks: which rows, on which day, and what the answer says about it. */
export type Standpoint = Readonly<{ rows: Rows; today: string; asOf: AsOf }>;

/** An answer that says as of when it is. */
export type Dated<Answer> = Answer & Readonly<{ asOf: AsOf }>;

@Injectable()
export class Moments {
  constructor(
    private readonly db: DataSource,
    private readonly store: EventStore,
    private readonly progress: ViewProgress,
    private readonly clock: Clock,
  ) {}

  /** The present when nothing is asked. Refuses what is no moment, and what may still change. */
  async standpoint(asked: string | undefined): Promise<Standpoint> {
    const now = this.clock.now();
    if (asked === undefined) return { rows: Rows.NOW, today: todayIn(now), asOf: null };
    const moment = momentOf(asked);
    if (moment > now) throw new Problem(400, 'as-of.future', { asOf: asked });
    if (now.getTime() - moment.getTime() < MARGIN_MS) throw new Problem(400, 'as-of.too-recent', { seconds: MARGIN_MS / 1_000 });
    return this.past(moment);
  }

  /** As of the end of a day of Asia/Shanghai that is over. */
  endOf = (day: string) => this.past(lastOf(day));

  private async past(moment: Date): Promise<Standpoint> {
    const position = await this.positionAt(moment);
    return { rows: Rows.asOf(position), today: todayIn(moment), asOf: { moment: moment.toISOString(), position } };
  }

  /** The views run apart from each other, so what one of them shows is certain only once all have come as far. */
  private async positionAt(moment: Date): Promise<Position | null> {
    if (await this.progress.isOlder()) throw unavailable('view.building', 30);
    let reached = (await firstAfter(this.db, moment)) ?? (await this.store.head());
    while (reached !== null) {
      if (!(await this.progress.reached(reached, PATIENCE_MS, 'all'))) throw unavailable('view.behind', 1);
      const first = await firstAfter(this.db, moment);
      if (first === null) return reached;
      if (first <= reached) return before(this.db, first);
      reached = first;
    }
    return null;
  }
}

const instant = z.iso.datetime({ offset: true });
/** Before any document that a machine kept; databases know no year 0. */
const EARLIEST = '1900';

const lastOf = (day: string) => new Date(instantAt(addDays(day, 1), '00:00').getTime() - 1);

function momentOf(asked: string): Date {
  // In an address that nobody encoded, a plus sign arrives as a blank.
  const written = asked.replace(' ', '+');
  if (isDay(written) && written > EARLIEST) return lastOf(written);
  if (instant.safeParse(written).success && written > EARLIEST) return new Date(written);
  throw new Problem(400, 'as-of.invalid', { asOf: asked });
}
