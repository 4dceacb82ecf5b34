import { listeners, type People, type Person } from './audience.js';

const member: Person = { accountId: 'member', roles: ['member'] };
const head: Person = { accountId: 'head', roles: ['head'] };
const office: Person = { accountId: 'supervisor', roles: ['supervisor'] };
const people = (...unit: Person[]): People => ({ unit, supervisors: ['supervisor', 'another'] });

it.each([
  ['a unit, everybody who acts for it', 'unit', null, people(member, head), ['member', 'head']],
  ['a unit with a handler, the handler alone', 'unit', 'member', people(member, head), ['member']],
  ['a unit whose handler has left it, everybody', 'unit', 'gone', people(member, head), ['member', 'head']],
  ['the head, the head alone', 'head', 'member', people(member, head), ['head']],
  ['the head of a unit that has none, everybody', 'head', null, people(member), ['member']],
  ['supervisors, all of them', 'supervisors', 'member', people(member), ['supervisor', 'another']],
  ['the supervisors’ own unit, those who act for it', 'unit', null, people(member, office), ['member']],
  ['a unit without accounts, nobody', 'unit', null, people(), []],
] as const)('what is for %s hears', (_, audience, handlerId, people, expected) => {
  expect(listeners(audience, handlerId, people)).toEqual(expected);
});
