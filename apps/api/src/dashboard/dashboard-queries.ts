import { Injectable } from '@nestjs/common';
import sql from 'sql-template-tag';
import { DataSource } from 'typeorm';
import { addDays } from '@app/calendar/days.js';
import type { Actor } from '@app/domain/actor.js';
import type { Colour } from '@app/domain/light.js';
import { readsEverything } from '@app/domain/permissions.js';
import { every, rowsOf } from '@app/read-models/sql.js';
import { colourIn, INPUTS, sharesOf } from '../assignments/lights.js';
import { Moments, type Standpoint } from '../http/moments.js';
import { Problem } from '../http/problem.js';
import { namesOf } from '../tasks/task-queries.js';
import type { Dashboard, Number } from './dashboard.js';
import * as figures from './figures.js';
import { type Alike, opening, type Opening, type Owed } from './figures.js';

/** Longer lists are not for a dashboard: the most pressing are kept. */
const MOST = 200;
/** Figures of so many past days and units are at hand. */
const REMEMBERED = 1_000;

type Headline = Record<keyof Dashboard['headline'], Number>;
type Scope = Readonly<{ unitId: string | null; from: Standpoint; open: Opening }>;

/** The state of the whole work in numbers, each of which opens the rows it counts. */
@Injectable()
export class DashboardQueries {
  private readonly past = new Map<string, Headline>();

  constructor(
    private readonly db: DataSource,
    private readonly moments: Moments,
  ) {}

  /** Of everything for those who read everything, of their own unit for its heads. */
  async of(asked: string | undefined, by: Actor): Promise<Dashboard> {
    if (!readsEverything(by) && !by.roles.includes('head')) throw new Problem(403, 'dashboard.not-readable');
    const unitId = readsEverything(by) ? null : by.unitId;
    const always: Record<string, string> = unitId === null ? {} : { unitId };
    const from = await this.moments.standpoint(asked);
    const now: Scope = { unitId, from, open: opening(asked === undefined ? always : { ...always, asOf: asked }) };
    const lastWeek = addDays(from.today, -7);
    const [{ alike, owed, headline }, weekAgo] = await Promise.all([
      this.counted(now),
      this.headlineOf(lastWeek, unitId, opening({ ...always, asOf: lastWeek })),
    ]);
    const { units, guidelines, waiting } = await this.broken(owed, now);
    return {
      today: from.today,
      headline: compared(headline, weekAgo),
      funnel: figures.funnel(alike, now.open),
      units: units.slice(0, MOST),
      guidelines: guidelines.slice(0, MOST),
      overdueByWeek: figures.overdueByWeek(owed, from.today, now.open),
      notAcknowledged: waiting.slice(0, MOST),
      more: { units: left(units), guidelines: left(guidelines), notAcknowledged: left(waiting) },
      asOf: from.asOf,
    };
  }

  /** At the end of a past day. What was so then never changes, so it is counted once. */
  private async headlineOf(day: string, unitId: string | null, open: Opening): Promise<Headline> {
    const key = `${day} ${unitId}`;
    const known = this.past.get(key);
    if (known) return known;
    const { headline } = await this.counted({ unitId, from: await this.moments.endOf(day), open });
    if (this.past.size === REMEMBERED) this.past.clear();
    this.past.set(key, headline);
    return headline;
  }

  private async counted({ unitId, from: { rows, today }, open }: Scope) {
    const [alike, [tasks]] = await Promise.all([
      rowsOf<Alike>(
        this.db,
        sql`select bucket, status, "taskStanding", role in ('lead', 'responsible') as leading, "yellowWithin",
              case when bucket is not null then "dueOn" end as "dueOn", case when bucket is not null then "acknowledgeBy" end as "acknowledgeBy",
              case when bucket is not null then ${INPUTS} end as inputs, count(*)::int as n
            from (${sharesOf(rows, every(unitId && sql`a."unitId" = ${unitId}`))}) s group by 1, 2, 3, 4, 5, 6, 7, 8`,
      ),
      rowsOf<{ n: number }>(
        this.db,
        sql`select count(*)::int as n from ${rows.all('task')} t where ${every(
          sql`t.standing = 'open'`,
          unitId && sql`exists (select from ${rows.all('assignment')} a where a."taskId" = t.id and a."unitId" = ${unitId})`,
        )}`,
      ),
    ]);
    const owed = figures.owedOf(alike, today);
    return { alike, owed, headline: figures.headline(owed, tasks!.n, open) };
  }

  /** The lights of what is owed, by unit and by guideline, and who has not acknowledged. */
  private async broken(owed: readonly Owed[], { unitId, from: { rows, today }, open }: Scope) {
    const shares = sharesOf(rows, every(sql`a.bucket is not null`, unitId && sql`a."unitId" = ${unitId}`));
    const slices = await rowsOf<Slice>(
      this.db,
      sql`select "unitId", "guidelineId", colour, waiting, late, count(*)::int as n
          from (
            select s."unitId", s."guidelineId", ${colourIn(owed)} as colour, s.bucket = 'acknowledge' as waiting,
              s."acknowledgeBy" < ${today} as late
            from (${shares}) s
          ) lit group by grouping sets (("unitId", colour), ("guidelineId", colour), ("unitId", waiting, late))`,
    );
    const [ofUnit, ofGuideline] = [lightsBy(slices, 'unitId'), lightsBy(slices, 'guidelineId')];
    const [names, titles] = await Promise.all([namesOf(this.db, rows, [...ofUnit.keys()]), this.titlesOf([...ofGuideline.keys()])]);
    const unitName = (id: string) => names.get(id) ?? '';
    return {
      units: [...ofUnit]
        .map(([unitId, lights]) => ({ unitId, unitName: unitName(unitId), lights: figures.lightsUnder(lights, { unitId }, open) }))
        .sort((a, b) => figures.byPressure(a, b) || (a.unitName < b.unitName ? -1 : 1)),
      guidelines: titles
        .map((guideline) => ({
          ...guideline,
          lights: figures.lightsUnder(ofGuideline.get(guideline.guidelineId)!, { guidelineId: guideline.guidelineId }, open),
        }))
        .sort((a, b) => figures.byPressure(a, b) || (a.title < b.title ? -1 : 1)),
      waiting: waitingIn(slices, today, open)
        .map((unit) => ({ ...unit, unitName: unitName(unit.unitId) }))
        .sort((a, b) => b.late.n - a.late.n || b.n - a.n || (a.unitName < b.unitName ? -1 : 1)),
    };
  }

  private titlesOf(ids: readonly string[]) {
    return rowsOf<{ guidelineId: string; title: string; number: string | null }>(
      this.db,
      sql`select id as "guidelineId", title, number from app.guideline where id = any(${ids})`,
    );
  }
}

type Slice = Readonly<{
  unitId: string | null;
  guidelineId: string | null;
  colour: Colour | null;
  waiting: boolean | null;
  late: boolean | null;
  n: number;
}>;

function lightsBy(slices: readonly Slice[], heading: 'unitId' | 'guidelineId'): Map<string, Map<Colour, number>> {
  const lights = new Map<string, Map<Colour, number>>();
  for (const { [heading]: id, colour, n } of slices)
    if (id !== null && colour !== null) lights.set(id, (lights.get(id) ?? new Map<Colour, number>()).set(colour, n));
  return lights;
}

function waitingIn(slices: readonly Slice[], today: string, open: Opening) {
  const counts = new Map<string, { n: number; late: number }>();
  for (const { unitId, waiting, late, n } of slices)
    if (waiting && unitId !== null) {
      const so = counts.get(unitId) ?? { n: 0, late: 0 };
      counts.set(unitId, { n: so.n + n, late: so.late + (late ? n : 0) });
    }
  return [...counts].map(([unitId, { n, late }]) => {
    const filters = { unitId, bucket: 'acknowledge' };
    return {
      unitId,
      ...open(n, 'assignments', filters),
      late: open(late, 'assignments', { ...filters, acknowledgeUntil: addDays(today, -1) }),
    };
  });
}

const left = ({ length }: readonly unknown[]) => Math.max(0, length - MOST);

const compared = (now: Headline, weekAgo: Headline): Dashboard['headline'] => {
  const against = (what: keyof Dashboard['headline']) => ({ ...now[what], weekAgo: weekAgo[what], change: now[what].n - weekAgo[what].n });
  return {
    openTasks: against('openTasks'),
    notAcknowledged: against('notAcknowledged'),
    overdue: against('overdue'),
    toVerify: against('toVerify'),
  };
};
