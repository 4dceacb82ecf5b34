import { EventStoreDBStandIn } from './support/eventstoredb-stand-in.js';
import { runVerb } from './support/process.js';

it('plays the whole life of a task over HTTP', async () => {
  const { code, output } = await runVerb('tour', {
    EVENT_STORE_URL: process.env['EVENT_STORE_URL'] ?? '',
    QUEUE_URL: process.env['QUEUE_URL'] ?? '',
  });
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  expect(output).toContain('TaskClosed');
});

it('plays it on the stand-in of EventStoreDB as well', async () => {
  const standIn = await EventStoreDBStandIn.start();
  try {
    const { code, output } = await runVerb('tour', { EVENT_STORE_URL: `esdb://127.0.0.1:${standIn.port}?tls=false` });
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    expect(standIn.log.all.length).toBeGreaterThan(1_000);
  } finally {
    standIn.kill();
  }
});
