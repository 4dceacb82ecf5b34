import { SYSTEM } from './actor.js';
import { answers, at, auditor, cities, given, head, hefei, science, securityAdmin, supervisor, systemAdmin } from './testing.js';
import { unit, type UnitCommand, type UnitEvent } from './unit.js';

const { records, quiet, refuses } = answers(unit, (by) => ({ by, at, subject: science }));

const department = {
  name: '省科技厅',
  fullName: null,
  kind: 'department' as const,
  level: null,
  parentId: null,
  aliases: [],
  members: null,
};
const collective = { ...department, name: '各市人民政府', kind: 'collective' as const, members: [hefei] };
const because = { reason: 'the reform of 2024' };

const registered: UnitEvent = { type: 'UnitRegistered', data: department };
const collected: UnitEvent = { type: 'UnitRegistered', data: collective };
const renamed = (name: string, fullName: string | null = null): UnitEvent => ({ type: 'UnitRenamed', data: { name, fullName } });
const merged: UnitEvent = { type: 'UnitMerged', data: { intoId: hefei, ...because } };
const dissolved: UnitEvent = { type: 'UnitDissolved', data: because };

const register = (data: typeof department | typeof collective): UnitCommand => ({ type: 'RegisterUnit', data });
const rename = (name: string, fullName: string | null = null): UnitCommand => ({ type: 'RenameUnit', data: { name, fullName } });
const alias = (alias: string): UnitCommand => ({ type: 'AddAlias', data: { alias } });
const setMembers = (...members: string[]): UnitCommand => ({ type: 'SetMembers', data: { members } });
const merge = (intoId: string): UnitCommand => ({ type: 'MergeUnit', data: { intoId, ...because } });
const dissolve: UnitCommand = { type: 'DissolveUnit', data: because };

describe('registering a unit', () => {
  records([
    ['a department', [], register(department), systemAdmin, [registered]],
    ['what the product brings along', [], register(department), SYSTEM, [registered]],
    ['a collective with its members', [], register(collective), supervisor, [collected]],
  ]);
  quiet([['it is registered', [registered], register(department), supervisor]]);
  refuses([
    ['the same name for another kind', [collected], register(department), supervisor, 'unit.exists'],
    ['the name of a merged unit', [registered, merged], register(department), supervisor, 'unit.merged'],
    ['the name of a dissolved unit', [registered, dissolved], register(department), supervisor, 'unit.dissolved'],
    [
      'a collective without members',
      [],
      { type: 'RegisterUnit', data: { ...collective, members: null } },
      supervisor,
      'unit.members-of-collective',
    ],
    [
      'a department with members',
      [],
      { type: 'RegisterUnit', data: { ...department, members: [hefei] } },
      supervisor,
      'unit.members-of-collective',
    ],
  ]);
});

describe('renaming', () => {
  records([
    ['the new name', [registered], rename('省科学技术厅'), supervisor, [renamed('省科学技术厅')]],
    ['a new full name', [registered], rename('省科技厅', '安徽省科学技术厅'), supervisor, [renamed('省科技厅', '安徽省科学技术厅')]],
  ]);
  quiet([['that is its name', [registered, renamed('省科学技术厅')], rename('省科学技术厅'), supervisor]]);
});

describe('adding an alias', () => {
  records([['another name', [registered], alias('科技厅'), supervisor, [{ type: 'AliasAdded', data: { alias: '科技厅' } }]]]);
  quiet([
    ['it is known by it', [registered, { type: 'AliasAdded', data: { alias: '科技厅' } }], alias('科技厅'), supervisor],
    ['it is its name', [registered], alias('省科技厅'), supervisor],
    ['it was its name once', [registered, renamed('省科学技术厅')], alias('省科技厅'), supervisor],
  ]);

  it('is never an alias of itself, however often it is renamed', () => {
    const { evolve, initial } = unit;
    const envelope = { by: supervisor, at };
    const first = evolve.UnitRegistered(initial, department, envelope);
    const back = ['省科学技术厅', '省科技厅', '省科技厅'].reduce(
      (state, name) => evolve.UnitRenamed(state, { name, fullName: null }, envelope),
      first,
    );
    expect(back).toMatchObject({ name: '省科技厅', aliases: ['省科学技术厅'] });
  });
});

describe('setting members', () => {
  records([
    ['who they are', [collected], setMembers(hefei, science), supervisor, [{ type: 'MembersSet', data: { members: [hefei, science] } }]],
  ]);
  quiet([
    ['they are that', [collected], setMembers(hefei), supervisor],
    ['they were set to that', [collected, { type: 'MembersSet', data: { members: [science] } }], setMembers(science), supervisor],
  ]);
  refuses([['of anything but a collective', [registered], setMembers(hefei), supervisor, 'unit.members-of-collective']]);
});

describe('merging', () => {
  records([['into which unit', [registered], merge(hefei), supervisor, [merged]]]);
  quiet([['it was merged into that unit', [registered, merged], merge(hefei), supervisor]]);
  refuses([
    ['into itself', [registered], merge(science), supervisor, 'unit.merge-into-itself'],
    ['into a second unit', [registered, merged], merge(cities), supervisor, 'unit.merged'],
    ['what was dissolved', [registered, dissolved], merge(hefei), supervisor, 'unit.dissolved'],
  ]);
});

describe('dissolving', () => {
  records([['why', [registered], dissolve, supervisor, [dissolved]]]);
  quiet([['it was dissolved before', [registered, dissolved], dissolve, supervisor]]);
  refuses([['what was merged', [registered, merged], dissolve, supervisor, 'unit.merged']]);
});

describe('any command', () => {
  const changes = [rename('省科学技术厅'), alias('科技厅'), setMembers(hefei)];
  const commands = [...changes, merge(hefei), dissolve];

  it.each([register(department), ...commands])('$type: is refused to those who do not keep the register', (command) => {
    for (const by of [head(science), auditor, securityAdmin])
      expect(() => given(unit)(registered).when(command, { by, at, subject: science })).toThrow('role.missing');
  });

  it.each(commands)('$type: is refused for a unit nobody registered', (command) => {
    expect(() => given(unit)().when(command, { by: supervisor, at, subject: science })).toThrow('unit.unknown');
  });

  it.each(changes)('$type: is refused for a unit that is no more', (command) => {
    expect(() => given(unit)(collected, merged).when(command, { by: supervisor, at, subject: science })).toThrow('unit.merged');
    expect(() => given(unit)(collected, dissolved).when(command, { by: supervisor, at, subject: science })).toThrow('unit.dissolved');
  });
});
