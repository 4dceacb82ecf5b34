import { z } from 'zod';

const opens = z.object({ path: z.string(), query: z.record(z.string(), z.string()) }).describe('the request that lists these rows');
const number = z.object({ n: z.int().nonnegative(), opens });
const compared = number.extend({ weekAgo: number, change: z.int() });
const lights = z.object({ red: number, yellow: number, green: number, grey: number });

/** Every number says which request lists exactly the rows it counts. */
export const dashboard = z.object({
  today: z.iso.date().describe('the day for which lights are shown'),
  headline: z.object({
    openTasks: compared,
    notAcknowledged: compared,
    overdue: compared,
    toVerify: compared,
  }),
  funnel: z.array(number.extend({ stage: z.enum(['issued', 'acknowledged', 'in-progress', 'submitted', 'verified']) })),
  units: z.array(z.object({ unitId: z.uuid(), unitName: z.string(), lights })).describe('shares that units owe, the reddest unit first'),
  guidelines: z.array(z.object({ guidelineId: z.uuid(), title: z.string(), number: z.string().nullable(), lights })),
  overdueByWeek: z.array(number.extend({ week: z.iso.date().nullable().describe('its Monday; null for all earlier weeks') })),
  notAcknowledged: z.array(number.extend({ unitId: z.uuid(), unitName: z.string(), late: number })),
  more: z
    .object({ units: z.int().nonnegative(), guidelines: z.int().nonnegative(), notAcknowledged: z.int().nonnegative() })
    .describe('how many are left out of each list'),
  asOf: z.object({ moment: z.iso.datetime(), position: z.string().nullable() }).nullable(),
});
export type Dashboard = z.infer<typeof dashboard>;
export type Number = z.infer<typeof number>;
export type Lights = z.infer<typeof lights>;
