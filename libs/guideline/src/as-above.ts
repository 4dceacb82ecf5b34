import type { UnitRole } from '@app/domain/task.js';
import type { FoundList, Inherited } from './found-list.js';
import type { Section } from './outline.js';
import { wordsIn } from './text-view.js';
import { AS_ABOVE } from './vocabulary.js';

/** Those of the list above in one role; null asks for all. */
export function unitsAbove(above: FoundList | null, role: UnitRole | null): { name: string; role: UnitRole; many: boolean }[] {
  if (!above) return [];
  const named = above.reading.named.filter((name) => role === null || name.role === role);
  const said = named.map((name) => ({ name: wordsIn(above.line, name.start, name.end), role: name.role, many: name.kind === 'many' }));
  return [
    ...said,
    ...above.inherited
      .filter((unit) => role === null || unit.role === role)
      .map(({ name, many, role: same }) => ({ name, role: same, many })),
  ];
}

/** 同第1条: the item that is meant. */
const AS_ITEM = /^(?:同|与)第?(\d{1,3}|[一二三四五六七八九十]{1,3})(?:条|项|点|款)?(?:相同|一致)?$/;

/** Puts the units of the item in the place of «同第1条» where just one item of that number stands beside this list's own and has one list. */
export function withUnitsOfItems(lists: readonly FoundList[], sections: readonly Section[]): void {
  let own = -1;
  for (const [i, list] of lists.entries()) {
    while (own + 1 < sections.length && sections[own + 1]!.start <= list.start) own += 1;
    const [from, to] = list.reading.named.length === 0 && list.reading.unread.length === 1 ? list.reading.unread[0]! : [0, 0];
    const asked = to > from ? AS_ITEM.exec(list.line.text.slice(from, to))?.[1] : undefined;
    const item = asked ? itemBeside(sections, own, asked) : null;
    const theirs = item ? lists.slice(Math.max(0, i - MOST_ITEMS), i).filter(({ start }) => start >= item.start && start < item.end) : [];
    if (theirs.length !== 1) continue;
    const written = wordsIn(list.line, from, to);
    const { start, end } = list;
    list.inherited.push(...unitsAbove(theirs[0]!, null).map((unit): Inherited => ({ ...unit, written, start, end })));
    if (list.inherited.length === 0) continue;
    list.notices.push({ code: 'unit.same-as-item', details: { written } });
    list.reading.unread.pop();
  }
}

/** How far back an item and its list are looked for. */
const MOST_ITEMS = 200;

/** The one item of that number before the section `own`, of its level and under the same heading; [start, end) with what stands under it. */
function itemBeside(sections: readonly Section[], own: number, asked: string): { start: number; end: number } | null {
  const level = sections[own]?.level ?? 0;
  const found: { start: number; end: number }[] = [];
  let end = sections[own]?.start ?? 0;
  for (let at = own - 1; at >= Math.max(0, own - MOST_ITEMS) && sections[at]!.level >= level; at--) {
    const { start, level: theirs, numeral } = sections[at]!;
    if (theirs > level) continue;
    if (numeral.replace(/[^\d一二三四五六七八九十]/g, '') === asked) found.push({ start, end });
    end = start;
  }
  return found.length === 1 ? found[0]! : null;
}

/** Puts the units of the list before in the place of «同上». A row of a table has looked at its own column already. */
export function withUnitsAbove(lists: readonly FoundList[]): void {
  for (const [i, list] of lists.entries()) {
    for (const name of list.reading.named.filter(({ start, end }) => AS_ABOVE.test(list.line.text.slice(start, end)))) {
      const written = wordsIn(list.line, name.start, name.end);
      const above = lists[i - 1] ?? null;
      const same = unitsAbove(above, name.role);
      const [start, end] = [list.start, list.end];
      const units = same.length > 0 ? same : unitsAbove(above, null);
      list.inherited.push(...units.map((unit): Inherited => ({ ...unit, written, start, end })));
      list.notices.push({ code: 'unit.same-as-above', details: { written } });
      list.reading.named.splice(list.reading.named.indexOf(name), 1);
    }
  }
}
