import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Actor } from '@app/domain/actor.js';
import { can, Refused } from '@app/domain/decider.js';
import { guideline, taskOf } from '@app/domain/guideline.js';
import { type Draft, wordsOf } from '@app/domain/draft.js';
import { datesToCheck } from '@app/domain/due.js';
import { placeAt, withPlaces } from '@app/documents/places.js';
import { countedDates } from '@app/guideline/count-terms.js';
import { readsEverything } from '@app/domain/permissions.js';
import { differences } from '@app/domain/versions.js';
import { GuidelineRow } from '@app/read-models/guidelines.js';
import { Register } from '@app/read-models/register.js';
import { Clock } from '@app/runtime/clock.js';
import { cut, page, startOf } from '../http/pages.js';
import { Problem } from '../http/problem.js';

export const guidelinePage = z.strictObject({ ...page, standing: z.enum(['draft', 'issued', 'superseded', 'withdrawn']).optional() });

/** Drafts as issuing would date them, now that the day of issue is known. */
function withDates(drafts: readonly Draft[], issuedOn: string): Draft[] {
  const counted = countedDates(drafts, issuedOn, issuedOn);
  return drafts.map((draft) => ({ ...draft, ...counted.get(draft.list) }));
}

@Injectable()
export class GuidelineQueries {
  constructor(
    private readonly db: DataSource,
    private readonly register: Register,
    private readonly clock: Clock,
  ) {}

  /** Newest first. A unit sees those that gave it something to do. */
  async page({ standing, limit, cursor }: z.infer<typeof guidelinePage>, by: Actor) {
    const [before, id] = startOf(cursor, z.tuple([z.iso.datetime(), z.uuid()])) ?? [null, null];
    const rows = await this.db.query<GuidelineRow[]>(
      `select id, title, number, issuer, "issuedOn", standing, tasks, assignments, "importedAt", "issuedAt", revision from app.guideline g
       where ($1::text is null or standing = $1) and ($2::timestamptz is null or ("importedAt", id) < ($2, $3::uuid))
         ${readsEverything(by) ? '' : 'and exists (select from app.assignment a where a."guidelineId" = g.id and a."unitId" = $5)'}
       order by "importedAt" desc, id desc limit $4`,
      [standing, before, id, limit + 1, ...(readsEverything(by) ? [] : [by.unitId])],
    );
    return cut(rows, limit, (row) => [row.importedAt.toISOString(), row.id]);
  }

  async one(id: string, by: Actor) {
    const row = await this.db.manager.findOneBy(GuidelineRow, { id });
    if (!row) throw new Refused('missing', 'guideline.unknown');
    if (!readsEverything(by) && !(await this.concerns(id, by.unitId))) throw new Problem(403, 'guideline.not-readable');
    const drafts = row.issuedOn && row.standing === 'draft' ? withDates(row.drafts, row.issuedOn) : row.drafts;
    const dated = { ...row, drafts };
    const [shown, handedOut, differences] = await Promise.all([this.checked(dated), this.handedOut(id), this.differences(dated)]);
    return {
      ...row,
      drafts: shown,
      unsure: shown.filter(({ unsure }) => unsure.length > 0).length,
      handedOut,
      differences,
      can: can(guideline, row, { by, at: this.clock.now() }),
    };
  }

  /** A name that the register does not know makes its draft unsure until somebody registers it. */
  private async checked({ drafts, source: { places } }: GuidelineRow) {
    const known = await this.register.find(drafts.flatMap(({ units }) => units.map(({ name }) => name)));
    return drafts.map((draft) => ({
      ...draft,
      place: placeAt(places, draft.span[0]) ?? null,
      rules: withPlaces(draft.rules ?? [], places),
      deadlines: draft.deadlines ?? [],
      datesToCheck: datesToCheck(draft),
      units: draft.units.map((unit) => ({
        ...unit,
        unitId: known.get(unit.name)?.unitId ?? null,
        members: known.get(unit.name)?.members?.length ?? null,
      })),
      unsure: [
        ...draft.unsure,
        ...draft.units.filter(({ name }) => !known.has(name)).map(({ name }) => ({ code: 'unit.not-registered', details: { name } })),
      ],
    }));
  }

  /** What this version keeps, changes, adds and drops of the one before; null for a first version. */
  private async differences({ supersedes, text, drafts }: GuidelineRow) {
    const before = supersedes && (await this.db.manager.findOneBy(GuidelineRow, { id: supersedes }));
    if (!before) return null;
    const standing = before.drafts.map((draft) => ({ taskId: taskOf(before.id, draft), draft, text: wordsOf(draft, before.text) }));
    return differences(standing, drafts, (draft) => wordsOf(draft, text));
  }

  /** How much of what was issued has reached the units. */
  private async handedOut(id: string) {
    const [row] = await this.db.query<[{ tasks: number; assignments: number; units: number }]>(
      `select (select count(*)::int from app.task where "guidelineId" = $1) as tasks, count(*)::int as assignments, count(distinct "unitId")::int as units
       from app.assignment where "guidelineId" = $1`,
      [id],
    );
    return row;
  }

  private async concerns(guidelineId: string, unitId: string | null): Promise<boolean> {
    const [on] = await this.db.query<unknown[]>('select from app.assignment where "guidelineId" = $1 and "unitId" = $2 limit 1', [
      guidelineId,
      unitId,
    ]);
    return on !== undefined;
  }
}
