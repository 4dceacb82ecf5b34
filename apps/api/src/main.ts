import 'reflect-metadata';
import { PlatformModule } from '@app/commands/platform.module.js';
import { readConfiguration } from '@app/runtime/configuration.js';
import { logTo } from '@app/runtime/log.js';
import { ApiModule } from './api.module.js';
import { serve, together } from './serve.js';

/** The HTTP side alone, over a database of your own; `duban up` runs it together with the worker. */
const { databaseUrl, eventStoreUrl, queueUrl, host, port, logLevel } = readConfiguration();
if (!databaseUrl) {
  console.error(
    'DATABASE_URL 未设置：单独运行 api 需要一个 PostgreSQL。 DATABASE_URL is not set: the api alone needs a PostgreSQL of yours.',
  );
  process.exit(2);
}
const app = await serve(together(PlatformModule.at({ databaseUrl, eventStoreUrl, queueUrl }), ApiModule), logTo(logLevel));
app.enableShutdownHooks();
await app.listen(port, host);
