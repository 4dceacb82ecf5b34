import { PASSWORD } from './visitor.js';

/** One account of each kind; `outsider` is of a unit that is not on the task. */
export const LOGINS = {
  member: 'keji',
  head: 'keji-head',
  outsider: 'hefei',
  supervisor: 'ducha',
  auditor: 'audit',
  system: 'system',
  security: 'security',
} as const;
export type Who = keyof typeof LOGINS;
export const EVERYBODY = Object.keys(LOGINS) as Who[];
const UNIT: Who[] = ['member', 'head'];
const READERS: Who[] = ['supervisor', 'auditor'];

const reason = { reason: '理由' };
/** What the routes are asked about: things of the member's and head's unit, and of others. */
export type Things = { guideline: string; task: string; lead: string; support: string; unit: string; account: string; other: string };

/** `path` and `body` of a request that only the right to make it keeps from going on; `session`: not with a token. */
export type Rule = Readonly<{
  may: readonly Who[];
  body?: object | ((about: Things) => object);
  path?: (about: Things) => string;
  session?: true;
}>;

/** Who may do what. A route that is not here fails the spec that compares it with the router. Those that destroy come last. */
export const MATRIX: Readonly<Record<string, Rule>> = {
  'GET /api/session': { may: EVERYBODY },
  'GET /api/inbox': { may: EVERYBODY },
  'PUT /api/inbox/:id/read': { may: EVERYBODY },
  'PUT /api/password': { may: EVERYBODY, body: { current: PASSWORD, next: PASSWORD }, session: true },
  'GET /api/tokens': { may: EVERYBODY },
  'POST /api/tokens': { may: EVERYBODY, body: { name: '程序' }, session: true },
  'DELETE /api/tokens/:id': { may: EVERYBODY },
  'GET /api/changes': { may: EVERYBODY },

  'GET /api/accounts': { may: ['supervisor', 'auditor', 'system', 'security'] },
  'POST /api/accounts': {
    may: ['system'],
    body: (about) => ({ login: 'another', name: '某人', unitId: about.unit, password: PASSWORD }),
    session: true,
  },
  'PUT /api/accounts/:id/roles/:role': { may: ['security'], path: (about) => `/accounts/${about.account}/roles/member`, session: true },
  'DELETE /api/accounts/:id/roles/:role': { may: ['security'], path: (about) => `/accounts/${about.account}/roles/member`, session: true },
  'PUT /api/accounts/:id/unit': {
    may: ['system'],
    body: (about) => ({ unitId: about.other }),
    path: (about) => `/accounts/${about.account}/unit`,
    session: true,
  },
  'PUT /api/accounts/:id/closure': { may: ['system'], body: reason, path: (about) => `/accounts/${about.account}/closure`, session: true },

  'GET /api/dashboard': { may: ['head', 'outsider', ...READERS] },
  'GET /api/history': { may: READERS },
  'GET /api/units': { may: EVERYBODY },
  'GET /api/units/:id': { may: EVERYBODY, path: (about) => `/units/${about.unit}` },
  'GET /api/units/:id/todos': { may: [...UNIT, ...READERS], path: (about) => `/units/${about.unit}/todos` },
  'POST /api/units': { may: ['supervisor', 'system'], body: { name: '省新设局', kind: 'department' } },
  'PUT /api/units/:id/name': {
    may: ['supervisor', 'system'],
    body: { name: '省科学技术厅' },
    path: (about) => `/units/${about.unit}/name`,
  },
  'POST /api/units/:id/aliases': {
    may: ['supervisor', 'system'],
    body: { alias: '省科技局' },
    path: (about) => `/units/${about.unit}/aliases`,
  },
  'PUT /api/units/:id/members': {
    may: ['supervisor', 'system'],
    body: (about) => ({ members: [about.unit] }),
    path: (about) => `/units/${about.unit}/members`,
  },

  'GET /api/guidelines': { may: EVERYBODY },
  'GET /api/guidelines/:id': { may: [...UNIT, 'outsider', ...READERS], path: (about) => `/guidelines/${about.guideline}` },
  'GET /api/guidelines/:id/history': { may: [...UNIT, 'outsider', ...READERS], path: (about) => `/guidelines/${about.guideline}/history` },
  'POST /api/guidelines': { may: ['supervisor'], body: Buffer.from('一、要点\n1.做好工作。(牵头单位:省科技厅)\n') },
  'POST /api/guidelines/:id/versions': {
    may: ['supervisor'],
    body: Buffer.from('一、要点\n1.做好新的工作。(牵头单位:省科技厅)\n'),
    path: (about) => `/guidelines/${about.guideline}/versions`,
  },
  'PATCH /api/guidelines/:id': { may: ['supervisor'], body: { title: '新标题' }, path: (about) => `/guidelines/${about.guideline}` },
  'PATCH /api/guidelines/:id/drafts/:list': {
    may: ['supervisor'],
    body: { title: '新标题' },
    path: (about) => `/guidelines/${about.guideline}/drafts/1`,
  },
  'PUT /api/guidelines/:id/drafts/:list/rejection': {
    may: ['supervisor'],
    body: reason,
    path: (about) => `/guidelines/${about.guideline}/drafts/1/rejection`,
  },
  'POST /api/guidelines/:id/drafts/:list/parts': {
    may: ['supervisor'],
    body: { into: [{ units: [{ name: '省科技厅', role: 'lead' }] }, { units: [{ name: '省财政厅', role: 'lead' }] }] },
    path: (about) => `/guidelines/${about.guideline}/drafts/1/parts`,
  },
  'POST /api/guidelines/:id/merged-drafts': {
    may: ['supervisor'],
    body: { lists: ['1', '2'] },
    path: (about) => `/guidelines/${about.guideline}/merged-drafts`,
  },
  'POST /api/guidelines/:id/issue': { may: ['supervisor'], body: {}, path: (about) => `/guidelines/${about.guideline}/issue` },
  'PUT /api/guidelines/:id/due-date': {
    may: ['supervisor'],
    body: { dueOn: '2027-06-30' },
    path: (about) => `/guidelines/${about.guideline}/due-date`,
  },

  'GET /api/tasks': { may: EVERYBODY },
  'GET /api/tasks/:id': { may: [...UNIT, ...READERS], path: (about) => `/tasks/${about.task}` },
  'GET /api/tasks/:id/assignments': { may: [...UNIT, ...READERS], path: (about) => `/tasks/${about.task}/assignments` },
  'GET /api/tasks/:id/history': { may: [...UNIT, ...READERS], path: (about) => `/tasks/${about.task}/history` },
  'POST /api/tasks/:id/comments': {
    may: [...UNIT, 'supervisor'],
    body: { text: '意见' },
    path: (about) => `/tasks/${about.task}/comments`,
  },
  'PUT /api/tasks/:id/due-date': { may: ['supervisor'], body: { dueOn: '2027-05-31' }, path: (about) => `/tasks/${about.task}/due-date` },
  'POST /api/tasks/:id/instructions': {
    may: ['supervisor'],
    body: (about) => ({ kind: 'urge', text: '请抓紧', unitIds: [about.unit] }),
    path: (about) => `/tasks/${about.task}/instructions`,
  },

  'GET /api/assignments': { may: EVERYBODY },
  'GET /api/assignments/:id': { may: [...UNIT, ...READERS], path: (about) => `/assignments/${about.lead}` },
  'GET /api/assignments/:id/history': { may: [...UNIT, ...READERS], path: (about) => `/assignments/${about.lead}/history` },
  'PUT /api/assignments/:id/acknowledgement': { may: UNIT, path: (about) => `/assignments/${about.lead}/acknowledgement` },
  'PUT /api/assignments/:id/objection': { may: UNIT, body: reason, path: (about) => `/assignments/${about.lead}/objection` },
  'PUT /api/assignments/:id/objection/settlement': {
    may: ['supervisor'],
    body: { upheld: false, reason: '理由' },
    path: (about) => `/assignments/${about.lead}/objection/settlement`,
  },
  'PUT /api/assignments/:id/handler': {
    may: ['head'],
    body: (about) => ({ handlerId: about.account, handlerName: '新人' }),
    path: (about) => `/assignments/${about.lead}/handler`,
  },
  'POST /api/assignments/:id/reports': { may: UNIT, body: { done: '进展' }, path: (about) => `/assignments/${about.lead}/reports` },
  'PUT /api/assignments/:id/status': {
    may: UNIT,
    body: { to: 'blocked', reason: '缺资金' },
    path: (about) => `/assignments/${about.lead}/status`,
  },
  'POST /api/assignments/:id/supports': { may: UNIT, body: { done: '配合' }, path: (about) => `/assignments/${about.support}/supports` },
  'PUT /api/assignments/:id/completion': {
    may: ['head'],
    body: { summary: '完成' },
    path: (about) => `/assignments/${about.lead}/completion`,
  },
  'PUT /api/assignments/:id/completion/withdrawal': {
    may: ['head'],
    body: reason,
    path: (about) => `/assignments/${about.lead}/completion/withdrawal`,
  },
  'PUT /api/assignments/:id/completion/return': {
    may: ['supervisor'],
    body: reason,
    path: (about) => `/assignments/${about.lead}/completion/return`,
  },
  'PUT /api/assignments/:id/completion/verification': {
    may: ['supervisor'],
    body: {},
    path: (about) => `/assignments/${about.lead}/completion/verification`,
  },
  'PUT /api/assignments/:id/transfer': {
    may: ['supervisor'],
    body: (about) => ({ toUnitId: about.other, reason: '改派' }),
    path: (about) => `/assignments/${about.support}/transfer`,
  },
  'PUT /api/assignments/:id/release': { may: ['supervisor'], body: reason, path: (about) => `/assignments/${about.lead}/release` },

  'PUT /api/tasks/:id/suspension': { may: ['supervisor'], body: reason, path: (about) => `/tasks/${about.task}/suspension` },
  'DELETE /api/tasks/:id/suspension': { may: ['supervisor'], path: (about) => `/tasks/${about.task}/suspension` },
  'PUT /api/tasks/:id/closure': {
    may: ['supervisor'],
    body: { outcome: 'not-completed', summary: '未完成' },
    path: (about) => `/tasks/${about.task}/closure`,
  },
  'POST /api/tasks/:id/reopening': { may: ['supervisor'], body: reason, path: (about) => `/tasks/${about.task}/reopening` },
  'PUT /api/tasks/:id/withdrawal': { may: ['supervisor'], body: reason, path: (about) => `/tasks/${about.task}/withdrawal` },
  'PUT /api/guidelines/:id/withdrawal': { may: ['supervisor'], body: reason, path: (about) => `/guidelines/${about.guideline}/withdrawal` },
  'PUT /api/units/:id/merger': {
    may: ['supervisor', 'system'],
    body: (about) => ({ intoId: about.other, reason: '合并' }),
    path: (about) => `/units/${about.unit}/merger`,
  },
  'PUT /api/units/:id/dissolution': { may: ['supervisor', 'system'], body: reason, path: (about) => `/units/${about.unit}/dissolution` },
  'DELETE /api/session': { may: EVERYBODY },
};
export const PUBLIC = ['GET /', 'GET /health', 'GET /metrics', 'POST /api/session'];
export const isDocument = (route: string) => /^GET \/api\/docs(\b|-|\/|\.)/.test(route);
