import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CloseTaskHandler } from './close-task.js';
import { DecideAccountHandler } from './decide-account.js';
import { DecideAssignmentHandler } from './decide-assignment.js';
import { DecideGuidelineHandler } from './decide-guideline.js';
import { DecideTaskHandler } from './decide-task.js';
import { DecideUnitHandler } from './decide-unit.js';
import { ImportGuidelineHandler } from './import-guideline.js';
import { IssueGuidelineHandler } from './issue-guideline.js';
import { SetDueDatesHandler } from './set-due-dates.js';

/** The one gate for writes: HTTP, the command line, jobs and followers all come through these handlers. */
@Module({
  imports: [CqrsModule.forRoot()],
  providers: [
    CloseTaskHandler,
    DecideAccountHandler,
    DecideAssignmentHandler,
    DecideGuidelineHandler,
    DecideTaskHandler,
    DecideUnitHandler,
    ImportGuidelineHandler,
    IssueGuidelineHandler,
    SetDueDatesHandler,
  ],
  exports: [CqrsModule],
})
export class CommandsModule {}
