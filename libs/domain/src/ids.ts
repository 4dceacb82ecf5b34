import { v5 } from 'uuid';
import { z } from 'zod';

const DUBAN = 'b0f5a9c2-6c1e-4d6f-9a55-3f7f2f1d2b10';

/** An id as a request names it. Events and views know one way to write it. */
export const uuid = z.uuid().toLowerCase();

/** The same words give the same id everywhere, so that a repeated act meets the first one (UUIDv5, RFC 9562). */
export const idFrom = (...words: readonly (string | number)[]): string => v5(JSON.stringify(words), DUBAN);

export const assignmentIdOf = (taskId: string, unitId: string) => idFrom('assignment', taskId, unitId);
export const taskIdOf = (guidelineId: string, list: string) => idFrom('task', guidelineId, list);
export const unitIdOf = (name: string) => idFrom('unit', name);
export const accountIdOf = (login: string) => idFrom('account', login.toLowerCase());
export const guidelineIdOf = (sha256: string) => idFrom('guideline', sha256);
