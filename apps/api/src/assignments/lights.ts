import sql, { empty, raw, type Sql } from 'sql-template-tag';
import type { DataSource } from 'typeorm';
import { type Light, lightOf, type Watched } from '@app/domain/light.js';
import type { Rows } from '@app/read-models/rows.js';
import { rowsOf } from '@app/read-models/sql.js';

/** Where a guideline's settings do not say. */
export const YELLOW_WITHIN = 15;

/** Shares `a` that meet the condition (and are joined so), with all that their light depends on. */
export const sharesOf = (rows: Rows, condition: Sql, joined: Sql = empty): Sql =>
  sql`select a.*, coalesce((g.settings->>'yellowWithin')::int, ${YELLOW_WITHIN}) as "yellowWithin"
      from ${rows.all('assignment')} a join app.guideline g on g.id = a."guidelineId" ${joined} where ${condition}`;

/** All that the light of a share `s` depends on, as one text. */
export const INPUTS = raw(`concat_ws(' ', s.status, s."taskStanding", s."dueKey", s."acknowledgeBy", s."yellowWithin")`);

export type Inputs = Watched & { inputs: string; yellowWithin: number };
export type Lit = Readonly<{ inputs: string; light: Light }>;

/** The light of every combination of inputs that occurs among the shares: a few hundred, whatever the number of shares. */
export async function lightsAmong(db: DataSource, shares: Sql, today: string): Promise<Lit[]> {
  const occurring = await rowsOf<Inputs>(
    db,
    sql`select distinct ${INPUTS} as inputs, s.status, s."taskStanding", s."dueOn", s."acknowledgeBy", s."yellowWithin" from (${shares}) s`,
  );
  return occurring.map((one) => ({ inputs: one.inputs, light: lightOf(one, today, one.yellowWithin) }));
}

// SQL looks lights up and never works them out: the rule is the domain's alone.

/** Whether a share `s` shows one of these lights. */
export const showsOneOf = (lights: readonly Lit[]): Sql => sql`${INPUTS} = any(${lights.map(({ inputs }) => inputs)})`;

/** The colour that a share `s` shows. */
export const colourIn = (lights: readonly Lit[]): Sql =>
  sql`${JSON.stringify(Object.fromEntries(lights.map(({ inputs, light }) => [inputs, light.colour])))}::jsonb ->> ${INPUTS}`;
