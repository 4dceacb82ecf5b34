/** What reading one file, or the lists in a text, may cost. Tests make these smaller; nothing makes them larger. */
export const limits = {
  /** Bytes of the file as sent. */
  fileBytes: 20 * 1024 * 1024,
  /** UTF-16 units of the text: twenty novels, or ten times the longest plan we know. */
  textLength: 2_000_000,
  /** Cells of tables, merged ones counted as often as they are repeated. */
  cells: 400_000,
  zip: { entries: 2_000, bytes: 200 * 1024 * 1024, ratio: 100 },
  pages: 3_000,
  /** Time by the clock, from the start of the child. */
  milliseconds: 20_000,
  heapMegabytes: 256,
  /** What a child may say: the longest text, and where its parts stand. */
  answerBytes: 38_000_000,
  /** All memory of the child: its heap, and Node itself with what lies outside the heap (buffers, inflated parts). */
  residentMegabytes: 256 + 96,
} as const;
