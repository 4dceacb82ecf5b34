import { posix } from 'node:path';
import { readXml } from './xml.js';
import type { Zip } from './zip.js';

/** What one part of an Office document says about another. `kind` is the end of its type: styles, numbering, worksheet … */
export type Relation = { id: string; kind: string; target: string };

/** The parts that `part` names and that are there; '' asks the document as a whole. What lies outside the file is never followed. */
export async function relationsOf(zip: Zip, part: string): Promise<Relation[]> {
  const name = posix.join(posix.dirname(part), '_rels', `${posix.basename(part)}.rels`);
  if (!zip.has(name)) return [];
  const relations: Relation[] = [];
  await readXml(zip.read(name), {
    open(element, { Id: id, Type: type, Target: target, TargetMode: mode }) {
      if (element !== 'Relationship' || !type || !target || mode === 'External') return;
      const path = posix.resolve('/', posix.dirname(part), target).slice(1);
      if (zip.has(path)) relations.push({ id: id ?? '', kind: type.slice(type.lastIndexOf('/') + 1), target: path });
    },
  });
  return relations;
}
