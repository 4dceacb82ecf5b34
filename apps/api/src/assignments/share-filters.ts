import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { COLOURS, WHYS } from '@app/domain/light.js';
import { ASSIGNMENT_STATUSES } from '@app/domain/assignment-rules.js';
import { day } from '@app/domain/due.js';
import { TASK_STANDINGS, UNIT_ROLES } from '@app/domain/task.js';
import { BUCKETS } from '@app/read-models/assignments.js';
import { asOf } from '../http/moments.js';
import { page } from '../http/pages.js';

/** One of these, or several separated by commas. */
export const anyOf = <const Word extends string>(words: readonly Word[]) =>
  z
    .string()
    .max(500)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(words)))
    .describe(`any of, separated by commas: ${words.join(', ')}`);

/** What shares can be narrowed to. */
const filters = {
  unitId: z.uuid().optional(),
  guidelineId: z.uuid().optional(),
  taskId: z.uuid().optional(),
  role: anyOf(UNIT_ROLES).optional(),
  status: anyOf(ASSIGNMENT_STATUSES).optional(),
  standing: anyOf(TASK_STANDINGS).optional(),
  bucket: anyOf(BUCKETS).optional(),
  owed: z.enum(['true', 'false']).optional().describe('whether it stands on its unit’s to-do list'),
  light: anyOf(COLOURS).optional(),
  why: anyOf(WHYS).optional(),
  dueFrom: day.optional().describe('due on this day or later'),
  dueUntil: day.optional().describe('due on this day or earlier'),
  acknowledgeUntil: day.optional().describe('to be acknowledged on this day or earlier'),
};
export const assignmentPage = z.strictObject({ ...page, ...asOf, ...filters });
export type AssignmentPage = z.infer<typeof assignmentPage>;

/** The conditions on a share `a`; its light is not one: it is looked up. */
export const conditionsOf = (asked: Omit<AssignmentPage, 'limit'>): Sql[] => [
  ...given(asked.unitId, (id) => sql`a."unitId" = ${id}`),
  ...given(asked.guidelineId, (id) => sql`a."guidelineId" = ${id}`),
  ...given(asked.taskId, (id) => sql`a."taskId" = ${id}`),
  ...given(asked.role, (roles) => sql`a.role = any(${roles})`),
  ...given(asked.status, (statuses) => sql`a.status = any(${statuses})`),
  ...given(asked.standing, (standings) => sql`a."taskStanding" = any(${standings})`),
  ...given(asked.bucket, (buckets) => sql`a.bucket = any(${buckets})`),
  ...given(asked.owed, (owed) => sql`(a.bucket is not null) = ${owed}::bool`),
  ...given(asked.dueFrom, (day) => sql`a."dueOn" >= ${day}`),
  ...given(asked.dueUntil, (day) => sql`a."dueOn" <= ${day}`),
  ...given(asked.acknowledgeUntil, (day) => sql`a."acknowledgeBy" <= ${day}`),
];

const given = <Value>(value: Value | undefined, condition: (value: Value) => Sql): Sql[] => (value === undefined ? [] : [condition(value)]);
