import { idFrom } from '@app/domain/ids.js';
import { openViews } from '@app/read-models/testing.js';
import { MovableClock } from '@app/runtime/clock.js';
import { keepHouse } from './housekeeping.js';

it('throws away old answers, ended sessions and tokens, and nothing that still counts', async () => {
  const views = await openViews();
  const { db } = views;
  const clock = new MovableClock();
  const day = (days: number) => new Date(clock.now().getTime() + days * 86_400_000);
  const account = idFrom('account');
  for (const [name, days] of [
    ['old', -31],
    ['new', -29],
  ] as const)
    await db.query(`insert into app.answer ("accountId", key, request, "askedAt") values ($1, $2, '', $3)`, [account, name, day(days)]);
  for (const [name, days] of [
    ['ended', -1],
    ['running', 1],
  ] as const) {
    await db.query(`insert into app.session values ($1, $2, $3, $3, $3)`, [name, account, day(days)]);
    await db.query(`insert into app.token values ($1, '', $2, $3, $4, $4)`, [idFrom(name), account, name, day(days)]);
  }

  const stopping = new AbortController();
  const errors: unknown[] = [];
  const done = keepHouse(db, clock, stopping.signal, (error) => errors.push(error));
  stopping.abort();
  await done;
  expect(errors).toEqual([]);
  expect(await db.query('select key from app.answer')).toEqual([{ key: 'new' }]);
  expect(await db.query('select id from app.session')).toEqual([{ id: 'running' }]);
  expect(await db.query('select name from app.token')).toEqual([{ name: 'running' }]);
  await views.close();
});
