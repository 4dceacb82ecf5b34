/** One event as the stand-in keeps it; its place in the log is a multiple of 100, as the real places are no plain numbering either. */
export type Kept = Readonly<{
  stream: string;
  revision: bigint;
  place: bigint;
  id: string;
  metadata: readonly (readonly [string, string])[];
  custom: Uint8Array;
  data: Uint8Array;
}>;

export type Proposed = Pick<Kept, 'id' | 'metadata' | 'custom' | 'data'>;

const NO_STREAM = -1n;
const GAP = 100n;

/** The log behind the stand-in, with the server's rules for expected revisions and repetitions. */
export class StandInLog {
  readonly all: Kept[] = [];
  private readonly streams = new Map<string, Kept[]>();
  private readonly listeners = new Set<(event: Kept) => void>();

  stream(name: string): readonly Kept[] {
    return this.streams.get(name) ?? [];
  }

  /** The last event written, also when that was at an earlier time; or the revision the stream is really at. */
  append(stream: string, expected: bigint, events: readonly Proposed[]): Kept | bigint {
    const kept = this.streams.get(stream) ?? [];
    const actual = BigInt(kept.length) - 1n;
    if (actual !== expected) {
      const there = kept.slice(Number(expected) + 1, Number(expected) + 1 + events.length);
      const same = expected < actual && expected >= NO_STREAM && events.every(({ id }, n) => there[n]?.id === id);
      return same ? there.at(-1)! : actual;
    }
    for (const [n, event] of events.entries()) {
      const one = { ...event, stream, revision: expected + 1n + BigInt(n), place: BigInt(this.all.length + 1) * GAP };
      kept.push(one);
      this.all.push(one);
    }
    this.streams.set(stream, kept);
    for (const one of kept.slice(-events.length)) for (const listener of this.listeners) listener(one);
    return kept.at(-1)!;
  }

  listen(listener: (event: Kept) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
