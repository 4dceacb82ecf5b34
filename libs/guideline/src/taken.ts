/** Stretches of a text that are spoken for. They must be added in order and must not overlap. */
export class Taken {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(stretches: readonly { start: number; end: number }[] = []) {
    for (const { start, end } of stretches.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
      if (start >= (this.#ends.at(-1) ?? 0)) {
        this.#starts.push(start);
        this.#ends.push(end);
      }
    }
  }

  /** Whether nothing in [start, end) is spoken for. */
  readonly free = (start: number, end: number): boolean => {
    let [low, high] = [0, this.#ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ends[middle]! <= start) low = middle + 1;
      else high = middle;
    }
    return low === this.#starts.length || this.#starts[low]! >= end;
  };
}
