import type { UnitRole } from '@app/domain/task.js';
import type { FoundList } from './found-list.js';
import type { Rule } from './reading.js';
import type { Taken } from './taken.js';
import { spanOf, type Span, type View, wordsIn } from './text-view.js';

const FIRST = /第一(?![章节条步批季阶产时])|首位|首个|第1|之首|最前/;
const PLACE = /排|列|位|名|家|个|单位|部门/;
/** 下同, 不再列出: the sentence holds from here on. */
const ONWARD = /以?下同|下列|以下|不再(?:逐一|一一)?(?:列出|列示|注明|重复|赘述|(?:另行?|作|做)?分工)|均为|各项|本方案|本意见|全文/;

/** The rule that these words of a list state, with the 下同 that may stand in the next part. */
export function ruleIn(text: string, start: number, end: number): Rule | null {
  const words = text.slice(start, end);
  if (words.length > 80) return null;
  if (FIRST.test(words) && /牵头|主办|主责/.test(words) && PLACE.test(words)) {
    const onward = ONWARD.test(text.slice(start, Math.min(text.length, end + 20)));
    return { kind: 'first-leads', start, end: withTail(text, end), onward };
  }
  if (MARKED.test(words)) return { kind: 'marked-leads', start, end: withTail(text, end), onward: true };
  const all = ALL_SHARE.exec(words.replace(TAIL, ''));
  if (!all) return null;
  const names = all[1] ?? all[3]!;
  const from = start + words.indexOf(names);
  const role = ROLES[all[2] ?? ''] ?? 'responsible';
  return { kind: 'adds', from, to: from + names.length, role, start, end: withTail(text, end), onward: true };
}

/** 标*的为牵头单位: the mark is gone in the folded text, so that it is looked for where the sentence stands. */
const MARKED =
  /(?:标注?|带|加|注明?|打|有|画)有?[^,;。]{0,8}的?(?:责任)?(?:单位|部门|者)?(?:即?为|是|系)(?:总?牵头|主办|主责)(?:单位|部门)?/;
const MARK = /[*＊★☆▲△●○◎◆#※]/;
const BOLD = /加粗|粗体|黑体/;

/** The sign that a rule says marks the leads: a symbol, «**» for what Markdown prints bold; null where the text has lost it. */
export function markOf({ text }: StandingRule): string | null {
  return MARK.exec(text)?.[0] ?? (BOLD.test(text) ? '**' : null);
}

/** 以下均需各地政府落实 */
const ALL_SHARE =
  /^(?:以下|下同|下列|以上|下述|上述|各项|所有|每项|全部|具体)[^均都皆]{0,12}(?:均|都|皆)(?:(?:需要?|须|应|由|为)?(.{2,30}?)(?:负责|抓好|共同)?(落实|负责|配合|参与|实施|牵头|指导)(?:落实|实施)?|涉及(.{2,30}))$/;
const ROLES: Readonly<Record<string, UnitRole>> = { 配合: 'support', 参与: 'support', 牵头: 'lead', 指导: 'guide' };

const TAIL = /[,;。、](?:以?下同|(?:以下|此后)?不再(?:逐一|一一)?(?:列出|列示|注明|重复|赘述|(?:另行?|作|做)?分工))$/;

function withTail(text: string, end: number): number {
  const tail = /^(?:[,;。、](?:以?下同|(?:以下|此后)?不再(?:逐一|一一)?(?:列出|列示|注明|重复|赘述|(?:另行?|作|做)?分工))){1,2}/.exec(
    text.slice(end, end + 24),
  );
  return tail ? end + tail[0].length : end;
}

/** A rule with its words and where they stand in the source; `line` is what its own offsets count in. */
export type StandingRule = { rule: Rule; line: View; text: string; span: Span; at: number };

/** Rules that a sentence outside every list states, and those in the heads of columns. They hold from where they stand. */
export function rulesInProse(view: View, lists: Taken): StandingRule[] {
  const { text } = view;
  const found: StandingRule[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && !'。;!?\n\t|()'.includes(text.charAt(at))) continue;
    if (at - start > 6 && at - start <= 80 && lists.free(start, at)) {
      const rule = ruleIn(text, start, at);
      if (rule)
        found.push({
          rule: { ...rule, onward: true },
          line: view,
          text: wordsIn(view, start, at),
          span: spanOf(view, start, at),
          at: start,
        });
    }
    start = at + 1;
  }
  return found;
}

/** For each list the rules that hold for it, and those that are only stated behind it. A later rule of a kind takes the place of an earlier one. */
export function standingRules(
  view: View,
  lists: readonly FoundList[],
  prose: readonly StandingRule[],
): { rule: StandingRule[]; later: StandingRule[] }[] {
  const standing = new Map<Rule['kind'], StandingRule>();
  let next = 0;
  const lastList = lists.at(-1)?.start ?? 0;
  const later = prose.filter(({ at }) => at > lastList);
  return lists.map(({ start, line, reading }) => {
    for (; next < prose.length && prose[next]!.at <= start; next++) standing.set(prose[next]!.rule.kind, prose[next]!);
    const own = reading.rules.map((rule): StandingRule => {
      return { rule, line, text: wordsIn(line, rule.start, rule.end), span: spanOf(line, rule.start, rule.end), at: start };
    });
    const holding = new Map([...standing, ...own.map((one) => [one.rule.kind, one] as const)]);
    for (const one of own) if (one.rule.onward) standing.set(one.rule.kind, one);
    return { rule: [...holding.values()], later: holding.has('first-leads') ? [] : later };
  });
}
