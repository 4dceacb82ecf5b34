import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { together } from '../../dist/apps/api/src/serve.js';
import { CommandsModule } from '../../dist/libs/commands/src/commands.module.js';
import { DecideAssignment } from '../../dist/libs/commands/src/decide-assignment.js';
import { PlatformModule } from '../../dist/libs/commands/src/platform.module.js';
import { EventStore } from '../../dist/libs/event-store/src/event-store.js';
import { ViewProgress } from '../../dist/libs/read-models/src/progress.js';
import { run } from '../../dist/libs/read-models/src/runner.js';
import { VIEWS } from '../../dist/libs/read-models/src/views.js';
import { tidy } from './closed.js';
import { duban, emmett } from './contenders.js';
import { freshDatabase } from './databases.js';
import { keepTable } from './emmett-follower.js';
import { alternate, openLoop, overRounds, ratio } from './measure.js';
import { openViews, takeIn } from './views.js';
import { clerkOf, openWork } from './work.js';

const UNITS = 20;
const PER_UNIT = 100;

/** One process as `duban up` is: commands through the bus, every view beside them. Seen = the views' transaction has committed. */
async function ours(server) {
  const url = await freshDatabase(server, 'bench_lag_duban');
  const db = await openViews(url);
  const { store, close } = await duban.open(url);
  const { open } = await openWork(store, { units: UNITS, perUnit: PER_UNIT });
  await takeIn(store, db);
  await tidy(db);
  await close();
  await db.destroy();

  const app = await NestFactory.createApplicationContext(together(PlatformModule.at({ databaseUrl: url }), CommandsModule), {
    logger: ['error'],
  });
  await app.init();
  const [commands, stopping] = [app.get(CommandBus), new AbortController()];
  const running = run(app.get(EventStore), app.get(DataSource), VIEWS, stopping.signal, (_, error) => console.error(error));
  const waiting = new Map();
  app.get(ViewProgress).notices.subscribe(({ position: reached }) => {
    for (const [position, seen] of waiting)
      if (position <= reached) {
        waiting.delete(position);
        seen();
      }
  });
  let sent = 0;
  return {
    name: duban.name,
    async act() {
      const n = sent++;
      const { assignmentId, lead } = open[n % open.length];
      const to = Math.floor(n / open.length) % 2 === 0 ? 'blocked' : 'in-progress';
      const command = { type: 'ChangeStatus', data: { to, reason: '等待批复' } };
      const { position } = await commands.execute(new DecideAssignment(assignmentId, command, clerkOf(lead), { id: randomUUID() }));
      await new Promise((seen) => waiting.set(position, seen));
    },
    async close() {
      stopping.abort();
      await running;
      await app.close();
    },
  };
}

/** An append, and one projection that takes it in. */
async function theirs(server) {
  const url = await freshDatabase(server, 'bench_lag_emmett');
  const opened = await emmett.open(url);
  const stop = keepTable(url);
  const listener = new pg.Client({ connectionString: url });
  const waiting = new Map();
  await listener.connect();
  listener.on('notification', ({ payload }) => waiting.get(payload)?.());
  await listener.query('listen bench_seen');
  return {
    name: emmett.name,
    async act() {
      const commandId = randomUUID();
      const seen = new Promise((resolve) => waiting.set(commandId, resolve));
      await opened.append(randomUUID(), 0, commandId);
      await seen;
      waiting.delete(commandId);
    },
    async close() {
      await stop();
      await listener.end();
      await opened.close();
    },
  };
}

/** From a command that is asked to the view that shows it, at a fixed rate; goal 6. */
export async function lag(server, { rounds, say }) {
  say('command to view');
  const contenders = [await ours(server), await theirs(server)];
  try {
    for (const contender of contenders) await openLoop(() => contender.act(), { rate: 200, ms: 1_000 });
    // What emmett's follower skips is never seen; leaving it out is to its advantage.
    const slow = await alternate(rounds, contenders, (contender) => openLoop(() => contender.act(), { rate: 200, ms: 3_000 }));
    const fast = await alternate(rounds, contenders.slice(0, 1), (contender) =>
      openLoop(() => contender.act(), { rate: 1_000, ms: 3_000 }),
    );
    const at200 = overRounds(slow.get(duban.name), 'p50');
    const at1000 = overRounds(fast.get(duban.name), 'p50');
    const rows = [...slow].map(([who, figures]) => ({ what: 'command → view, 200/s', who, ...overRounds(figures, 'p50') }));
    rows.push({ what: 'command → view, 1,000/s', who: duban.name, ...at1000 });
    return {
      rows: rows.map(({ missing, ...row }) => ({ ...row, ...(missing > 0 ? { note: `${missing} never came` } : {}) })),
      goals: [
        { no: 6, what: 'command → view at 200/s, p50', is: at200.p50, most: 5, unit: ' ms' },
        { no: 6, what: 'command → view at 200/s, p99', is: at200.p99, most: 25, unit: ' ms' },
        { no: 6, what: 'command → view at 1,000/s, p99', is: at1000.p99, most: 50, unit: ' ms' },
        { no: 6, what: 'emmett-postgresql over duban, p50', is: ratio(slow.get(emmett.name), slow.get(duban.name), 'p50'), unit: '×' },
      ],
    };
  } finally {
    for (const contender of contenders) await contender.close();
  }
}
