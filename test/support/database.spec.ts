import pg from 'pg';
import { createDatabase } from './database.js';

it('gives each caller a database of its own, in UTF-8, gone after drop even with a connection open', async () => {
  const [one, two] = await Promise.all([createDatabase(), createDatabase()]);
  const client = new pg.Client({ connectionString: one.url });
  client.on('error', () => {});
  await client.connect();
  await client.query('create table task (name text)');
  const { rows } = await client.query('show server_encoding');
  expect(rows).toEqual([{ server_encoding: 'UTF8' }]);

  const other = new pg.Client({ connectionString: two.url });
  await other.connect();
  await expect(other.query('select * from task')).rejects.toThrow('does not exist');
  await other.end();
  await Promise.all([one.drop(), two.drop()]);
  await expect(new pg.Client({ connectionString: one.url }).connect()).rejects.toThrow('does not exist');
  await client.end().catch(() => {});
});
