const BITS = 2 ** 27;
const HASHES = 4;

/**
 * Remembers texts in 16 MB, however many: what was added is always found; of a million others, at most a few are found although they
 * were not (Bloom 1970; with ten million added, one in two hundred).
 */
export class MaybeSet {
  private readonly words = new Uint32Array(BITS / 32);

  add(text: string): void {
    for (const place of placesOf(text)) this.words[place >>> 5]! |= 1 << (place & 31);
  }

  has(text: string): boolean {
    return placesOf(text).every((place) => (this.words[place >>> 5]! & (1 << (place & 31))) !== 0);
  }
}

/** Two hashes make all the others (Kirsch and Mitzenmacher 2006); FNV-1a, forwards and backwards. */
function placesOf(text: string): number[] {
  let [one, two] = [0x811c9dc5, 0x811c9dc5];
  for (let n = 0; n < text.length; n++) {
    one = Math.imul(one ^ text.charCodeAt(n), 0x01000193);
    two = Math.imul(two ^ text.charCodeAt(text.length - 1 - n), 0x01000193);
  }
  return Array.from({ length: HASHES }, (_, n) => (one + Math.imul(n, two | 1)) & (BITS - 1));
}
