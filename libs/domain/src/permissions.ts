import type { AccountRole, Actor } from './actor.js';
import { Refused } from './decider.js';

/** Each of these excludes the other two and every business role (三员分立). */
const EXCLUSIVE: readonly AccountRole[] = ['auditor', 'system-admin', 'security-admin'];

export const mayBeHeldTogether = (roles: readonly AccountRole[]) =>
  new Set(roles).size < 2 || !roles.some((role) => EXCLUSIVE.includes(role));

/** One of the unit's own people; an auditor or administrator who belongs to it changes nothing in its name. */
export const isOf = (by: Actor, unitId: string) => by.unitId === unitId && (by.roles.includes('member') || by.roles.includes('head'));

/** A unit's own people, or a supervisor who says on whose behalf. */
export const actsFor = (by: Actor, unitId: string) => isOf(by, unitId) || supervisesFor(by, unitId);

export const headsUnit = (by: Actor, unitId: string) => (by.unitId === unitId && by.roles.includes('head')) || supervisesFor(by, unitId);

const supervisesFor = (by: Actor, unitId: string) => by.roles.includes('supervisor') && by.onBehalfOf === unitId;

/** Supervisors and auditors read everything; everybody else what concerns their unit. */
export const readsEverything = ({ roles }: Actor) => roles.some((role) => role === 'supervisor' || role === 'auditor' || role === 'system');

export const needs =
  (...roles: Actor['roles'][number][]) =>
  (_: unknown, { by }: { by: Actor }) => {
    if (!by.roles.some((role) => roles.includes(role))) throw new Refused('forbidden', 'role.missing', { roles });
    // Whoever acts for a unit does not decide about it in the same breath.
    if (by.onBehalfOf !== undefined) throw new Refused('forbidden', 'role.on-behalf');
  };
