import type { UnitRole } from '@app/domain/task.js';
import type { FoundList, Inherited } from './found-list.js';
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
