import { isDeepStrictEqual } from 'node:util';
import type { Context } from './actor.js';
import { can, type Decider, decide, fold, type Message, Refused } from './decider.js';

/**
 * One command in a story: the state before and after, whether `can` named it, the answer (events, or the code of the refusal),
 * and everything recorded so far.
 */
export type Step<S, C extends Message, E extends Message, X extends Context> = Readonly<{
  before: S;
  state: S;
  command: C;
  context: X;
  named: boolean;
  answer: E[] | string;
  events: readonly (E & Context)[];
  history: readonly (E & Context)[];
}>;

export type Promises<S, C extends Message, E extends Message, X extends Context> = Record<string, (step: Step<S, C, E, X>) => boolean>;

/** Nothing may write into what was recorded: an attempt throws. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

export function attempt<S, C extends Message, E extends Message, X extends Context>(
  decider: Decider<S, C, E, X>,
  state: S,
  command: C,
  context: X,
): E[] | string {
  try {
    return decide(decider, state, command, context);
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
}

/** Tells a story from the beginning, step by step. */
export function* told<S, C extends Message, E extends Message, X extends Context>(
  decider: Decider<S, C, E, X>,
  steps: readonly (readonly [C, X])[],
): Generator<Step<S, C, E, X>> {
  let history: readonly (E & Context)[] = [];
  let before = frozen(decider.initial);
  for (const [command, context] of steps) {
    // Of this one command only: `can` refuses most of the others, and thousands of refusals that nobody reads take seconds.
    const rules = { [command.type]: decider.rules[command.type as C['type']] } as typeof decider.rules;
    const named = can({ ...decider, rules, consequences: [] }, before, context).length === 1;
    const answer = attempt(decider, before, command, context);
    const events = typeof answer === 'string' ? [] : answer.map((event) => frozen({ ...event, by: context.by, at: context.at }));
    const state = frozen(fold<S, C, E, X>({ ...decider, initial: before }, events));
    history = [...history, ...events];
    yield { before, state, command, context, named, answer, events, history };
    before = state;
  }
}

/** The sentences that some step of the story makes false. */
export function broken<S, C extends Message, E extends Message, X extends Context>(
  decider: Decider<S, C, E, X>,
  steps: readonly (readonly [C, X])[],
  promises: Promises<S, C, E, X>,
): string[] {
  const sentences = new Set<string>();
  for (const step of told(decider, steps))
    for (const [sentence, holds] of Object.entries(promises)) if (!holds(step)) sentences.add(sentence);
  return [...sentences];
}

/**
 * What every aggregate promises. `addsOne`: commands that record something each time.
 * `inItsData`: what a command that `can` named may still be refused for, because of its own data.
 */
export const everyDecider = <S, C extends Message, E extends Message, X extends Context>(
  decider: Decider<S, C, E, X>,
  addsOne: readonly C['type'][],
  inItsData: Partial<Record<C['type'], readonly string[]>>,
): Promises<S, C, E, X> => ({
  'its state is the fold of its history, at once or event by event': ({ state, history }) =>
    isDeepStrictEqual(fold(decider, history), state),
  'a command that `can` leaves out is refused': ({ named, answer }) => named || typeof answer === 'string',
  'a command that `can` names is refused only for its data': ({ named, command, answer }) =>
    !named || typeof answer !== 'string' || (inItsData[command.type as C['type']] ?? []).includes(answer),
  'the same command again succeeds and records nothing': ({ state, command, context, answer }) =>
    typeof answer === 'string' || addsOne.includes(command.type) || isDeepStrictEqual(attempt(decider, state, command, context), []),
});
