import { createHash } from 'node:crypto';
import { type EventStore, type NewEvent, type Position, type Recorded, StreamMoved } from './event-store.js';
import { MAX_APPEND_BYTES } from './validate-append.js';

/** Why a copy cannot be made: the target holds something else, the source lost events, or it grew meanwhile. */
export class NotACopy extends Error {
  constructor(
    readonly why: 'target-differs' | 'target-longer' | 'source-gap' | 'source-grew' | 'hash-differs',
    readonly details: Readonly<Record<string, string | number>> = {},
  ) {
    super(`${why}: ${JSON.stringify(details)}`);
  }
}

export type Copied = Readonly<{ events: number; before: number; hash: string }>;
/** `compared`: events of an earlier copy that are there already; then `copied`; then `verified`, on both sides. */
export type Step = 'compared' | 'copied' | 'verified';
type OnProgress = (step: Step, events: number) => void;

const PAGE = 1_000;

/**
 * Copies every event of a store in the order of its log: ids, streams, revisions, actors, times and commands are the same, positions are
 * the target's own. It may end anywhere and be called again: what is there is compared first, and the rest follows. Answers when both
 * stores, read anew, give the same hash; throws `NotACopy`, and then the target is of use only to another call.
 */
export async function copyStore(source: EventStore, target: EventStore, onProgress: OnProgress = () => undefined): Promise<Copied> {
  const { events: before, last } = await compare(source, target, onProgress);
  let [events, position] = [before, last];
  for (let page = await source.readAll(position, PAGE); page.length > 0; page = await source.readAll(position, PAGE)) {
    await appendAgain(page, target, (more) => onProgress('copied', (events += more)));
    position = page.at(-1)!.position;
  }

  const ours = await digest(source, events, (read) => onProgress('verified', read));
  const theirs = await digest(target, Infinity, (read) => onProgress('verified', events + read));
  if (theirs.events !== events || theirs.hash !== ours.hash)
    throw new NotACopy('hash-differs', { source: `${ours.events} ${ours.hash}`, target: `${theirs.events} ${theirs.hash}` });
  const more = await source.readAll(position, 1);
  if (more.length > 0) throw new NotACopy('source-grew', { events });
  return { events, before, hash: ours.hash };
}

/** How many events both have alike, from the first on, and where the last of them is in the source. */
async function compare(source: EventStore, target: EventStore, onProgress: OnProgress) {
  let [events, last, reached]: [number, Position | null, Position | null] = [0, null, null];
  for (let page = await target.readAll(null, PAGE); page.length > 0; page = await target.readAll(reached, PAGE)) {
    const same = await source.readAll(last, page.length);
    for (const [n, event] of page.entries()) {
      if (!same[n]) throw new NotACopy('target-longer', { events: events + n });
      if (canonical(event) !== canonical(same[n])) throw new NotACopy('target-differs', { event: events + n + 1, stream: event.stream });
    }
    [last, reached] = [same.at(-1)!.position, page.at(-1)!.position];
    onProgress('compared', (events += page.length));
  }
  return { events, last };
}

/** Appends events as they were recorded elsewhere, one after the other; what is there already is met by its ids. Throws `NotACopy`. */
export async function appendAgain(page: readonly Recorded[], target: EventStore, onAppended: (events: number) => void): Promise<void> {
  for (const group of together(page)) {
    await append(target, group);
    onAppended(group.length);
  }
}

/** Neighbours of one stream that one command recorded were appended together, and are again, as far as they fit. */
function* together(page: readonly Recorded[]): Generator<readonly Recorded[]> {
  let group: Recorded[] = [];
  let bytes = 0;
  for (const event of page) {
    const before = group.at(-1);
    const more = canonical(event).length * 3;
    const joins =
      before?.stream === event.stream &&
      before.revision + 1n === event.revision &&
      JSON.stringify(envelopeOf(before)) === JSON.stringify(envelopeOf(event)) &&
      bytes + more < MAX_APPEND_BYTES / 2;
    if (!joins && group.length > 0) {
      yield group;
      [group, bytes] = [[], 0];
    }
    group.push(event);
    bytes += more;
  }
  if (group.length > 0) yield group;
}

async function append(target: EventStore, group: readonly Recorded[]) {
  const [{ stream, revision }] = group as [Recorded];
  const list: NewEvent[] = group.map(({ id, type, data }) => ({ id, type, data }));
  try {
    await target.append(stream, list, revision - 1n, envelopeOf(group[0]!), { timeoutMs: 60_000 });
  } catch (error) {
    // The target was compared, so what is missing there is missing here.
    if (error instanceof StreamMoved) throw new NotACopy('source-gap', { stream, revision: String(revision) });
    throw error;
  }
}

/** The sha256 of what each event is, in the order of the log. */
export async function digest(
  store: EventStore,
  most: number,
  onProgress: (events: number) => void,
): Promise<{ events: number; hash: string }> {
  const hash = createHash('sha256');
  let [events, last]: [number, Position | null] = [0, null];
  while (events < most) {
    const page: Recorded[] = await store.readAll(last, Math.min(PAGE, most - events));
    for (const event of page) hash.update(canonical(event)).update('\n');
    last = page.at(-1)?.position ?? last;
    onProgress((events += page.length));
    if (page.length === 0) break;
  }
  return { events, hash: hash.digest('hex') };
}

const envelopeOf = ({ by, at, commandId }: Recorded) => ({ by, at, commandId });

/** All that an event is, besides its position. */
export const canonical = ({ stream, revision, id, type, data, by, at, commandId }: Recorded) =>
  JSON.stringify([stream, String(revision), id, type, data, by, at, commandId]);
