import { type Position, StoreError } from './event-store.js';

const DIGITS = 20;

/** The positions of a store whose log is simply numbered from 1, under the store's mark (`p1`, `m1`). */
export class Numbering {
  private readonly form: RegExp;

  constructor(readonly mark: string) {
    this.form = new RegExp(`^${mark}:\\d{${DIGITS}}$`);
  }

  position(number: bigint | string): Position {
    return `${this.mark}:${String(number).padStart(DIGITS, '0')}`;
  }

  /** The number of a position of this store, 0 for null; `invalid-position` for anything else. */
  number(position: Position | null): bigint {
    if (position === null) return 0n;
    const number = this.form.test(position) ? BigInt(position.slice(this.mark.length + 1)) : MAX_BIGINT + 1n;
    if (number > MAX_BIGINT) throw new StoreError('invalid-position', `not a position of this store: ${position}`);
    return number;
  }
}

const MAX_BIGINT = 2n ** 63n - 1n;
