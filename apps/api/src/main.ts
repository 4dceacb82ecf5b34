import 'reflect-metadata';
import { PlatformModule } from '@app/commands/platform.module.js';
import { logTo } from '@app/runtime/log.js';
import { runApart } from '@app/runtime/program.js';
import { ApiModule } from './api.module.js';
import { listen, serve, together } from './serve.js';

/** The HTTP side alone, over a database of your own; `duban up` runs it together with the worker. */
await runApart('api', async ({ host, port, logLevel, ...place }) => {
  const app = await serve(together(PlatformModule.at(place), ApiModule), logTo(logLevel));
  await listen(app, host, port);
  return app;
});
