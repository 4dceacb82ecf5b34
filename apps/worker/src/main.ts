import { runApart } from '@app/runtime/program.js';

/** The followers alone, over a database of your own; `duban up` runs them together with the api. */
await runApart('worker', async (apart) => {
  // Whoever asks for help or got a setting wrong need not wait for all of it to be loaded.
  const { startWorker } = await import('./start-worker.js');
  return startWorker(apart);
});
