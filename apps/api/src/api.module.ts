import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CommandsModule } from '@app/commands/commands.module.js';
import { InboxRow } from '@app/reminders/inbox.js';
import { AssignmentQueries } from './assignments/assignment-queries.js';
import { AssignmentsController } from './assignments/assignments.controller.js';
import { ChangesController } from './changes.controller.js';
import { Changes } from './changes.js';
import { DashboardController } from './dashboard/dashboard.controller.js';
import { DashboardQueries } from './dashboard/dashboard-queries.js';
import { GuidelineQueries } from './guidelines/guideline-queries.js';
import { GuidelinesController } from './guidelines/guidelines.controller.js';
import { HealthController } from './health.controller.js';
import { HistoryController } from './history/history.controller.js';
import { HistoryQueries } from './history/history-queries.js';
import { Drain } from './http/drain.js';
import { AnswersInterceptor } from './http/answers.interceptor.js';
import { Moments } from './http/moments.js';
import { OwnWritesInterceptor } from './http/own-writes.interceptor.js';
import { ProblemFilter } from './http/problem.filter.js';
import { ValidationPipe } from './http/validation.pipe.js';
import { AccountsController } from './identity/accounts.controller.js';
import { Passwords } from './identity/passwords.js';
import { SessionController } from './identity/session.controller.js';
import { Sessions } from './identity/sessions.js';
import { SignedInGuard } from './identity/signed-in.guard.js';
import { InboxController } from './inbox.controller.js';
import { Metrics } from './metrics.js';
import { LedgerQueries } from './tasks/ledger-queries.js';
import { TaskQueries } from './tasks/task-queries.js';
import { TasksController } from './tasks/tasks.controller.js';
import { TodoQueries } from './units/todo-queries.js';
import { UnitsController } from './units/units.controller.js';

@Module({
  imports: [CommandsModule, TypeOrmModule.forFeature([InboxRow])],
  controllers: [
    AccountsController,
    AssignmentsController,
    ChangesController,
    DashboardController,
    GuidelinesController,
    HealthController,
    HistoryController,
    InboxController,
    SessionController,
    TasksController,
    UnitsController,
  ],
  providers: [
    AssignmentQueries,
    Changes,
    DashboardQueries,
    Drain,
    GuidelineQueries,
    HistoryQueries,
    LedgerQueries,
    Metrics,
    Moments,
    Passwords,
    Sessions,
    TaskQueries,
    TodoQueries,
    SignedInGuard,
    { provide: APP_GUARD, useExisting: SignedInGuard },
    { provide: APP_INTERCEPTOR, useClass: OwnWritesInterceptor },
    { provide: APP_INTERCEPTOR, useClass: AnswersInterceptor },
    // Without this pipe every `{ schema }` on a route is silently ignored.
    { provide: APP_PIPE, useClass: ValidationPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
})
export class ApiModule {}
