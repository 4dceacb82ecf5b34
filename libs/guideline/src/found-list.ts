import type { UnitRole } from '@app/domain/task.js';
import type { Notice, Reading } from './reading.js';
import type { View } from './text-view.js';

/** A unit taken from the row above; [start, end) is where the list says so. */
export type Inherited = { name: string; written: string; role: UnitRole; many: boolean; start: number; end: number };

/**
 * A list where it was found, in offsets of the view. `line` is what was read, `reading` what it says, in offsets of that line.
 * `passage`, `path` and `title` are set where the form itself knows them (a row of a table), null where the outline does.
 */
export type FoundList = {
  start: number;
  end: number;
  line: View;
  reading: Reading;
  form: 'bracket' | 'labels' | 'sentence' | 'row';
  passage: [start: number, end: number] | null;
  path: string[] | null;
  title: string | null;
  notices: Notice[];
  inherited: Inherited[];
};
