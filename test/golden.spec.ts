import { readFileSync } from 'node:fs';
import type { Recorded } from '@app/event-store/event-store.js';
import { rebuild } from '@app/read-models/build.js';
import { VIEWS } from '@app/read-models/views.js';
import { noCorner } from './support/elsewhere.js';
import { Stack } from './support/stack.js';
import type { Share, Visitor } from './support/visitor.js';

/**
 * What the product recorded from March 2024 to January 2025, and what it answered as of moments of that time. Neither file is ever changed:
 * an answer may gain members, but what it said of the past it says for good.
 */
const FOLDER = new URL('./golden/', import.meta.url);
const LOG = readFileSync(new URL('events.jsonl', FOLDER), 'utf8')
  .trimEnd()
  .split('\n')
  .map(
    (line) =>
      JSON.parse(line, (key, value) => (key === 'at' ? new Date(value as string) : value)) as Omit<Recorded, 'revision'> & {
        revision: number;
      },
  )
  .map((event) => ({ ...event, revision: BigInt(event.revision) }));
type Answers = Record<string, Record<string, object>>;
const ANSWERS = JSON.parse(readFileSync(new URL('answers.json', FOLDER), 'utf8')) as Answers;

let stack: Stack;
let supervisor: Visitor;
beforeAll(async () => {
  stack = await Stack.start(undefined, LOG, noCorner);
  supervisor = await stack.person('ducha');
});
afterAll(() => stack?.stop());

async function answered(): Promise<Answers> {
  const answers: Answers = {};
  for (const [moment, asked] of Object.entries(ANSWERS)) {
    answers[moment] = {};
    for (const path of Object.keys(asked)) {
      const answer = supervisor.get<object>(`${path}${path.includes('?') ? '&' : '?'}asOf=${encodeURIComponent(moment)}`);
      answers[moment][path] = (await answer).body;
    }
  }
  return answers;
}

describe('what was answered as of a moment of the past', () => {
  it('is answered by this version too', async () => {
    expect(await answered()).toMatchObject(ANSWERS);
  });

  it('is answered after everybody has gone on working', async () => {
    const open = await stack.all<Share>(supervisor, '/assignments?owed=true');
    expect(open.length).toBeGreaterThan(0);
    for (const { id, unitId } of open) await supervisor.must(supervisor.put(`/assignments/${id}/acknowledgement?onBehalfOf=${unitId}`));
    await supervisor.must(supervisor.put(`/units/${open[0]!.unitId}/name`, { name: '后来的名称' }));
    await stack.issueGuideline(supervisor);
    expect(await answered()).toMatchObject(ANSWERS);
  });

  it('is answered after every view was folded again', async () => {
    for (const view of VIEWS) await rebuild(stack.store, stack.db, view);
    expect(await answered()).toMatchObject(ANSWERS);
  });
});
