import type { MigrationInterface, QueryRunner } from 'typeorm';
import { eventStoreSchema } from '@app/event-store/postgres-schema.js';

/** Schema `events` holds the facts; schema `app` holds what can be rebuilt from them, and beside it sessions, passwords, answers and inboxes. */
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

      create table app.guideline (
        id uuid primary key, title text not null, number text, issuer text, "issuedOn" date, text text not null, sha256 text not null,
        source jsonb not null, drafts jsonb not null, standing text not null, settings jsonb, "acknowledgeBy" date,
        supersedes uuid, "supersededBy" uuid, tasks int not null, assignments int not null, "importedAt" timestamptz not null, "importedBy" text not null,
        "issuedAt" timestamptz, revision int not null, "changedAt" timestamptz not null
      );
      create index guideline_imported on app.guideline ("importedAt", id);

      create table app.task (
        id uuid primary key, "guidelineId" uuid not null, list text not null, path jsonb not null, title text not null, text text not null,
        passage jsonb not null, span jsonb not null, assignees jsonb not null, standing text not null, due jsonb, "dueOn" date,
        "dueKey" date not null, outcome text, "standingReason" text, instructions int not null, "instructedAt" timestamptz,
        comments int not null, "openedAt" timestamptz not null, revision int not null, "changedAt" timestamptz not null
      );
      create index task_due on app.task ("dueKey", id);
      create index task_guideline_due on app.task ("guidelineId", "dueKey", id);

      create table app.assignment (
        id uuid primary key, "taskId" uuid not null, "guidelineId" uuid not null, "unitId" uuid not null, role text not null, via uuid,
        status text not null, "taskStanding" text not null, bucket text, "dueOn" date, "dueKey" date not null, "acknowledgeBy" date not null,
        "assignedAt" timestamptz not null, "acknowledgedAt" timestamptz, "acknowledgedBy" text, "statusBeforeObjection" text not null,
        objection text not null, "objectionReason" text, "handlerId" uuid, "handlerName" text, "statusReason" text, reports int not null,
        "reportedAt" timestamptz, "lastReport" jsonb, supports int not null, "supportedAt" timestamptz, completion text not null,
        "submittedBy" uuid, "submittedAt" timestamptz, "returnedReason" text, "verifiedAt" timestamptz, "transferredTo" uuid,
        reminders jsonb not null, revision int not null, "changedAt" timestamptz not null
      );
      create index assignment_todo on app.assignment ("unitId", "dueKey", id) where bucket is not null;
      create index assignment_bucket on app.assignment ("unitId", bucket, "dueKey", id) where bucket is not null;
      create index assignment_task on app.assignment ("taskId", id);

      create table app.unit (
        id uuid primary key, name text not null, "fullName" text, kind text not null, level text, "parentId" uuid, aliases jsonb not null,
        members jsonb, standing text not null, "mergedInto" uuid, revision int not null, "changedAt" timestamptz not null
      );
      create index unit_name on app.unit (name);

      create table app.account (
        id uuid primary key, login text not null, name text not null, "unitId" uuid not null, roles jsonb not null, standing text not null,
        "signedInAt" timestamptz, revision int not null, "changedAt" timestamptz not null
      );
      create index account_unit on app.account ("unitId");

      create table app.history (
        id text collate "C" primary key, "eventId" uuid not null, stream text not null, revision int not null, type text not null,
        "taskId" uuid, "guidelineId" uuid, "unitId" uuid, "accountId" uuid not null, by json not null, at timestamptz not null, data json not null
      );
      create index history_task on app.history ("taskId", id);
      create index history_guideline on app.history ("guidelineId", id);
      create index history_unit on app.history ("unitId", id);
      create index history_account on app.history ("accountId", id);

      create table app.reminder (
        id uuid primary key, "assignmentId" uuid not null, "taskId" uuid not null, "unitId" uuid not null, rule text not null,
        "on" date not null, "to" jsonb not null, "sentAt" timestamptz not null
      );
      create index reminder_unit on app.reminder ("unitId", "on");

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
