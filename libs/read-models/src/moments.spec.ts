import fc from 'fast-check';
import { idFrom } from '@app/domain/ids.js';
import type { Recorded } from '@app/event-store/event-store.js';
import { days } from './days.js';
import { history } from './history.js';
import { before, firstAfter } from './moments.js';
import { apply } from './apply.js';
import { Log, openViews, supervisor } from './testing.js';

let views: Awaited<ReturnType<typeof openViews>>;
beforeAll(async () => {
  views = await openViews();
});
afterAll(() => views.close());

/** A log whose events carry these times, in this order, taken in by the views in two batches. */
async function loggedAt(times: readonly Date[]): Promise<readonly Recorded[]> {
  const log = new Log();
  for (const at of times) log.add(`unit-${idFrom('unit')}`, [{ type: 'AliasAdded', data: { alias: '别名' } }], { by: supervisor, at });
  const { events } = log;
  await views.db.query('truncate app.history, app.day, app.checkpoint');
  const half = Math.ceil(events.length / 2);
  if (half > 0) await apply(views.db.manager, [days, history], events.slice(0, half), '');
  if (half < events.length) await apply(views.db.manager, [days, history], events.slice(half), events[half - 1]!.position);
  return events;
}

const noon = Date.parse('2026-11-23T12:00:00.000Z');
const HOUR = 3_600_000;

describe('the first event after a moment', () => {
  it('is the first in the order of the log, however the clocks of those who wrote differ', async () => {
    const time = fc.integer({ min: -60 * HOUR, max: 60 * HOUR }).map((ms) => new Date(noon + ms));
    const steady = fc.array(fc.integer({ min: 0, max: 8 * HOUR }), { maxLength: 30 }).map((steps) => {
      let at = noon - 48 * HOUR;
      return steps.map((step) => new Date((at += step)));
    });
    // Mostly in order, with clocks that are off by up to a minute, and now and then by days.
    const skewed = fc
      .tuple(
        steady,
        fc.array(
          fc.tuple(
            fc.nat({ max: 29 }),
            fc.oneof(fc.integer({ min: -60_000, max: 60_000 }), fc.integer({ min: -50 * HOUR, max: 50 * HOUR })),
          ),
          { maxLength: 6 },
        ),
      )
      .map(([times, skews]) => times.map((at, n) => new Date(at.getTime() + (skews.find(([of]) => of === n)?.[1] ?? 0))));
    await fc.assert(
      fc.asyncProperty(fc.oneof(skewed, fc.array(time, { maxLength: 20 })), fc.array(time, { maxLength: 5 }), async (times, moments) => {
        const events = await loggedAt(times);
        for (const moment of [...moments, ...times.slice(0, 5)]) {
          const first = events.find(({ at }) => at > moment)?.position ?? null;
          expect(await firstAfter(views.db, moment)).toBe(first);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('stays what it was, whatever is recorded later', async () => {
    const moment = new Date(noon);
    const times = [-2, -1, 1, 2].map((hours) => new Date(noon + hours * HOUR));
    const [, , third] = await loggedAt(times);
    expect(await firstAfter(views.db, moment)).toBe(third!.position);
    await loggedAt([...times, new Date(noon - 3 * HOUR), new Date(noon + 1), new Date(noon - 100 * HOUR)]);
    expect(await firstAfter(views.db, moment)).toBe(third!.position);
  });

  it('has the event before it as the last of the moment', async () => {
    const [first, second] = await loggedAt([new Date(noon), new Date(noon + 1)]);
    expect([await before(views.db, second!.position), await before(views.db, first!.position)]).toEqual([first!.position, null]);
  });
});
