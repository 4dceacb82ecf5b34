import { account, accountCommands } from './account.js';
import { assignment, assignmentCommands } from './assignment.js';
import { can, type Decider, decide, fold, Refused } from './decider.js';
import { guideline, guidelineCommands } from './guideline.js';
import { task, taskCommands } from './task.js';
import { at, auditor, supervisor } from './testing.js';
import { unit, unitCommands } from './unit.js';

type Count = { type: 'Count'; data: { by: number } } | { type: 'Break'; data: object };
type Counted = { type: 'Counted'; data: { by: number } };

const counter: Decider<number, Count, Counted> = {
  category: 'counter',
  initial: 0,
  rules: {
    Count: [
      (count) => {
        if (count >= 3) throw new Refused('conflict', 'counter.full', { count });
      },
    ],
    Break: [
      () => {
        throw new TypeError('a bug');
      },
    ],
  },
  decide: { Count: (_, data) => [{ type: 'Counted', data }], Break: () => [] },
  evolve: { Counted: (count, { by }, context) => count + (context.by === supervisor ? by : 0) },
};
const context = { by: supervisor, at };
const counted = (by: number): Counted & typeof context => ({ type: 'Counted', data: { by }, ...context });

describe('an aggregate', () => {
  it('is folded from its facts, each with who recorded it', () => {
    expect(fold(counter, [counted(1), { ...counted(5), by: auditor }, counted(2)])).toBe(3);
  });

  it('asks its rules before it decides', () => {
    expect(decide(counter, 2, { type: 'Count', data: { by: 1 } }, context)).toEqual([{ type: 'Counted', data: { by: 1 } }]);
    expect(() => decide(counter, 3, { type: 'Count', data: { by: 1 } }, context)).toThrow(
      expect.objectContaining({ kind: 'conflict', code: 'counter.full', message: 'counter.full', details: { count: 3 } }),
    );
  });

  it('can what its rules do not refuse, unless it only follows from other acts', () => {
    const sound: Decider<number, Count, Counted> = { ...counter, rules: { ...counter.rules, Break: [] } };
    expect(can(sound, 2, context)).toEqual(['Count', 'Break']);
    expect(can(sound, 3, context)).toEqual(['Break']);
    const breaking: typeof sound = { ...sound, consequences: ['Break'] };
    expect(can(breaking, 2, context)).toEqual(['Count']);
  });

  it('does not take a bug for a refusal', () => {
    expect(() => can(counter, 0, context)).toThrow('a bug');
  });
});

it.each([
  ['guideline', guideline, guidelineCommands],
  ['task', task, taskCommands],
  ['assignment', assignment, assignmentCommands],
  ['unit', unit, unitCommands],
  ['account', account, accountCommands],
])('%s has rules and a decision for every command it can be asked', (category, decider, commands) => {
  expect(decider.category).toBe(category);
  expect(Object.keys(decider.rules).toSorted()).toEqual(Object.keys(commands).toSorted());
  expect(Object.keys(decider.decide).toSorted()).toEqual(Object.keys(commands).toSorted());
});
