import { join, raw, type Sql } from 'sql-template-tag';
import type { DataSource } from 'typeorm';

/** The rows that a statement answers with; what stands in its `${…}` is a value or another statement, never text. */
export const rowsOf = <Row>(db: DataSource, { text, values }: Sql): Promise<Row[]> => db.query(text, values);

/** All of the conditions that are asked for; none is no restriction. */
export const every = (...conditions: readonly (Sql | '' | false | null | undefined)[]): Sql =>
  join([raw('true'), ...conditions.filter((condition) => !!condition)], ' and ');
