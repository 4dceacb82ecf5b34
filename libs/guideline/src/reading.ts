import type { UnitRole } from '@app/domain/task.js';
import type { NamePiece } from './names.js';
import type { Label } from './vocabulary.js';

/** A name with its role, in offsets of the line it stands in. */
export type Named = NamePiece & { role: UnitRole };
export type Notice = { code: string; details: Record<string, string> };

/**
 * A sentence that holds for more lists than the one it stands in.
 * first-leads: of those responsible the first leads. marked-leads: those with the mark behind their name do. adds: these units share every list, though it does not say so again.
 */
export type Rule = { start: number; end: number; onward: boolean } & (
  { kind: 'first-leads' } | { kind: 'marked-leads' } | { kind: 'adds'; from: number; to: number; role: UnitRole }
);

/** What one list says, in offsets of the line it was read from. */
export type Reading = {
  named: Named[];
  openEnded: boolean;
  due: { start: number; end: number; field: boolean }[];
  rules: Rule[];
  unread: [start: number, end: number][];
  labels: Label['role'][];
  verbs: number;
  notices: Notice[];
};

export const emptyReading = (): Reading => ({
  named: [],
  openEnded: false,
  due: [],
  rules: [],
  unread: [],
  labels: [],
  verbs: 0,
  notices: [],
});
