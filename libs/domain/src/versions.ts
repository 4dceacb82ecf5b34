import type { Draft } from './draft.js';
import { dueOf, isAsRead } from './due.js';

/** A list of the version in force, with its task and the words it governs. */
export type Standing = Readonly<{ taskId: string; draft: Draft; text: string }>;

export type Difference = Readonly<{
  kind: 'kept' | 'changed' | 'new' | 'gone';
  /** The list in the new version; null when it is gone. */
  list: string | null;
  taskId: string | null;
  title: string;
  /** What is not as it was. */
  fields: readonly ('title' | 'text' | 'units' | 'due')[];
}>;

/** Without marks and figures, which change when items move. */
const bare = (text: string) => text.replace(/[\s\p{P}\p{N}]/gu, '');
/** 1. · 一、 · （二） · 第三条: where a line stands among its neighbours, which is no matter of what it says. */
const NUMBER =
  /^[\s\p{P}]*(?:第?[\d一二三四五六七八九十百]{1,4}(?:[章节条款项]|[、.．)）:：](?!\d))|[(（][\d一二三四五六七八九十百]{1,4}[)）])/gmu;
const said = (text: string) => text.replace(NUMBER, '').replace(/[\s\p{P}]/gu, '');
const unitsOf = ({ units }: Draft) =>
  units
    .map(({ role, name }) => `${role}:${name}`)
    .sort()
    .join();

/** A text's pairs of neighbouring characters, counted once for many comparisons. */
type Profile = Readonly<{ pairs: ReadonlyMap<string, number>; total: number }>;

function profileOf(text: string): Profile {
  const plain = bare(text);
  const pairs = new Map<string, number>();
  for (let n = 0; n + 1 < plain.length; n++) {
    const pair = plain.slice(n, n + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return { pairs, total: Math.max(0, plain.length - 1) };
}

/** How much two texts share: 1 for the same pairs of characters, 0 for none (Dice). */
function likeness(a: Profile, b: Profile): number {
  let common = 0;
  for (const [pair, n] of a.pairs) common += Math.min(n, b.pairs.get(pair) ?? 0);
  return a.total + b.total === 0 ? 1 : (2 * common) / (a.total + b.total);
}

/** Below this two lists are not the same one, however they may have been reworded. */
const ALIKE = 0.5;

/**
 * Finds for each list of a new version the task that it continues. What is word for word the same goes together first, then the most
 * alike; headings weigh as much as the words, so an item that was renumbered, reworded or moved is still found, and a second one under
 * the same heading is told apart by its words.
 */
export function continued(before: readonly Standing[], after: readonly Draft[], textOf: (draft: Draft) => string): Map<string, string> {
  const tasks = new Map<string, string>();
  const free = new Map(before.map((standing) => [standing.taskId, standing]));
  const pair = (list: string, taskId: string) => {
    if (tasks.has(list) || !free.delete(taskId)) return;
    tasks.set(list, taskId);
  };

  const words = (path: readonly string[], text: string) => bare(path.join()) + bare(text);
  const same = new Map(before.map(({ taskId, draft, text }) => [words(draft.path, text), taskId]));
  for (const draft of after) pair(draft.list, same.get(words(draft.path, textOf(draft))) ?? '');

  const profiled = (path: readonly string[], text: string) => ({ path: profileOf(path.join()), text: profileOf(text) });
  const left = [...free.values()].map(({ taskId, draft, text }) => ({ taskId, ...profiled(draft.path, text) }));
  const candidates = after
    .filter(({ list }) => !tasks.has(list))
    .flatMap((draft) => {
      const own = profiled(draft.path, textOf(draft));
      return left.map(({ taskId, path, text }) => ({
        list: draft.list,
        taskId,
        alike: (likeness(own.path, path) + likeness(own.text, text)) / 2,
      }));
    })
    .filter(({ alike }) => alike >= ALIKE)
    .sort((a, b) => b.alike - a.alike);
  for (const { list, taskId } of candidates) pair(list, taskId);
  return tasks;
}

/** Whether the later version says something else about when. A date that somebody set on the earlier one is none that its text said. */
export function saysAnotherDate(before: Draft, after: Draft): boolean {
  const said = before.deadlines && isAsRead(after) ? dueOf(before.deadlines) : before.due;
  return said.dueOn !== after.due.dueOn || said.recurrence !== after.due.recurrence;
}

/** What a new version keeps, changes, adds and drops, in its order; what is gone comes last. */
export function differences(before: readonly Standing[], after: readonly Draft[], textOf: (draft: Draft) => string): Difference[] {
  const old = new Map(before.map((standing) => [standing.taskId, standing]));
  const found = after.map((draft): Difference => {
    const standing = draft.was ? old.get(draft.was) : undefined;
    if (!standing) return { kind: 'new', list: draft.list, taskId: null, title: draft.title, fields: [] };
    const fields = changedFields(standing, draft, textOf(draft));
    return { kind: fields.length === 0 ? 'kept' : 'changed', list: draft.list, taskId: standing.taskId, title: draft.title, fields };
  });
  const kept = new Set(found.map(({ taskId }) => taskId));
  const gone = before.filter(({ taskId }) => !kept.has(taskId));
  return [...found, ...gone.map(({ taskId, draft }): Difference => ({ kind: 'gone', list: null, taskId, title: draft.title, fields: [] }))];
}

function changedFields(before: Standing, after: Draft, text: string): Difference['fields'] {
  const changed = {
    title: said(before.draft.title) !== said(after.title),
    text: said(before.text) !== said(text),
    units: unitsOf(before.draft) !== unitsOf(after),
    due: saysAnotherDate(before.draft, after),
  };
  return (Object.keys(changed) as (keyof typeof changed)[]).filter((field) => changed[field]);
}
