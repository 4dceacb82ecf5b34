import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { Connection } from './connection.js';
import { isTransient } from './transient.js';

let database: TestDatabase;
let connection: Connection;

beforeAll(async () => {
  database = await createDatabase();
  connection = new Connection(database.url);
  await connection.connect();
  await connection.query('create table fruit (id int, name text); insert into fruit values (1, $$pear$$)');
});

afterAll(async () => {
  await connection?.end();
  await database?.drop();
});

const PEAR = 'select * from fruit where id = $1';
const pear = async () => (await connection.query<object>(PEAR, [1])).rows;
const plans = async () => {
  const { rows } = await connection.query<{ statement: string }>('select statement from pg_prepared_statements order by name');
  return rows.map(({ statement }) => statement);
};

it('has a statement planned once that is asked often, and no other', async () => {
  expect(await pear()).toEqual([{ id: 1, name: 'pear' }]);
  expect(await pear()).toEqual([{ id: 1, name: 'pear' }]);
  expect(await plans()).toEqual([]);
  for (let n = 0; n < 3; n++) expect(await pear()).toEqual([{ id: 1, name: 'pear' }]);
  expect(await plans()).toEqual([PEAR]);
});

it('answers with the columns of now where a table was put in the place of another', async () => {
  for (let n = 0; n < 4; n++) await pear();
  await connection.query('begin; alter table fruit rename to old; create table fruit (id int, name text, ripe bool)');
  await connection.query('insert into fruit values (1, $$plum$$, true); drop table old; commit');
  for (let n = 0; n < 4; n++) expect(await pear()).toEqual([{ id: 1, name: 'plum', ripe: true }]);
});

it('calls it passing in the midst of a transaction, where nothing more is answered', async () => {
  for (let n = 0; n < 4; n++) await pear();
  await connection.query('begin; alter table fruit add sweet bool');
  const error = await pear().catch((reason: unknown) => reason);
  expect(isTransient(error)).toBe(true);
  await connection.query('rollback; begin; alter table fruit add sweet bool');
  expect(await pear()).toEqual([{ id: 1, name: 'plum', ripe: true, sweet: null }]);
  await connection.query('rollback');
});

it('says what is wrong with a statement that is planned as with any other', async () => {
  for (let n = 0; n < 4; n++) await expect(connection.query('select 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' });
});

it('keeps no more plans than the server has room for', async () => {
  for (let n = 0; n < 300; n++) for (let use = 0; use < 3; use++) await connection.query(`select $1::int + ${n}`, [1]);
  expect((await plans()).length).toBe(200);
});
