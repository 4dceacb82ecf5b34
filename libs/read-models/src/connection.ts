import pg from 'pg';

/** Longer than the server gives any statement: a reply that is not there by then is not coming. */
export const SILENCE_MS = 32_000;

const SILENT = 'Query read timeout';

/** From so many uses on, a statement is planned by the server once for all: planning takes longer than running most of ours. */
const PLANNED_FROM = 3;
/** Each plan lies in the memory of the server's process, and statements may be put together in any number of ways. */
const MOST_PLANNED = 200;
const MOST_KNOWN = 1_000;
/** "Cached plan must not change result type": a build has put tables with other columns in place. */
export const PLAN_IS_STALE = '0A000';

type Asked = [text: string, values: unknown[]];
const isPlannable = (asked: unknown[]): asked is Asked =>
  asked.length === 2 && typeof asked[0] === 'string' && Array.isArray(asked[1]) && asked[1].length > 0;

/**
 * A connection of a pool, which may break or fall silent at any moment. A break between two borrowers finds no listener but this one, and
 * would end the process. Where a statement is left without a reply the connection is ended: all that is asked later would wait behind it.
 */
export class Connection extends pg.Client {
  private readonly uses = new Map<string, number>();
  private readonly plans = new Map<string, string>();
  private planned = 0;

  constructor(settings?: string | pg.ClientConfig) {
    super(settings);
    this.on('error', () => {});
    const ask = this.query.bind(this) as (...asked: unknown[]) => unknown;
    const planned = async (name: string, text: string, values: unknown[]) => {
      try {
        return await ask({ name, text, values });
      } catch (error) {
        if ((error as { code?: string }).code !== PLAN_IS_STALE) throw error;
        this.plans.delete(text);
        // Inside a transaction nothing more is answered; whoever began it begins it again.
        if (this.getTransactionStatus() !== 'I') throw error;
        return ask(text, values);
      }
    };
    this.query = ((...asked: unknown[]) => {
      const name = isPlannable(asked) ? this.planOf(asked[0]) : undefined;
      const answer = name ? planned(name, ...(asked as Asked)) : ask(...asked);
      if (answer instanceof Promise) answer.catch((error: Error) => (error.message === SILENT ? this.end() : undefined));
      return answer;
    }) as typeof this.query;
  }

  /** The name under which the server keeps the statement's plan, once it is asked often. */
  private planOf(text: string): string | undefined {
    const known = this.plans.get(text);
    if (known) return known;
    const uses = (this.uses.get(text) ?? 0) + 1;
    if (uses > 1 || this.uses.size < MOST_KNOWN) this.uses.set(text, uses);
    if (uses < PLANNED_FROM || this.planned >= MOST_PLANNED) return undefined;
    const name = `duban ${++this.planned}`;
    this.plans.set(text, name);
    return name;
  }
}
