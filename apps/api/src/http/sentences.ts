import { sentences as domain } from '@app/domain/sentences.js';
import { sentences as documents } from '@app/documents/sentences.js';
import { sentences as guideline } from '@app/guideline/sentences.js';
import type { Language } from '@app/runtime/sentences.js';

const http: Record<string, { zh: string; en: string }> = {
  'session.missing': { zh: '请先登录。', en: 'Please sign in first.' },
  'session.expired': {
    zh: '登录已过期，请重新登录；已提交的内容都已保存。',
    en: 'Your session has ended. Sign in again; everything you submitted is kept.',
  },
  'session.refused': { zh: '用户名或密码不正确。', en: 'The name or the password is not right.' },
  'session.foreign-page': { zh: '请求来自其他网站，已拒绝。', en: 'The request came from another site and was refused.' },
  'token.limited': { zh: '程序令牌不能用于此操作，请登录后再做。', en: 'A token may not do this; sign in to do it.' },
  'token.unknown': { zh: '没有这个令牌。', en: 'There is no such token.' },
  'password.wrong': { zh: '当前密码不正确，密码未更改。', en: 'The current password is not right; nothing was changed.' },
  'guideline.not-issued': {
    zh: '文件尚未下发，还没有任务可设置期限。请先下发，或在清单中填写期限。',
    en: 'The guideline has not been issued, so it has no tasks to set a date for. Issue it first, or give the dates in its lists.',
  },
  'guideline.being-handed-out': {
    zh: '文件正在下发，部分任务尚未建立，期限未设置。请稍候片刻再试。',
    en: 'The guideline is still being handed out and some of its tasks are yet to come, so no date was set. Try again in a moment.',
  },
  'guideline.text-too-long': {
    zh: '文件正文超过 {limit} KB，未导入。请拆成几个文件分别导入。',
    en: 'The text of the document is over {limit} KB and was not imported. Please split it into several documents.',
  },
  'unit.not-registered': {
    zh: '“{name}”不在单位名录中：请登记该单位，或改正名称。',
    en: '“{name}” is not in the register: register it, or correct the name.',
  },
  'unit.not-yours': { zh: '只能查看本单位的待办。', en: "You may only see your own unit's work." },
  'task.not-readable': { zh: '该任务与本单位无关，不能查看。', en: 'Your unit is not on this task, so you may not see it.' },
  'guideline.not-readable': {
    zh: '该文件与本单位无关，不能查看。',
    en: 'Your unit has no task from this guideline, so you may not see it.',
  },
  'dashboard.not-readable': {
    zh: '只有督查员、审计员和单位负责人可以查看督办总览。',
    en: 'Only supervisors, auditors and heads of units may see the dashboard.',
  },
  'history.supervisors-only': {
    zh: '只有督查员和审计员可以查看全部办理记录。',
    en: 'Only supervisors and auditors may read the whole history.',
  },
  'accounts.administrators-only': {
    zh: '只有管理员、督查员和审计员可以查看账号。',
    en: 'Only administrators, supervisors and auditors may read accounts.',
  },
  'inbox.unknown': { zh: '收件箱中没有这条提醒。', en: 'There is no such message in your inbox.' },
  'as-of.invalid': {
    zh: '“{asOf}”不是可查询的时刻：请写带时区的时刻（如 2026-11-20T18:00:00+08:00），或日期（如 2026-11-20，指当日结束时）。',
    en: '“{asOf}” is not a moment: write an instant with its zone (2026-11-20T18:00:00+08:00), or a day (2026-11-20), meaning its end.',
  },
  'as-of.future': {
    zh: '{asOf} 还没有过去：请选更早的时刻；要看现在的情况，请不带 asOf。',
    en: '{asOf} is not over yet: choose an earlier moment, or leave asOf out to see how things are now.',
  },
  'as-of.too-recent': {
    zh: '最近 {seconds} 秒内的情况还可能补记：请稍候再查，或不带 asOf 查看现在的情况。',
    en: 'What happened within the last {seconds} seconds may still be on its way: ask again in a moment, or leave asOf out to see how things are now.',
  },
  'request.invalid': { zh: '请求内容有误，未保存任何内容：{fields}', en: 'The request is not valid, and nothing was saved: {fields}' },
  'request.malformed': { zh: '请求无法解析：{reason}', en: 'The request cannot be read: {reason}' },
  'request.too-deep': {
    zh: '请求内容嵌套超过 {levels} 层，未保存任何内容。',
    en: 'The request is nested more than {levels} levels deep, and nothing was saved.',
  },
  'request.too-large': {
    zh: '内容超过 {limit} MB 的上限，未保存；请拆分后再提交。',
    en: 'The content is over the limit of {limit} MB and was not saved; submit it in parts.',
  },
  'request.unsupported-type': {
    zh: '不支持的内容类型：请以 application/json 提交；文件请以 application/octet-stream 上传。',
    en: 'This content type is not supported: send application/json, or a file as application/octet-stream.',
  },
  'request.bad-key': { zh: 'Idempotency-Key 须为 1–255 个可见字符。', en: 'Idempotency-Key must be 1 to 255 visible characters.' },
  'request.bad-revision': { zh: 'If-Match 须为先前得到的 ETag，例如 "3"。', en: 'If-Match must be an ETag you were given, such as "3".' },
  'request.bad-position': { zh: 'Duban-After 不是有效的位置。', en: 'Duban-After is not a position.' },
  'request.bad-cursor': { zh: '翻页标记无效，请从第一页开始。', en: 'The page mark is not valid; start from the first page.' },
  'request.behalf': { zh: '只有督查员可以代其他单位办理。', en: 'Only a supervisor may act on behalf of another unit.' },
  'idempotency.mismatch': {
    zh: '同一个 Idempotency-Key 已用于另一个请求；请换一个。',
    en: 'This Idempotency-Key was used for another request; use a new one.',
  },
  'route.unknown': { zh: '没有这个地址：{path}', en: 'There is nothing at {path}.' },
  'stream.moved': {
    zh: '您查看之后内容已被他人更新，本次未保存；请核对更新后重试。',
    en: 'Somebody changed this after you looked, so nothing was saved. See what changed and try again.',
  },
  'stream.busy': {
    zh: '同时提交的人太多，本次未保存；请稍候重试。',
    en: 'Too many people saved at once and nothing was saved; try again in a moment.',
  },
  'view.building': {
    zh: '历史情况正在整理，请过几分钟再查；现在的情况不受影响，不带 asOf 即可查看。',
    en: 'The past is being put in order: ask again in a few minutes. How things are now can be seen all the time, without asOf.',
  },
  'view.behind': {
    zh: '页面数据正在更新，请稍候重试；已提交的内容都已保存。',
    en: 'The views are catching up. Try again in a moment; everything submitted is kept.',
  },
  'store.unavailable': {
    zh: '数据库暂时无法访问，请稍候重试；已确认的内容都已保存。',
    en: 'The database cannot be reached at the moment. Try again shortly; everything confirmed is kept.',
  },
  'store.outcome-unknown': {
    zh: '提交结果尚不能确认；请用同一个 Idempotency-Key 重试，不会重复记录。',
    en: 'Whether it was saved is not known yet. Try again with the same Idempotency-Key; it will not be recorded twice.',
  },
  'version.older': {
    zh: '此项内容由更新版本的系统写入，当前版本无法处理，本次未保存；系统升级完成后请重试。',
    en: 'This was written by a newer version, which the one that answers cannot judge, so nothing was saved. Try again once it is updated.',
  },
  'server.error': {
    zh: '系统内部错误，请联系管理员并提供编号 {traceId}。',
    en: 'Something went wrong on our side. Tell the administrator this number: {traceId}.',
  },
};

const all: Record<string, { zh: string; en: string }> = { ...domain, ...documents, ...guideline, ...http };

/** The sentence of a code, filled in; the code itself when it has none. */
export function say(code: string, details: Readonly<Record<string, unknown>>, language: Language): string {
  const sentence = all[code]?.[language] ?? code;
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in details ? [details[name]].flat().join(language === 'zh' ? '、' : ', ') : whole,
  );
}

/** Chinese unless the client would rather have English. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '').split(',').map((part) => part.trim().toLowerCase().slice(0, 2));
  const [first] = wanted.filter((language) => language === 'zh' || language === 'en');
  return first === 'en' ? 'en' : 'zh';
}
