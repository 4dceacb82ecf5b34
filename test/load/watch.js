import { DataSource } from 'typeorm';
import { ViewProgress } from '../../dist/libs/read-models/src/progress.js';
import { summary, until } from '../bench/measure.js';

/** How long it takes from a command until every view shows it. */
export class Watch {
  #waiting = new Map();
  #durations = [];
  #expected = 0;
  #asking = false;

  constructor(app) {
    this.db = app.get(DataSource);
    this.listening = app.get(ViewProgress).notices.subscribe(() => void this.#look());
  }

  /** `due`: when the command should have been sent. */
  expect(position, due) {
    this.#expected++;
    this.#waiting.set(position, due);
    void this.#look();
  }

  /** One question at a time: a notice that comes meanwhile is answered by the next. */
  async #look() {
    if (this.#asking || this.#waiting.size === 0) return;
    this.#asking = true;
    try {
      const [{ reached }] = await this.db.query('select min(position) as reached from app.checkpoint');
      for (const [position, due] of this.#waiting)
        if (position <= reached) {
          this.#waiting.delete(position);
          this.#durations.push(performance.now() - due);
        }
    } finally {
      this.#asking = false;
    }
  }

  /** Counts from here on, once all until now is seen. */
  async begin(graceMs) {
    await this.#allSeen(graceMs);
    this.#durations = [];
    this.#expected = this.#waiting.size;
  }

  async #allSeen(graceMs) {
    const all = async () => {
      await this.#look();
      return this.#waiting.size === 0;
    };
    await until(all, 'every view shows every command', graceMs).catch(() => {});
  }

  async end(seconds, graceMs) {
    await this.#allSeen(graceMs);
    this.listening.unsubscribe();
    return { ...summary(this.#durations, seconds), missing: this.#expected - this.#durations.length };
  }
}
