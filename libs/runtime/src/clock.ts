/** What time it is. Only handlers, guards and jobs ask; decisions and views get the time with the command or the event. */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

/** For the tour and for tests: shows what it was set to, and runs on from there. */
export class MovableClock extends Clock {
  private aheadMs = 0;

  now(): Date {
    return new Date(Date.now() + this.aheadMs);
  }

  moveTo(instant: Date): void {
    this.aheadMs = instant.getTime() - Date.now();
  }
}
