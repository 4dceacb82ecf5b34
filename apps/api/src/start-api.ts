import 'reflect-metadata';
import { PlatformModule } from '@app/commands/platform.module.js';
import { logTo } from '@app/runtime/log.js';
import type { Apart } from '@app/runtime/program.js';
import { ApiModule } from './api.module.js';
import { listen, serve, together } from './serve.js';

/** Answers once it listens. */
export async function startApi({ host, port, logLevel, ...place }: Apart) {
  const app = await serve(together(PlatformModule.at(place), ApiModule), logTo(logLevel));
  await listen(app, host, port);
  return app;
}
