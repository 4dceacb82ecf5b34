import { appending, sharedAppending } from './contract-append.js';
import { executing } from './contract-execute.js';
import { failing } from './contract-fail.js';
import { following, sharedFollowing } from './contract-follow.js';
import type { Faculty, Given, Subject } from './contract-given.js';
import { reading, sharedReading } from './contract-read.js';
import { closing } from './contract-close.js';
import type { EventStore } from './event-store.js';

/** What every event store does. The tests of an adapter call this once. */
export function eventStoreContract(name: string, start: () => Promise<Subject>, faculties: readonly Faculty[] = []) {
  describe(`${name} keeps the contract of event stores`, () => {
    const opened: EventStore[] = [];
    let subject: Subject;
    const given: Given = {
      get store() {
        return opened[0]!;
      },
      get subject() {
        return subject;
      },
      borrow: (store) => {
        opened.push(store);
        return store;
      },
    };

    beforeAll(async () => {
      subject = await start();
      given.borrow(subject.open());
    });

    afterAll(async () => {
      await Promise.all(opened.map((store) => store.close()));
      await subject?.end?.();
    });

    describe('appending', () => appending(given));
    describe('reading', () => reading(given));
    describe('following', () => following(given));
    describe('executing a command', () => executing(given));
    describe('closing', () => closing(given));

    const shared = faculties.includes('shared') ? describe : describe.skip;
    shared('two adapters on one log', () => {
      sharedAppending(given);
      sharedReading(given);
      sharedFollowing(given);
    });

    const line = faculties.includes('line') ? describe : describe.skip;
    line('a line that fails', () => failing(given));
  });
}
