import { randomUUID } from 'node:crypto';

const BYTES = 330;

/** What everybody records: who, what, and a body of 330 bytes as JSON. */
export const by = { accountId: randomUUID(), name: '经办人', unitId: randomUUID(), unitName: '省科技厅', roles: ['member'] };
export const TYPE = 'ProgressReported';
export const body = (() => {
  const data = { taskId: randomUUID(), unitId: randomUUID(), done: '', n: 0 };
  return { ...data, done: 'x'.repeat(BYTES - JSON.stringify(data).length) };
})();
