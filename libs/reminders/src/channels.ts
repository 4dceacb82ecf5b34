import type { UnitRole } from '@app/domain/task.js';

/** One reminder as its reader sees it: the names and dates as they stood when it was written, `rule` and `on` of the fact behind it. */
export type MessageItem = Readonly<{
  reminderId: string;
  assignmentId: string;
  taskId: string;
  title: string;
  unitId: string;
  unitName: string;
  role: UnitRole;
  rule: string;
  on: string;
  dueOn: string | null;
  acknowledgeBy: string;
}>;

/** All that one person hears on one day. `key` is the same however often it is delivered, and so is the rest. */
export type Message = Readonly<{ key: string; accountId: string; on: string; items: readonly MessageItem[] }>;

/**
 * A way out of the product: mail, a webhook. It carries what the inbox already holds, so a message is never lost with the channel.
 * `deliver` is called at least once for each message until it succeeds, and has to send what has the same key once.
 */
export interface Channel {
  readonly name: string;
  deliver(message: Message): Promise<void>;
}
