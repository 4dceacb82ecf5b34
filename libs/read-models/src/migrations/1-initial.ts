import type { MigrationInterface, QueryRunner } from 'typeorm';
import { eventStoreSchema } from '@app/event-store/postgres-schema.js';

/**
 * Schema `events` holds the facts; schema `app` holds what can be rebuilt from them, and beside it sessions, passwords, answers and inboxes.
 * The views' own tables come from their entities; before version 0.2 they were made here.
 */
export class Initial1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(eventStoreSchema);
    await runner.query(`
      create schema if not exists app;

      create table app.checkpoint (view text primary key, position text collate "C" not null, error text, "failedAt" timestamptz);
      create table app.parked (
        view text not null, stream text not null, position text collate "C" not null, error text not null, "parkedAt" timestamptz not null,
        primary key (view, stream)
      );
      create table app.follower (name text primary key, position text collate "C" not null, error text, "failedAt" timestamptz);
      create table app.tally (key text collate "C" primary key, n int not null);

      create table app.credential ("accountId" uuid primary key, hash text not null, "changedAt" timestamptz not null);
      create table app.session (
        id text primary key, "accountId" uuid not null, "startedAt" timestamptz not null, "seenAt" timestamptz not null, "endsAt" timestamptz not null
      );
      create index session_account on app.session ("accountId");
      create table app.token (
        id uuid primary key, hash text not null, "accountId" uuid not null, name text not null, "createdAt" timestamptz not null,
        "endsAt" timestamptz not null
      );
      create index token_account on app.token ("accountId");
      create table app.answer (
        "accountId" uuid not null, key text not null, request text not null, status int, body jsonb, position text,
        "askedAt" timestamptz not null, primary key ("accountId", key)
      );
      create index answer_age on app.answer ("askedAt");

      create table app.inbox (
        id uuid primary key, "accountId" uuid not null, "on" date not null, items jsonb not null, "createdAt" timestamptz not null, "readAt" timestamptz
      );
      create index inbox_account on app.inbox ("accountId", "on", id);
      create table app.digest ("unitId" uuid not null, "on" date not null, "doneAt" timestamptz not null, primary key ("unitId", "on"));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema app cascade');
  }
}
