import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verify } from '@node-rs/argon2';
import pg from 'pg';
import { accountIdOf } from '@app/domain/ids.js';
import { createDatabase } from './support/database.js';
import { aCorner, settingsOf } from './support/elsewhere.js';
import { runVerb } from './support/process.js';

it('the first accounts are made once, keep their password whoever asks again from where, and get a new one when that is asked for', async () => {
  const database = await createDatabase();
  const corner = await aCorner();
  const [one, other] = await Promise.all(['one', 'other'].map((name) => mkdtemp(join(tmpdir(), `duban-accounts-${name}-`))));
  const settings = { ...settingsOf(corner), DATABASE_URL: database.url, LOG_LEVEL: 'error' };
  const accounts = (folder: string, words = '') => runVerb(`accounts ${words}`.trim(), { ...settings, DATA_DIR: folder });
  const passwordIn = async (folder: string) => (await readFile(join(folder, 'demonstration-password'), 'utf8')).trim();
  const holds = async (password: string, login = 'security') => {
    const sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    const { rows } = await sql.query<{ hash: string }>('select hash from app.credential where "accountId" = $1', [accountIdOf(login)]);
    await sql.end();
    return verify(rows[0]!.hash, password);
  };
  try {
    const first = await accounts(one!);
    const password = await passwordIn(one!);
    expect([first.code, first.output]).toEqual([0, expect.stringContaining(password)]);
    expect(first.output).not.toMatch(/demonstration data|ducha/);

    const more = await accounts(one!, '--demonstration');
    expect([more.code, more.output]).toEqual([0, expect.stringMatching(/ducha[^]*security/)]);
    expect([await passwordIn(one!), await holds(password, 'ducha')]).toEqual([password, true]);

    const elsewhere = await accounts(other!);
    expect([elsewhere.code, elsewhere.output]).toEqual([0, expect.stringContaining('there already and keep their passwords')]);
    await expect(passwordIn(other!)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await holds(password)).toBe(true);

    const renewed = await accounts(other!, '--new-password');
    const next = await passwordIn(other!);
    expect([renewed.code, renewed.output]).toEqual([0, expect.stringContaining(next)]);
    expect([await holds(next), await holds(password)]).toEqual([true, false]);
  } finally {
    await Promise.all([one, other].map((folder) => rm(folder!, { recursive: true })));
    await corner.leave();
    await database.drop();
  }
}, 180_000);
