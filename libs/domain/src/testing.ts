import type { Actor, Context } from './actor.js';
import { type Decider, decide, fold, type Message } from './decider.js';
import { idFrom } from './ids.js';

/**
 * `given(task)(…facts).when(command, context)` returns the new events, or throws what the rule throws.
 * A fact that says nothing of who and when took place under the context of the command.
 */
export const given =
  <S, C extends Message, E extends Message, X extends Context>(decider: Decider<S, C, E, X>) =>
  (...facts: (E & Partial<Context>)[]) => {
    const state = (context: X) => {
      const envelope: Context = { by: context.by, at: context.at };
      return fold(
        decider,
        facts.map((fact) => ({ ...envelope, ...fact })),
      );
    };
    return { when: (command: C, context: X) => decide(decider, state(context), command, context) };
  };

/**
 * The three questions every command answers, as rows of a table: what it records, when it stays quiet, what it refuses.
 * Each row is a sentence, the facts so far, the command, who gives it, and the answer.
 */
export function answers<S, C extends Message, E extends Message, X extends Context>(
  decider: Decider<S, C, E, X>,
  contextOf: (by: Actor) => X,
) {
  type Row = [sentence: string, facts: (E & Partial<Context>)[], command: C, by: Actor];
  const ask = (facts: (E & Partial<Context>)[], command: C, by: Actor) => given(decider)(...facts).when(command, contextOf(by));
  return {
    records: (rows: [...Row, events: Message[]][]) =>
      it.each(rows)('records %s', (_, facts, command, by, events) => {
        expect(ask(facts, command, by)).toEqual(events);
      }),
    quiet: (rows: Row[]) =>
      it.each(rows)('records nothing when %s', (_, facts, command, by) => {
        expect(ask(facts, command, by)).toEqual([]);
      }),
    refuses: (rows: [...Row, code: string][]) =>
      it.each(rows)('refuses %s', (_, facts, command, by, code) => {
        expect(() => ask(facts, command, by)).toThrow(new Error(code));
      }),
  };
}

export const at = new Date('2024-08-19T01:00:00Z');
export const guidelineId = idFrom('guideline of the specs');
export const taskId = idFrom('task of the specs');
export const science = idFrom('省科技厅');
export const finance = idFrom('省财政厅');
export const office = idFrom('省政府督查室');
export const cities = idFrom('各市人民政府');
export const hefei = idFrom('合肥市人民政府');

const person = (name: string, unitId: string, roles: Actor['roles']): Actor => ({
  accountId: idFrom(name, unitId),
  name,
  unitId,
  unitName: unitId,
  roles,
});
export const member = (unitId: string) => person('member', unitId, ['member']);
export const head = (unitId: string) => person('head', unitId, ['head']);
export const supervisor = person('supervisor', office, ['supervisor']);
export const onBehalfOf = (unitId: string): Actor => ({ ...supervisor, onBehalfOf: unitId });
/** They belong to a unit that has work, and still do none of it. */
export const auditor = person('auditor', science, ['auditor']);
export const systemAdmin = person('system administrator', science, ['system-admin']);
export const securityAdmin = person('security administrator', science, ['security-admin']);
