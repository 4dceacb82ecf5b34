import type { EntityTarget } from 'typeorm';
import type { Context } from '@app/domain/actor.js';
import type { Decider, Message } from '@app/domain/decider.js';
import type { Recorded } from '@app/event-store/event-store.js';

/** Which rows an event changes: the one with this id, or all that carry this task. */
export type Target = Readonly<{ id: string } | { taskId: string }>;

/**
 * A view is a fold per row: for each event, which rows it changes and how. Pure: it may not read a clock, draw an id or look anything up.
 * The events it listens to are exactly the keys of `on`. A fold that answers null removes the row; one that meets `undefined` makes it
 * (an event for all rows of a task meets only rows that exist).
 */
export interface View<Row extends { id: string }, Event extends Message> {
  readonly name: string;
  readonly entity: EntityTarget<Row>;
  readonly target: (event: Recorded<Event>) => Target;
  readonly on: { readonly [T in Event['type']]?: (row: Row | undefined, event: Recorded<Extract<Event, { type: T }>>) => Row | null };
  /** Every event makes a row of its own, so there is nothing to load before. */
  readonly appendOnly?: true;
  /** What to count the row under; the runner keeps the counters in step with the rows. */
  readonly tally?: (row: Row) => readonly string[];
}

/** What every row that follows a stream carries: how far, and since when. */
type Followed = { revision: number; changedAt: Date };

/**
 * Folds a row that is at the same time its aggregate's state: by the decider's own `evolve`, then by `more`, which adds what only a screen
 * needs. A stream's first event is not for this; it makes the row.
 */
export const following =
  <Row extends State & Followed, State, C extends Message, E extends Message, X extends Context>(
    { category, evolve }: Decider<State, C, E, X>,
    settle: (row: Row) => Row = (row) => row,
  ) =>
  <T extends E['type']>(more: (row: Row, event: Recorded<Extract<E, { type: T }>>) => Partial<Row> = () => ({})) =>
  (row: Row | undefined, event: Recorded<Extract<E, { type: T }>>): Row => {
    if (!row) throw new Error(`${event.type} in ${event.stream}, but no ${category} row to change`);
    const state = evolve[event.type as T](row, event.data as never, event);
    return settle({ ...row, ...state, ...more(row, event), revision: Number(event.revision), changedAt: event.at });
  };

/** A view of whatever rows and events: what the runner handles. */
// Row and Event stand in argument position, so no narrower type holds every view.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyView = View<any, any>;

export type Change<Row extends { id: string }> = Readonly<{ before: Map<string, Row>; after: Map<string, Row> }>;

/** The rows after the events; `before` must hold every row that the events touch. Pure, so a view is tested without a database. */
export function foldRows<Row extends { id: string }, E extends Message>(
  { target, on }: View<Row, E>,
  before: Iterable<Row>,
  events: readonly Recorded[],
): Change<Row> {
  const known = new Map([...before].map((row) => [row.id, row]));
  const after = new Map(known);
  for (const event of events as readonly Recorded<E>[]) {
    const change = on[event.type as E['type']];
    if (!change) continue;
    const where = target(event);
    const ids =
      'id' in where ? [where.id] : [...after.values()].filter((row) => 'taskId' in row && row.taskId === where.taskId).map(({ id }) => id);
    for (const id of ids) {
      const row = change(after.get(id), event as never);
      if (row) after.set(id, row);
      else after.delete(id);
    }
  }
  return { before: known, after };
}

/** How the counters move when the rows move. */
export function tallyChanges<Row extends { id: string }>(
  tally: (row: Row) => readonly string[],
  { before, after }: Change<Row>,
): Map<string, number> {
  const deltas = new Map<string, number>();
  const count = (row: Row, by: number) => {
    for (const key of tally(row)) deltas.set(key, (deltas.get(key) ?? 0) + by);
  };
  for (const [id, row] of before) if (after.get(id) !== row) count(row, -1);
  for (const [id, row] of after) if (before.get(id) !== row) count(row, 1);
  return new Map([...deltas].filter(([, n]) => n !== 0));
}
