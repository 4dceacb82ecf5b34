import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A follower's place has the name of the last event that it handled, which is the same in every store. */
export class FollowerEvents1764300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table app.follower add stream text, add revision bigint');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table app.follower drop stream, drop revision');
  }
}
