import { ConsoleLogger, type LoggerService, type LogLevel } from '@nestjs/common';

const ORDER = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const NEST: Partial<Record<(typeof ORDER)[number], LogLevel>> = {
  trace: 'verbose',
  debug: 'debug',
  info: 'log',
  warn: 'warn',
  error: 'error',
  fatal: 'fatal',
};

/** JSON lines on standard error, from `level` upwards. */
export const logTo = (level: (typeof ORDER)[number]): LoggerService =>
  new ConsoleLogger({
    json: true,
    colors: false,
    logLevels: ORDER.slice(ORDER.indexOf(level)).flatMap((name) => NEST[name] ?? []),
    forceConsole: false,
  });
