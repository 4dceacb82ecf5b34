import { SQL } from '@event-driven-io/dumbo';
import { postgreSQLEventStoreConsumer, postgreSQLRawSQLProjection } from '@event-driven-io/emmett-postgresql';

/** Pages as large as ours, asked for as often as ours: what its documentation lets one set. */
const pulling = { batchSize: 1_000, pullingFrequencyInMs: 20 };

/** Follows emmett's log and hands over each message. Answers how to stop. */
export function follow(connectionString, eachMessage) {
  const consumer = postgreSQLEventStoreConsumer({ connectionString, pulling });
  consumer.reactor({ processorId: 'bench', eachMessage });
  return started(consumer);
}

/** Keeps a table of one row per stream, and tells `LISTEN bench_seen` which message was taken in as its transaction commits. */
export function keepTable(connectionString) {
  const projection = postgreSQLRawSQLProjection({
    name: 'bench_row',
    canHandle: ['ProgressReported'],
    init: () =>
      SQL`create table if not exists bench_row (id text primary key, revision bigint not null, reports int not null, data json not null)`,
    evolve: ({ data, metadata: { streamName, streamPosition, commandId } }) => [
      SQL`insert into bench_row (id, revision, reports, data) values (${streamName}, ${String(streamPosition)}, 1, ${JSON.stringify(data)})
          on conflict (id) do update set revision = excluded.revision, reports = bench_row.reports + 1, data = excluded.data`,
      SQL`select pg_notify('bench_seen', ${commandId})`,
    ],
  });
  const consumer = postgreSQLEventStoreConsumer({ connectionString, pulling });
  consumer.projector({ projection });
  return started(consumer);
}

function started(consumer) {
  const running = consumer.start();
  return async () => {
    await consumer.close();
    await running.catch(() => {});
  };
}
