import type { Place } from './text-writer.js';

/** Where in its file the text at this offset stands; undefined for formats without pages, paragraphs or rows. */
export function placeAt(places: readonly Place[], offset: number): Omit<Place, 'at'> | undefined {
  const found = places.findLast(({ at }) => at <= offset);
  if (!found) return undefined;
  const { at: _, ...place } = found;
  return place;
}
