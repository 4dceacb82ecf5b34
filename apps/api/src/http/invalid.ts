import type { StandardSchemaV1 } from '@standard-schema/spec';
import { en, zhCN } from 'zod/locales';
import { Problem } from './problem.js';

const [english, chinese] = [en().localeError, zhCN().localeError];

/** 400 that names each field that is wrong, and how, in both languages. */
export function invalid(issues: readonly StandardSchemaV1.Issue[]): Problem {
  const errors = issues.slice(0, 20).map((issue) => {
    const { code, keys = [] } = issue as { code?: string; keys?: string[] };
    const path = (issue.path ?? []).map((step) => (typeof step === 'object' ? step.key : step)).join('.');
    const field = code === 'unrecognized_keys' ? [path, keys.join()].filter(Boolean).join('.') : path;
    return { field, en: sentence(english(issue as never), issue.message), zh: sentence(chinese(issue as never), issue.message) };
  });
  return new Problem(400, 'request.invalid', { fields: errors.map(({ field, zh }) => (field ? `${field}（${zh}）` : zh)), errors });
}

const sentence = (said: string | { message: string } | null | undefined, otherwise: string) =>
  typeof said === 'string' ? said : (said?.message ?? otherwise);
