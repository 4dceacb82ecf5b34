// Loaded before a program of the product (`node --import`), so that a spec can set the clock of one process as an administrator sets that
// of a machine. It ends with whoever started it, however that one went.
const { now: real } = Date;
const Clock = Date;
let aheadMs = Number(process.env.CLOCK_AHEAD_MS ?? 0);
const now = () => real() + aheadMs;

// Timers go on as they do when a real clock is set: they count from the start of the machine.
globalThis.Date = new Proxy(Clock, {
  construct: (_, args, target) => Reflect.construct(Clock, args.length > 0 ? args : [now()], target === Date ? Clock : target),
  apply: () => new Clock(now()).toString(),
  get: (_, name) => (name === 'now' ? now : Reflect.get(Clock, name)),
});

process.on('message', (told) => {
  aheadMs = told.aheadMs;
  process.send({ done: told });
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();
