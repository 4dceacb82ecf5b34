import { relationsOf } from './relations.js';
import { type Extracted, TextWriter } from './text-writer.js';
import { Unreadable } from './unreadable.js';
import { WordNumbering } from './word-numbering.js';
import { WordWalk } from './word-walk.js';
import { readXml } from './xml.js';
import type { Zip } from './zip.js';

/**
 * A Word document as its reader sees it: automatic numbers written out, insertions kept and deletions left out, text boxes after the paragraph
 * they hang on, tables as rows with tabs, notes at the end. Page headers and comments are not part of the text.
 * Places count the paragraphs that have text; a row of a table counts as one.
 */
export async function wordText(zip: Zip, part: string): Promise<Extracted> {
  const relations = await relationsOf(zip, part);
  const partOf = (kind: string) => relations.find((relation) => relation.kind === kind)?.target ?? null;
  const numbering = await WordNumbering.read(zip, partOf('numbering'), partOf('styles'));
  const writer = new TextWriter();
  if (relations.some(({ kind }) => kind === 'vbaProject')) writer.note('note.macros');
  const body = new WordWalk(writer, numbering, 'body');
  await readXml(zip.read(part), body);
  if (!body.found) throw new Unreadable('file.broken');
  for (const kind of ['footnote', 'endnote'] as const) {
    const notes = partOf(`${kind}s`);
    if (notes) await readXml(zip.read(notes), new WordWalk(writer, numbering, kind));
  }
  return writer.done('word', null);
}
