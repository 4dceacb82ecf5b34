import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { accountIdOf, idFrom, unitIdOf } from '../../dist/libs/domain/src/ids.js';
import { Browser } from '../bench/browser.js';
import { inParallel } from '../bench/measure.js';
import { PASSWORD } from './stage.js';

const UNITS = new URL('../../apps/cli/demo/anhui-units.json', import.meta.url);
/** One in sixteen oversees, the others act for a unit each. */
const SUPERVISORS = 1 / 16;

/** So many accounts over the units of the demonstration's register. */
export async function accountsFor(users) {
  const { units } = JSON.parse(await readFile(UNITS, 'utf8'));
  const acting = units.filter(({ kind }) => kind !== 'collective').map(({ name }) => name);
  const supervisors = Math.max(1, Math.round(users * SUPERVISORS));
  return Array.from({ length: users }, (_, n) =>
    n < supervisors
      ? { login: `load-${n}`, name: '督查员', unit: '省政府督查室', roles: ['supervisor'] }
      : { login: `load-${n}`, name: '经办人', unit: acting[(n - supervisors) % acting.length], roles: ['member', 'head'] },
  );
}

/** Everybody signed in, spread over the api processes. Clerks of one unit take turns over its shares. */
export async function signedIn(accounts, ports, shares, ledger) {
  const taskIds = [...new Set(shares.map(({ taskId }) => taskId))];
  const desks = new Map();
  const deskOf = (unitId) => {
    if (!desks.has(unitId)) desks.set(unitId, new Desk(shares.filter((share) => share.unitId === unitId)));
    return desks.get(unitId);
  };
  const people = [];
  const signIn = async ({ login, unit, roles }, n) => {
    const browser = new Browser(ports[n % ports.length]);
    await browser.signIn(login, PASSWORD);
    const who = { browser, accountId: accountIdOf(login), ledger };
    people[n] = roles.includes('supervisor') ? supervisor(who, taskIds) : clerk(who, unitIdOf(unit), deskOf(unitIdOf(unit)));
  };
  // Passwords are slow to check on purpose.
  await inParallel(
    8,
    accounts.map((account, n) => () => signIn(account, n)),
  );
  return people;
}

/** A unit's shares, one after the other; one whose acknowledgement is under way is passed over. */
class Desk {
  #turn = 0;

  constructor(shares) {
    if (shares.length === 0) throw new Error('a unit without shares');
    this.shares = shares.map((share) => ({ ...share, signing: false }));
  }

  next() {
    const free = this.shares.findIndex((_, n) => !this.at(n).signing);
    if (free < 0) throw new Error('every share waits to be signed for');
    this.#turn += free + 1;
    return this.at(-1);
  }

  at(n) {
    return this.shares[(this.#turn + n + this.shares.length) % this.shares.length];
  }
}

/** Answers where the command was recorded; the ledger knows before that it was sent. */
async function send({ browser, accountId, ledger }, method, path, body, records) {
  const key = randomUUID();
  ledger.sent.set(key, { commandId: idFrom('command', accountId, key), records });
  ledger.unknown.add(key);
  const done = JSON.parse((await browser.send(method, path, body, key)).text);
  ledger.unknown.delete(key);
  ledger.acknowledged.set(key, done);
  return done;
}

/** Signs for every share of the unit once, then reports or records support on one after the other. */
function clerk(who, unitId, desk) {
  const { browser } = who;
  const looks = [
    () => `/units/${unitId}/todos`,
    () => `/tasks/${desk.at(0).taskId}`,
    () => `/units/${unitId}/todos`,
    () => `/tasks/${desk.at(0).taskId}/history`,
    () => `/units/${unitId}/todos`,
    () => `/assignments/${desk.at(0).id}`,
    () => '/inbox',
  ];
  let look = 0;
  return {
    browser,
    read: () => browser.send('GET', looks[look++ % looks.length]()),
    async act() {
      const share = desk.next();
      if (!share.signed) {
        share.signing = true;
        const sent = await send(who, 'PUT', `/assignments/${share.id}/acknowledgement`, undefined, 'AssignmentAcknowledged');
        Object.assign(share, { signed: true, signing: false });
        return sent;
      }
      const leads = share.role === 'lead' || share.role === 'responsible';
      const path = `/assignments/${share.id}/${leads ? 'reports' : 'supports'}`;
      return send(who, 'POST', path, { done: '完成阶段性验收，正在组织下一步工作。' }, leads ? 'ProgressReported' : 'SupportRecorded');
    },
  };
}

/** Comments on one task after the other. */
function supervisor(who, taskIds) {
  const { browser } = who;
  let [turn, look] = [0, 0];
  const task = () => `/tasks/${taskIds[turn % taskIds.length]}`;
  const looks = [() => '/tasks', () => `${task()}/assignments`, () => `${task()}/history`];
  return {
    browser,
    read: () => browser.send('GET', looks[look++ % looks.length]()),
    act: () => send(who, 'POST', `/tasks/${taskIds[turn++ % taskIds.length]}/comments`, { text: '请抓紧推进。' }, 'CommentAdded'),
  };
}
