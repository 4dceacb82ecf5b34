/** What an account may be: see the table of roles in docs/glossary.md. */
export const ACCOUNT_ROLES = ['member', 'head', 'supervisor', 'auditor', 'system-admin', 'security-admin'] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

/**
 * The person who acts, with the names they had at that moment, so that history needs no look-up.
 * `onBehalfOf` is the unit a supervisor acts for; `unitId` is null for the product itself, whose role is `system`.
 */
export type Actor = Readonly<{
  accountId: string;
  name: string;
  unitId: string | null;
  unitName: string;
  roles: readonly (AccountRole | 'system')[];
  onBehalfOf?: string;
}>;

/** Who asks, and when. Recorded beside every event, so events do not repeat it. */
export type Context = Readonly<{ by: Actor; at: Date }>;

/** The product acting by itself: reminders, the demonstration data. Never granted to an account. */
export const SYSTEM: Actor = {
  accountId: '00000000-0000-0000-0000-000000000000',
  name: 'Duban',
  unitId: null,
  unitName: '',
  roles: ['system'],
};
