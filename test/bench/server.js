import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { ApiModule } from '../../dist/apps/api/src/api.module.js';
import { serve, together } from '../../dist/apps/api/src/serve.js';
import { PlatformModule } from '../../dist/libs/commands/src/platform.module.js';
import { EventStore } from '../../dist/libs/event-store/src/event-store.js';
import { run } from '../../dist/libs/read-models/src/runner.js';
import { VIEWS } from '../../dist/libs/read-models/src/views.js';
import { logTo } from '../../dist/libs/runtime/src/log.js';

/** Started by api.js: the HTTP side and every view in one process, as `duban up` is, on the database it is given. */
const app = await serve(together(PlatformModule.at({ databaseUrl: process.argv[2] }), ApiModule), logTo('error'));
await app.listen(0, '127.0.0.1');
const stopping = new AbortController();
const running = run(app.get(EventStore), app.get(DataSource), VIEWS, stopping.signal, (_, error) => console.error(error));
process.send({ port: app.getHttpServer().address().port });

// Also when the benchmark itself was killed.
process.once('disconnect', () => {
  stopping.abort();
  void running.then(() => app.close());
});
