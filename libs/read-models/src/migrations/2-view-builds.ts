import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of views come from their entities from now on, and know the version of the code that they are of. Counters are apart by view. */
export class ViewBuilds1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table app.checkpoint add version int not null default 1;
      alter table app.checkpoint alter version drop default;

      create sequence app.build_number;
      create table app.build (
        view text primary key, schema text not null, version int not null, position text collate "C" not null, head text collate "C" not null,
        events int not null, "startedAt" timestamptz not null, "changedAt" timestamptz not null
      );

      alter table app.tally rename to tally_before;
      alter index app.tally_pkey rename to tally_before_pkey;
      create table app.tally (key text collate "C" primary key, n int not null) partition by range (key);
      create table app.task_tally partition of app.tally for values from ('task:') to ('task;');
      create table app.assignment_tally partition of app.tally for values from ('assignment:') to ('assignment;');
      insert into app.tally select key, n from app.tally_before;
      drop table app.tally_before;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table app.build;
      drop sequence app.build_number;
      alter table app.checkpoint drop version;
      create table app.tally_before (key text collate "C" primary key, n int not null);
      insert into app.tally_before select key, n from app.tally;
      drop table app.tally;
      alter table app.tally_before rename to tally;
    `);
  }
}
