import type { Place } from './text-writer.js';

/** Where in its file the text at this offset stands; undefined for formats without pages, paragraphs or rows. */
export function placeAt(places: readonly Place[], offset: number): Omit<Place, 'at'> | undefined {
  const found = places.findLast(({ at }) => at <= offset);
  if (!found) return undefined;
  const { at: _, ...place } = found;
  return place;
}

/** Words of the text, each with where it stands in the file. */
export const withPlaces = <Words extends { span: readonly [number, number] }>(some: readonly Words[], places: readonly Place[]) =>
  some.map((words) => ({ ...words, place: placeAt(places, words.span[0]) ?? null }));
