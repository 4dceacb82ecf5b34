import type { AccountRole } from '@app/domain/actor.js';
import type { Audience } from './plan.js';

export type Person = Readonly<{ accountId: string; roles: readonly AccountRole[] }>;

/** The active accounts a digest may address: those of the unit, and the supervisors, wherever they belong. */
export type People = Readonly<{ unit: readonly Person[]; supervisors: readonly string[] }>;

/**
 * The accounts a reminder goes to. A unit hears through the handler it appointed, otherwise everybody who acts for it does; its head
 * stands for whoever heads it, or for all of them where nobody does. Empty when there is nobody to hear it: then it is not sent.
 */
export function listeners(audience: Audience, handlerId: string | null, { unit, supervisors }: People): string[] {
  const acting = unit.filter(({ roles }) => roles.includes('member') || roles.includes('head'));
  const handler = acting.filter(({ accountId }) => accountId === handlerId);
  const heads = acting.filter(({ roles }) => roles.includes('head'));
  const heard = { unit: handler.length > 0 ? handler : acting, head: heads.length > 0 ? heads : acting };
  return audience === 'supervisors' ? [...supervisors] : heard[audience].map(({ accountId }) => accountId);
}
