import type { z } from 'zod';
import type { Context } from './actor.js';

/** A fact or a request: a name and its data. */
export type Message<Type extends string = string, Data = unknown> = Readonly<{ type: Type; data: Readonly<Data> }>;

/** Turns a record of schemas into the union of the messages they describe. */
export type MessagesOf<Schemas extends Record<string, z.ZodType>> = {
  [Type in keyof Schemas & string]: Message<Type, z.infer<Schemas[Type]>>;
}[keyof Schemas & string];

export type DataOf<M extends Message, Type extends M['type']> = Extract<M, { type: Type }>['data'];

/** Throws `Refused` when it does not hold. */
export type Rule<State, Ctx> = (state: State, context: Ctx) => void;

/**
 * An aggregate: where it starts, who may ask what of it and when, what it agrees to, and how facts change it.
 * `rules` say no without looking at the request's data, so that a screen can ask them beforehand (`can`).
 */
export interface Decider<State, Command extends Message, Event extends Message, Ctx extends Context = Context> {
  readonly category: string;
  readonly initial: State;
  /** Commands that follow from what was done elsewhere: nobody asks for them, so `can` names none of them. */
  readonly consequences?: readonly Command['type'][];
  readonly rules: { readonly [T in Command['type']]: readonly Rule<State, Ctx>[] };
  readonly decide: { readonly [T in Command['type']]: (state: State, data: DataOf<Command, T>, context: Ctx) => Event[] };
  readonly evolve: { readonly [T in Event['type']]: (state: State, data: DataOf<Event, T>, context: Context) => State };
}

/**
 * The domain's one way to say no. `code` (`noun.reason`) is the key of the sentence in both languages;
 * `details` fill it in.
 */
export class Refused extends Error {
  constructor(
    readonly kind: 'forbidden' | 'missing' | 'conflict' | 'invalid',
    readonly code: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    // A refusal is an answer, not a mistake in the program: nobody reads its stack, and collecting it is most of what it costs.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(code);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** A fact that only a newer version can have recorded. Whoever goes on without it decides on half the truth, or never takes it in. */
export class UnknownFact extends Error {
  constructor(type: string) {
    super(`this version does not know ${type}: it was recorded by a newer one`);
  }
}

export const fold = <S, C extends Message, E extends Message, X extends Context>(
  { initial, evolve }: Decider<S, C, E, X>,
  events: readonly (E & Context)[],
) =>
  events.reduce<S>((state, event) => {
    if (!Object.hasOwn(evolve, event.type)) throw new UnknownFact(event.type);
    return evolve[event.type as E['type']](state, event.data as never, event);
  }, initial);

/** What the state answers to the command: new events, none when there is nothing to record, or `Refused`. */
export function decide<S, C extends Message, E extends Message, X extends Context>(
  decider: Decider<S, C, E, X>,
  state: S,
  { type, data }: C,
  context: X,
): E[] {
  for (const rule of decider.rules[type as C['type']]) rule(state, context);
  return decider.decide[type as C['type']](state, data as never, context);
}

/** The commands this actor may ask of this state now: the same rules that accept them. */
export const can = <S, C extends Message, E extends Message, X extends Context>(
  { rules, consequences = [] }: Decider<S, C, E, X>,
  state: S,
  context: X,
) =>
  (Object.keys(rules) as C['type'][]).filter(
    (type) => !consequences.includes(type) && rules[type].every((rule) => holds(rule, state, context)),
  );

function holds<S, X>(rule: Rule<S, X>, state: S, context: X): boolean {
  try {
    rule(state, context);
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}
