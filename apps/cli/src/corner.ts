import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { emptyQueue } from '@app/reminders/queue.js';

type Servers = Readonly<{ eventStoreUrl?: string | null; queueUrl?: string | null }>;

/** A part of servers that others use too, of one's own. */
export type Corner = Readonly<{ eventStoreUrl?: string | undefined; queueUrl?: string | undefined; leave(): Promise<void> }>;

/**
 * A namespace on EventStoreDB and on Redis, a database on PostgreSQL; without a server, nothing. What is in Redis and PostgreSQL goes with
 * `leave`; in EventStoreDB events stay, out of everybody's way.
 */
export async function cornerOn({ eventStoreUrl, queueUrl }: Servers): Promise<Corner> {
  const name = `throwaway_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const leaving: (() => Promise<void>)[] = [];
  const own = async (server: string, part: string) => {
    if (!/^postgres(ql)?:/.test(server)) return named(server, name);
    const url = new URL(server);
    url.pathname = `/${name}_${part}`;
    await execute(server, `create database ${name}_${part}`);
    leaving.push(() => execute(server, `drop database if exists ${name}_${part} with (force)`));
    return url.href;
  };
  const events = eventStoreUrl ? await own(eventStoreUrl, 'events') : undefined;
  const queue = queueUrl ? await own(queueUrl, 'queue') : undefined;
  if (queue) leaving.unshift(() => emptyQueue(queue));
  return {
    ...(events && { eventStoreUrl: events }),
    ...(queue && { queueUrl: queue }),
    leave: async () => {
      for (const leave of leaving) await leave();
    },
  };
}

function named(server: string, name: string): string {
  const [address, query = ''] = server.split('?');
  const others = query.split('&').filter((setting) => setting !== '' && !setting.startsWith('namespace='));
  return `${address}?${[...others, `namespace=${name}`].join('&')}`;
}

async function execute(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
