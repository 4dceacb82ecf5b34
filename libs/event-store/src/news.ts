/**
 * Tells the followers of one adapter that the log has grown. Hearing of it wakes at once; whoever waits looks for themselves besides,
 * since what is heard may be lost. While nobody follows there is neither connection nor timer.
 */
export abstract class News {
  private count = 0;
  private readonly followers = new Set<() => void>();
  private readonly waiting = new Set<() => void>();
  private listening: AbortController | null = null;

  /** Grows whenever the log may have grown. */
  get heard() {
    return this.count;
  }

  /** Listens until `signal` aborts or the follower leaves, whichever comes first. Answers how to leave. */
  join(signal: AbortSignal): () => void {
    const leave = () => {
      signal.removeEventListener('abort', leave);
      if (!this.followers.delete(leave) || this.followers.size > 0) return;
      this.listening?.abort();
      this.listening = null;
    };
    if (signal.aborted) return leave;
    signal.addEventListener('abort', leave);
    this.followers.add(leave);
    if (!this.listening) {
      this.listening = new AbortController();
      void this.listen(this.listening.signal);
    }
    return leave;
  }

  close() {
    for (const leave of this.followers) leave();
  }

  /** Calls `ring` with everything that is heard, until `signal` aborts. Never rejects. */
  protected abstract listen(signal: AbortSignal): Promise<void>;

  protected ring() {
    this.count++;
    for (const wake of this.waiting) wake();
  }

  /** Settles when something is heard after `known`, when `signal` aborts, or by what `look` is given; it answers how to stop looking. */
  protected async wait(known: number, signal: AbortSignal, look: (wake: () => void) => () => void): Promise<void> {
    if (this.count !== known || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        stop();
        signal.removeEventListener('abort', wake);
        this.waiting.delete(wake);
        resolve();
      };
      const stop = look(wake);
      signal.addEventListener('abort', wake);
      this.waiting.add(wake);
    });
  }
}
