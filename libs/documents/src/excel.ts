import { valueOf, type Formats, formatsOf } from './excel-values.js';
import { columnNumber, isMerged, mergeOf, type Merge, sheetLines } from './excel-sheet.js';
import { limits } from './limits.js';
import { relationsOf } from './relations.js';
import { type Extracted, TextWriter } from './text-writer.js';
import { Unreadable } from './unreadable.js';
import { isOn, readXml, whole } from './xml.js';
import type { Zip } from './zip.js';

type Sheet = { name: string; relation: string; hidden: boolean };

/** The visible sheets of a workbook, in their order, as rows with tabs; formulas count as their saved results. */
export async function excelText(zip: Zip, part: string): Promise<Extracted> {
  const relations = await relationsOf(zip, part);
  const partOf = (kind: string) => relations.find((relation) => relation.kind === kind)?.target ?? null;
  const writer = new TextWriter();
  const { sheets, since1904 } = await sheetsOf(zip, part);
  const strings = await stringsOf(zip, partOf('sharedStrings'));
  const formats = await formatsOf(zip, partOf('styles'), since1904);
  if (relations.some(({ kind }) => kind === 'vbaProject')) writer.note('note.macros');
  for (const { name, relation, hidden } of sheets) {
    const target = relations.find(({ id, kind }) => id === relation && kind === 'worksheet')?.target;
    if (hidden) writer.note('note.hidden');
    else if (target) await writeSheet(zip, target, name, strings, formats, writer);
  }
  return writer.done('excel', null);
}

async function sheetsOf(zip: Zip, part: string): Promise<{ sheets: Sheet[]; since1904: boolean }> {
  const sheets: Sheet[] = [];
  let since1904 = false;
  await readXml(zip.read(part), {
    open(element, { name, id, state, date1904 }) {
      if (element === 'workbookPr') since1904 = date1904 !== undefined && isOn(date1904);
      if (element === 'sheet') sheets.push({ name: name ?? '', relation: id ?? '', hidden: state === 'hidden' || state === 'veryHidden' });
    },
  });
  if (sheets.length === 0) throw new Unreadable('file.broken');
  return { sheets, since1904 };
}

async function stringsOf(zip: Zip, part: string | null): Promise<string[]> {
  const strings: string[] = [];
  if (!part) return strings;
  let [words, phonetic, open] = ['', false, false];
  await readXml(zip.read(part), {
    open(element) {
      if (element === 'si') words = '';
      if (element === 'rPh') phonetic = true;
      open = element === 't' && !phonetic;
    },
    close(element) {
      if (element === 'rPh') phonetic = false;
      if (element === 'si') strings.push(words);
      open = false;
    },
    text(text) {
      if (open) words += text;
    },
  });
  return strings;
}

async function writeSheet(zip: Zip, part: string, sheet: string, strings: readonly string[], formats: Formats, writer: TextWriter) {
  const rows = new Map<number, Map<number, string>>();
  const merges: Merge[] = [];
  let [row, column, cells] = [0, 0, 0];
  let [type, style, value, formula, phonetic] = ['', 0, '', false, false];
  let open = false;
  await readXml(zip.read(part), {
    open(element, attributes) {
      if (element === 'row') {
        row = whole(attributes['r']) ?? row + 1;
        column = 0;
      } else if (element === 'c') {
        column = columnOf(attributes['r']) ?? column + 1;
        [type, style, value, formula] = [attributes['t'] ?? 'n', whole(attributes['s']) ?? 0, '', false];
      } else if (element === 'f') formula = true;
      else if (element === 'rPh') phonetic = true;
      else if (element === 'mergeCell') {
        const merge = mergeOf(attributes['ref']);
        if (merge && merges.push(merge) > limits.cells) throw new Unreadable('file.too-large');
      }
      open = element === 'v' || (element === 't' && !phonetic);
    },
    close(element) {
      open = false;
      if (element === 'rPh') phonetic = false;
      if (element !== 'c') return;
      if (formula && value === '') writer.note('note.no-value');
      const shown = valueOf(type, value, style, strings, formats);
      if (shown === '') return;
      if (++cells > limits.cells) throw new Unreadable('file.too-large');
      const cellsOfRow = rows.get(row) ?? new Map<number, string>();
      rows.set(row, cellsOfRow.set(column, shown));
    },
    text(text) {
      if (open) value += text;
    },
  });
  for (const { line, row: number } of sheetLines(rows, merges.filter(isMerged))) writer.line(line, { sheet, row: number });
}

function columnOf(reference: string | undefined): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  return letters ? columnNumber(letters) : null;
}
