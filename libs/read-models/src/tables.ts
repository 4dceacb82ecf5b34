import type { DataSource } from 'typeorm';
import type { Field } from './copy.js';
import type { AnyView } from './view.js';

/** The schema whose tables are read. */
export const LIVE = 'app';

const LOADING = 'with (autovacuum_enabled = false)';

/** Anything that a statement can be sent through. */
export type Sql = { query(text: string, values?: unknown[]): Promise<unknown> };

/** A view's tables in a schema: its rows; their versions, where they are kept; its counters, where it counts. */
export class Tables {
  readonly name: string;
  readonly idType: string;
  readonly rows: string;
  readonly versions: string;
  readonly tally: string;
  /** Names of the rows' columns, quoted. */
  readonly columns: readonly string[];
  readonly fields: readonly Field[];
  private readonly definitions: readonly string[];
  private readonly indices: readonly string[];

  constructor(
    db: DataSource,
    readonly schema: string,
    readonly view: AnyView,
  ) {
    const { tableName, columns, indices } = db.getMetadata(view.entity);
    this.name = tableName;
    this.rows = `${schema}.${tableName}`;
    this.versions = `${this.rows}_version`;
    this.tally = `${this.rows}_tally`;
    this.fields = columns.map(({ databaseName, type }) => ({ name: databaseName, isJson: type === 'json' || type === 'jsonb' }));
    this.columns = this.fields.map(({ name }) => `"${name}"`);
    this.definitions = columns.map((column) => {
      const { databaseName, collation, isNullable } = column;
      const type = db.driver.normalizeType(column) + (collation ? ` collate "${collation}"` : '');
      return `"${databaseName}" ${type}${isNullable ? '' : ' not null'}`;
    });
    this.idType = db.driver.normalizeType(columns.find(({ propertyName }) => propertyName === 'id')!);
    this.indices = indices.map(
      (index) => `(${index.columns.map(({ databaseName }) => `"${databaseName}"`).join()})${index.where ? ` where ${index.where}` : ''}`,
    );
  }

  /** Tables without keys or indexes, which only slow down a load, as does the vacuum. */
  async create(sql: Sql): Promise<void> {
    await sql.query(`create table ${this.rows} (${this.definitions.join()}) ${LOADING}`);
    if (this.view.versioned) await this.createVersions(sql);
    if (this.view.tally) await sql.query(`create table ${this.tally} (key text collate "C" not null, n int not null)`);
  }

  createVersions(sql: Sql) {
    return sql.query(`create table ${this.versions} (${this.definitions.join()}, "from" text collate "C" not null) ${LOADING}`);
  }

  async index(sql: Sql): Promise<void> {
    await sql.query(`alter table ${this.rows} reset (autovacuum_enabled), add primary key (id)`);
    for (const index of this.indices) await sql.query(`create index on ${this.rows} ${index}`);
    if (this.view.tally) await sql.query(`alter table ${this.tally} add primary key (key)`);
  }

  indexVersions(sql: Sql) {
    return sql.query(`alter table ${this.versions} reset (autovacuum_enabled), add primary key (id, "from")`);
  }

  /** Empty and whole, where nothing was before. */
  async createLive(sql: Sql): Promise<void> {
    await sql.query(`drop table if exists ${this.rows}, ${this.versions}, ${this.tally}`);
    await this.create(sql);
    await this.index(sql);
    if (this.view.versioned) await this.indexVersions(sql);
    if (this.view.tally) await this.joinTally(sql);
  }

  /** Puts these tables in the place of those that serve, which go aside; locks both until the transaction ends. */
  async replace(sql: Sql, live: Tables, aside: string): Promise<void> {
    const attached = (await sql.query('select from pg_inherits where inhrelid = to_regclass($1)', [live.tally])) as unknown[];
    if (attached.length > 0) await sql.query(`alter table app.tally detach partition ${live.tally}`);
    for (const table of [live.rows, live.versions, live.tally]) await sql.query(`alter table if exists ${table} set schema ${aside}`);
    const built = [this.rows, ...(this.view.versioned ? [this.versions] : []), ...(this.view.tally ? [this.tally] : [])];
    for (const table of built) await sql.query(`alter table ${table} set schema ${live.schema}`);
    if (this.view.tally) await live.joinTally(sql);
  }

  /** Makes the counters a part of `app.tally`; keys begin with the view's name. */
  private joinTally(sql: Sql) {
    const { name } = this.view;
    return sql.query(`alter table app.tally attach partition ${this.tally} for values from ('${name}:') to ('${name};')`);
  }
}
