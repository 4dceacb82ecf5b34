import fc from 'fast-check';
import { parse } from './parse.js';
import { docxParts, p, row, tc, tr, xlsx, zipOf } from './testing.js';
import { pdf } from './testing-pdf.js';
import type { Extracted } from './text-writer.js';
import { Unreadable } from './unreadable.js';

const body =
  p('一、总体要求', '<w:numPr><w:numId w:val="1"/></w:numPr>') +
  `<w:tbl>${tr(tc(p('任务')), tc(p('牵头单位'), '<w:gridSpan w:val="2"/>'))}</w:tbl>`;
const numbering =
  '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>';
const parts = docxParts(body, { numbering });
const html = Buffer.from(
  '<html><meta charset=utf-8><h1>通知</h1><table><tr><td rowspan=2>1<td>建设<tr><td>推广</table><ol><li>甲</ol>&amp;&#20013;',
);
const page = {
  words: [{ x: 60, y: 700, text: '牵头单位：省财政厅' }],
  lines: [
    [50, 680, 300, 680],
    [50, 720, 300, 720],
    [50, 680, 50, 720],
    [200, 680, 200, 720],
  ] as const,
};
/** «牵头单位：省科技厅» in GB18030. */
const GB = [0xc7, 0xa3, 0xcd, 0xb7, 0xb5, 0xa5, 0xce, 0xbb, 0xa3, 0xba, 0xca, 0xa1, 0xbf, 0xc6, 0xbc, 0xbc, 0xcc, 0xfc];
const corpus: readonly [name: string, bytes: Buffer][] = [
  ['docx', zipOf(parts)],
  ['xlsx', xlsx([{ name: 'a', rows: row(1, '序号', '任务') + row(2, '1', '建设'), merges: ['A1:B1'] }])],
  ['html', html],
  ['csv', Buffer.from('序号,任务\n1,"建设\n推广"\n')],
  ['txt', Buffer.from([...GB, 0x0a, ...GB])],
  ['txt', Buffer.from('\ufeff一、总体要求\n（牵头单位：省财政厅）\n', 'utf16le')],
  ['pdf', pdf([page])],
];

type Mutation = { cut: number; flips: { at: number; bit: number }[] };
const share = fc.double({ min: 0, max: 0.999, noNaN: true });
const mutation: fc.Arbitrary<Mutation> = fc.record({
  cut: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: share }),
  flips: fc.array(fc.record({ at: share, bit: fc.nat(7) }), { maxLength: 12 }),
});

function mutated(bytes: Buffer, { cut, flips }: Mutation): Buffer {
  const mutant = Buffer.from(bytes.subarray(0, Math.ceil(bytes.length * cut)));
  for (const { at, bit } of flips) {
    const i = Math.floor(at * mutant.length);
    mutant[i] = mutant[i]! ^ (1 << bit);
  }
  return mutant;
}

/** What is wrong with what a file gives: null, when it is a text whose places lie in it or the reason why there is none, soon enough. */
async function wrong(bytes: Buffer, name: string): Promise<string | null> {
  const began = performance.now();
  const outcome = await parse(bytes, name).catch((error: unknown) => error);
  if (performance.now() - began > 5_000) return 'too slow';
  // Its library fails on a PDF in words of its own, which the child translates.
  if (outcome instanceof Error) return outcome instanceof Unreadable || name === 'pdf' ? null : String(outcome.stack);
  const { text, places } = outcome as Extracted;
  if (text.trim() === '') return 'no text';
  return places.every(({ at }, i) => at < text.length && at >= (places[i - 1]?.at ?? 0)) ? null : 'a place outside';
}

describe('a damaged file', () => {
  it.each(corpus)('of the kind %s gives its text or a reason', async (name, bytes) => {
    const result = await fc.check(
      fc.asyncProperty(mutation, async (how) => (await wrong(mutated(bytes, how), name)) === null),
      { numRuns: 60 },
    );
    expect(fc.defaultReportMessage(result)).toBeUndefined();
  });

  it('packed well around damaged XML gives its text or a reason', async () => {
    const damaged = fc.tuple(fc.nat(parts.length - 1), mutation);
    const pack = (n: number, how: Mutation) =>
      zipOf(parts.map((part, i) => (i === n ? { ...part, content: mutated(Buffer.from(part.content), how) } : part)));
    const result = await fc.check(
      fc.asyncProperty(damaged, async ([n, how]) => (await wrong(pack(n, how), 'docx')) === null),
      { numRuns: 120 },
    );
    expect(fc.defaultReportMessage(result)).toBeUndefined();
  });
});
