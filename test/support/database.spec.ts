import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { copyOf, createDatabase, isOfThisRun } from './database.js';

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

describe('a copy', () => {
  const model = `test_model_${randomUUID().replaceAll('-', '')}`;
  const server = process.env['TEST_DATABASE_URL']!;
  const ask = async (connectionString: string, sql: string) => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    try {
      return await client.query<{ name: string }>(sql);
    } finally {
      await client.end();
    }
  };
  beforeAll(() => void (process.env['TEST_MODEL_DATABASE'] = model));
  afterAll(() => ask(server, `drop database if exists ${model} with (force)`));

  it('is of what is made once, when it was made to the end', async () => {
    const [one, two] = await Promise.all([createDatabase(), createDatabase()]);
    const cutOff = async (url: string) => {
      await ask(url, 'create table half (name text)');
      throw new Error('cut off');
    };
    await expect(copyOf(cutOff, one.url)).rejects.toThrow('cut off');

    const made: string[] = [];
    const make = async (url: string) => {
      made.push(url);
      await ask(url, `create table task as select 'first' as name`);
      return `it's a word`;
    };
    expect(await Promise.all([copyOf(make, one.url), copyOf(make, two.url)])).toEqual([`it's a word`, `it's a word`]);
    expect(made.length).toBe(1);

    await ask(one.url, `insert into task values ('second')`);
    expect((await ask(one.url, 'select * from task')).rows.length).toBe(2);
    expect((await ask(two.url, 'select * from task')).rows).toEqual([{ name: 'first' }]);
    await expect(ask(two.url, 'select * from half')).rejects.toThrow('does not exist');
    await Promise.all([one.drop(), two.drop()]);
  });

  it('is made on the server of this run alone', () => {
    expect(isOfThisRun(server)).toBe(true);
    expect(isOfThisRun('postgres://somebody@127.0.0.1:1/duban')).toBe(false);
  });
});
