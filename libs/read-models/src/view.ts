import type { EntityTarget } from 'typeorm';
import type { Context } from '@app/domain/actor.js';
import type { Decider, Message } from '@app/domain/decider.js';
import type { Position, Recorded } from '@app/event-store/event-store.js';

/** Which rows an event changes: the one with this id, or all that carry this task. */
export type Target = Readonly<{ id: string } | { taskId: string }>;

/**
 * A view is a fold per row: for each event, which rows it changes and how. Pure: it may not read a clock, draw an id or look anything up.
 * The events it listens to are exactly the keys of `on`. A fold that meets `undefined` makes the row (an event for all rows of a task meets
 * only rows that exist); no row ever goes away.
 */
export interface View<Row extends { id: string }, Event extends Message> {
  readonly name: string;
  /** Goes up whenever other columns or other folds make other rows of the same events: the view is then built anew beside the old one. */
  readonly version: number;
  readonly entity: EntityTarget<Row>;
  readonly target: (event: Recorded<Event>) => Target;
  readonly on: { readonly [T in Event['type']]?: (row: Row | undefined, event: Recorded<Extract<Event, { type: T }>>) => Row };
  /** Every event makes a row of its own, so there is nothing to load before. */
  readonly appendOnly?: true;
  /** Every version of a row is kept too, in `<table>_version`, so that the view can be asked as of any position. */
  readonly versioned?: true;
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
    settle: (row: Row) => Partial<Row> = () => ({}),
  ) =>
  <T extends E['type']>(more: (row: Row, event: Recorded<Extract<E, { type: T }>>) => Partial<Row> = () => ({})) =>
  (row: Row | undefined, event: Recorded<Extract<E, { type: T }>>): Row => {
    if (!row) throw new Error(`${event.type} in ${event.stream}, but no ${category} row to change`);
    // What a row has besides the state goes through: `evolve` changes what it is given.
    const changed = evolve[event.type as T](row, event.data as never, event) as State & Row;
    const next = { ...changed, ...more(row, event), revision: Number(event.revision), changedAt: event.at };
    return Object.assign(next, settle(next));
  };

/** A view of whatever rows and events: what the runner handles. */
// Row and Event stand in argument position, so no narrower type holds every view.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyView = View<any, any>;

/** A row as it was from the event at `from` on. */
export type Version<Row> = Readonly<{ row: Row; from: Position }>;

export type Change<Row extends { id: string }> = Readonly<{ before: Map<string, Row>; after: Map<string, Row>; versions: Version<Row>[] }>;

/** Which rows have to be at hand to fold the events. */
export function targetsOf({ target }: AnyView, events: readonly Recorded[]): { ids: Set<string>; taskIds: Set<string> } {
  const ids = new Set<string>();
  const taskIds = new Set<string>();
  for (const event of events) {
    const where = target(event);
    if ('id' in where) ids.add(where.id);
    else taskIds.add(where.taskId);
  }
  return { ids, taskIds };
}

/** The rows after the events, and each of their versions on the way. Pure, so a view is tested without a database. */
export function foldRows<Row extends { id: string }, E extends Message>(
  { target, on }: View<Row, E>,
  /** Every row that the events touch. */
  before: Iterable<Row>,
  events: readonly Recorded[],
): Change<Row> {
  const known = new Map([...before].map((row) => [row.id, row]));
  const after = new Map(known);
  const byTask = new RowsByTask();
  for (const row of known.values()) byTask.move(undefined, row);
  const versions: Version<Row>[] = [];
  for (const event of events as readonly Recorded<E>[]) {
    const change = on[event.type as E['type']];
    if (!change) continue;
    const where = target(event);
    for (const id of 'id' in where ? [where.id] : byTask.ids(where.taskId)) {
      const old = after.get(id);
      const row = change(old, event as never);
      if (row === old) continue;
      after.set(id, row);
      byTask.move(old, row);
      versions.push({ row, from: event.position });
    }
  }
  return { before: known, after, versions };
}

/** Finds rows by the task that they carry, if they carry one. */
export class RowsByTask {
  private readonly known = new Map<string, Set<string>>();

  ids(taskId: string): string[] {
    return [...(this.known.get(taskId) ?? [])];
  }

  /** The row came, changed, or is known no more. */
  move(old: { id: string; taskId?: string } | undefined, row: { id: string; taskId?: string } | undefined): void {
    if (old?.taskId === row?.taskId) return;
    if (old?.taskId) {
      const ids = this.known.get(old.taskId)!;
      ids.delete(old.id);
      if (ids.size === 0) this.known.delete(old.taskId);
    }
    if (row?.taskId) {
      const ids = this.known.get(row.taskId);
      if (ids) ids.add(row.id);
      else this.known.set(row.taskId, new Set([row.id]));
    }
  }
}

/** How the counters move when the rows move. */
export function tallyChanges<Row extends { id: string }>(
  tally: (row: Row) => readonly string[],
  { before, after }: Pick<Change<Row>, 'before' | 'after'>,
): Map<string, number> {
  const deltas = new Map<string, number>();
  const count = (row: Row, by: number) => {
    for (const key of tally(row)) deltas.set(key, (deltas.get(key) ?? 0) + by);
  };
  for (const [id, row] of before) if (after.get(id) !== row) count(row, -1);
  for (const [id, row] of after) if (before.get(id) !== row) count(row, 1);
  return new Map([...deltas].filter(([, n]) => n !== 0));
}
