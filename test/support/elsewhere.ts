import { cornerOn } from '../../apps/cli/src/corner.js';
import type { Settings } from './program.js';

/** EVENT_STORE_URL and QUEUE_URL of the run: servers that are not the specs' own, and that they share. */
const given = { eventStoreUrl: process.env['EVENT_STORE_URL'], queueUrl: process.env['QUEUE_URL'] };

/** A corner of them for one spec. */
export const aCorner = () => cornerOn(given);

/** For specs that speak of PostgreSQL's own places in the log: their events are with the database wherever those of others are. */
export const noCorner = () => cornerOn({});

/** For specs that stop the server of the events: not one that is somebody else's. Says why they are left out. */
export const whereEventsAreOurs: typeof describe = given.eventStoreUrl
  ? (Object.assign((name: string, specs: () => void) => {
      process.stdout.write(`left out, because EVENT_STORE_URL names a server that is not stopped here: ${name}\n`);
      describe.skip(name, specs);
    }, describe) as typeof describe)
  : describe;

/** As the environment of a process has it. */
export const settingsOf = ({ eventStoreUrl, queueUrl }: { eventStoreUrl?: string; queueUrl?: string }): Settings => ({
  ...(eventStoreUrl ? { EVENT_STORE_URL: eventStoreUrl } : {}),
  ...(queueUrl ? { QUEUE_URL: queueUrl } : {}),
});
