import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { idFrom } from '@app/domain/ids.js';
import { eventually, PATIENCE_MS } from './eventually.js';
import { Ledger, type Place } from './ledger.js';
import type { Page, Problem, Share, Visitor } from './visitor.js';

export type Command = Readonly<{ key: string; path: string; body: object; records: string }>;

/**
 * Commands on the shares of one supervisor, and a ledger of what was answered. Of these acts a second one would be recorded again: nothing
 * but the key tells the repetition.
 */
export class Load {
  readonly ledger = new Ledger();
  private readonly name = randomUUID();
  private readonly commands = new Map<string, Command>();
  private running: Promise<unknown> | undefined;
  private stopped = false;

  constructor(
    private readonly by: Visitor,
    readonly shares: readonly Share[],
    private readonly atOnce = 16,
  ) {}

  /** So many commands that were not sent before. */
  next(count: number): Command[] {
    return Array.from({ length: count }, () => {
      const n = this.commands.size;
      const command = this.command(n, `${this.name}-${n}`);
      this.commands.set(command.key, command);
      return command;
    });
  }

  private command(n: number, key: string): Command {
    const { id, taskId, unitId, role } = this.shares[(n * 7) % this.shares.length]!;
    if (n % 3 === 0) return { key, path: `/tasks/${taskId}/comments`, body: { text: key }, records: 'CommentAdded' };
    const leads = role === 'lead' || role === 'responsible';
    return {
      key,
      path: `/assignments/${id}/${leads ? 'reports' : 'supports'}?onBehalfOf=${unitId}`,
      body: { done: key },
      records: leads ? 'ProgressReported' : 'SupportRecorded',
    };
  }

  /** Sends those that are not acknowledged yet, several at once, until all were sent or `enough` says so. */
  async send(commands: Iterable<Command>, enough: () => boolean = () => false): Promise<void> {
    const waiting = [...commands].filter(({ key }) => !this.ledger.acknowledged.has(key));
    const sender = async () => {
      for (let command = waiting.shift(); command && !enough(); command = waiting.shift()) await this.sendOne(command);
    };
    await Promise.all(Array.from({ length: this.atOnce }, sender));
  }

  /** Sends until `stop`; whoever gets no acknowledgement asks again, with the same key, a little later. */
  start(): void {
    this.stopped = false;
    const sender = async () => {
      for (let [command] = this.next(1); !this.stopped;) {
        const told = await this.sendOne(command!);
        if (told) [command] = this.next(1);
        await wait(told ? 20 : 200);
      }
    };
    this.running = Promise.all(Array.from({ length: this.atOnce }, sender));
  }

  /** Waits for the answers under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  /** Asks again for everything whose outcome is unknown, with its key, until all of it is acknowledged. */
  async settle(withinMs = PATIENCE_MS): Promise<void> {
    const left = () => [...this.ledger.unknown].map((key) => this.commands.get(key)!);
    await eventually(
      async () => {
        await this.send(left());
        return this.ledger.unknown.size === 0;
      },
      `an answer to each of ${left().length} commands`,
      withinMs,
    );
  }

  /** Waits until this many more are acknowledged than now. */
  async acknowledges(more: number, withinMs = PATIENCE_MS): Promise<void> {
    const enough = this.ledger.acknowledged.size + more;
    await eventually(async () => this.ledger.acknowledged.size >= enough, `${more} more acknowledged`, withinMs);
  }

  /** Whether asking again would change nothing. */
  private async sendOne({ key, path, body, records }: Command): Promise<boolean> {
    this.ledger.sent.set(key, { commandId: idFrom('command', this.by.accountId, key), records });
    const answer = await this.by.post<Place & Problem>(path, body, { 'idempotency-key': key }).catch(() => null);
    this.ledger.note(key, answer);
    return answer !== null && answer.status < 500;
  }
}

/** Every share of the demonstration's guideline, once all are handed out. */
export async function sharesOf(supervisor: Visitor): Promise<Share[]> {
  const handedOut = async () => {
    const { rows } = await supervisor.must(supervisor.get<{ rows: { id: string; assignments: number }[] }>('/guidelines'));
    const { handedOut, assignments } = await supervisor.must(
      supervisor.get<{ handedOut: { assignments: number }; assignments: number }>(`/guidelines/${rows[0]!.id}`),
    );
    return handedOut.assignments === assignments && allShares(supervisor);
  };
  return eventually(() => handedOut().catch(whenBusy), 'every share handed out');
}

/** An answer that says to come back, as a machine may give that others keep busy, is no failure of what is looked at here. */
function whenBusy(error: Error): false {
  if (error.message.startsWith('503 ')) return false;
  throw error;
}

async function allShares(supervisor: Visitor): Promise<Share[]> {
  const tasks = await supervisor.must(supervisor.get<Page<{ id: string }>>('/tasks?limit=200'));
  const pages = await Promise.all(
    tasks.rows.map(({ id }) => supervisor.must(supervisor.get<Page<Share>>(`/tasks/${id}/assignments?limit=200`))),
  );
  return pages.flatMap(({ rows }) => rows);
}
