import { ACCOUNT_ROLES, type AccountRole, SYSTEM } from './actor.js';
import { actsFor, headsUnit, isOf, mayBeHeldTogether, needs, readsEverything } from './permissions.js';
import { auditor, finance, head, member, office, onBehalfOf, science, supervisor, systemAdmin } from './testing.js';

describe('acting for a unit', () => {
  it.each([
    ['its member', member(science), true, false],
    ['its head', head(science), true, true],
    ['a supervisor on its behalf', onBehalfOf(science), true, true],
    ['a supervisor on another unit’s behalf', onBehalfOf(finance), false, false],
    ['a supervisor who names no unit', supervisor, false, false],
    ['a member of another unit', member(finance), false, false],
    ['a head of another unit who claims to act for it', { ...head(finance), onBehalfOf: science }, false, false],
    ['its auditor', auditor, false, false],
    ['its administrator', systemAdmin, false, false],
    ['the product itself', SYSTEM, false, false],
  ])('%s', (_, by, acts, heads) => {
    expect([actsFor(by, science), headsUnit(by, science)]).toEqual([acts, heads]);
  });

  it('makes a supervisor none of the unit’s own people', () => {
    expect([isOf(onBehalfOf(science), science), isOf(supervisor, office), isOf(member(science), science)]).toEqual([false, false, true]);
  });
});

describe('roles that one person holds', () => {
  const exclusive: AccountRole[] = ['auditor', 'system-admin', 'security-admin'];

  it.each(exclusive.flatMap((role) => ACCOUNT_ROLES.filter((other) => other !== role).map((other) => [role, other] as const)))(
    '%s excludes %s',
    (role, other) => {
      expect([mayBeHeldTogether([role, other]), mayBeHeldTogether([other, role])]).toEqual([false, false]);
    },
  );

  it('are any business roles, and any role alone, even named twice', () => {
    expect(mayBeHeldTogether(['member', 'head', 'supervisor'])).toBe(true);
    for (const role of ACCOUNT_ROLES) expect(mayBeHeldTogether([role, role])).toBe(true);
  });
});

it('lets supervisors, auditors and the product read everything, and nobody else', () => {
  expect([supervisor, auditor, SYSTEM].map(readsEverything)).toEqual([true, true, true]);
  expect([head(science), systemAdmin].map(readsEverything)).toEqual([false, false]);
});

it('lets nobody decide as a supervisor while acting for a unit', () => {
  expect(() => needs('supervisor')(null, { by: onBehalfOf(science) })).toThrow('role.on-behalf');
});

it('names the roles that would do when it refuses', () => {
  expect(() => needs('supervisor', 'system')(null, { by: head(science) })).toThrow(
    expect.objectContaining({ kind: 'forbidden', code: 'role.missing', details: { roles: ['supervisor', 'system'] } }),
  );
});
