import { runApart } from '@app/runtime/program.js';

/** The HTTP side alone, over a database of your own; `duban up` runs it together with the worker. */
await runApart('api', async (apart) => {
  // Whoever asks for help or got a setting wrong need not wait for the server to be loaded.
  const { startApi } = await import('./start-api.js');
  return startApi(apart);
});
