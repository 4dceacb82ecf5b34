/** Words at a place; y goes up from the foot of an A4 page. */
export type Words = { x: number; y: number; text: string; size?: number };
/** `lines` are drawn: x0 y0 x1 y1. `turn` draws the words upwards, `rotate` says how to show the page. */
export type PdfPage = {
  words: readonly Words[];
  lines?: readonly (readonly [number, number, number, number])[];
  rotate?: number;
  turn?: 0 | 1;
};

const code = (high: number, low: number): string => String.fromCharCode(high * 256 + low);
const hex = (text: string): string => Array.from(text, (_, i) => text.charCodeAt(i).toString(16).padStart(4, '0')).join('');

/**
 * A PDF with Chinese words in a font that is not embedded: its codes are UTF-16, and all letters are as wide as they are high.
 * `contents` takes the place of what would draw a page, in characters of one byte.
 */
export function pdf(pages: readonly PdfPage[], { extra = '', contents = '' } = {}): Buffer {
  const objects: string[] = [];
  const add = (body: string) => objects.push(body);
  const stream = (content: string) => `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;
  const kids = pages.map((_, i) => `${6 + i * 2} 0 R`).join(' ');
  add(`<< /Type /Catalog /Pages 2 0 R ${extra} >>`);
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  add(`<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>`);
  add(
    '<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 ' +
      '/FontDescriptor << /Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >> >>',
  );
  const ranges = Array.from({ length: 256 }, (_, i) => `<${hex(code(i, 0))}> <${hex(code(i, 255))}> <${hex(code(i, 0))}>`);
  add(
    stream(
      '/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n1 begincodespacerange <0000> <ffff> endcodespacerange\n' +
        `256 beginbfrange\n${ranges.join('\n')}\nendbfrange\nendcmap end end`,
    ),
  );
  for (const [i, { words, lines = [], rotate = 0, turn = 0 }] of pages.entries()) {
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate ${rotate} /Resources << /Font << /F 3 0 R >> >> /Contents ${7 + i * 2} 0 R >>`,
    );
    const drawn = lines.map(([x0, y0, x1, y1]) => `${x0} ${y0} m ${x1} ${y1} l S`);
    const said = words.map(
      ({ x, y, text, size = 12 }) => `BT /F ${size} Tf ${turn === 0 ? '1 0 0 1' : '0 1 -1 0'} ${x} ${y} Tm <${hex(text)}> Tj ET`,
    );
    add(contents || stream([...drawn, ...said].join('\n')));
  }
  return assemble(objects);
}

/** Numbers the objects and writes the table of where they are. */
function assemble(objects: readonly string[]): Buffer {
  let file = '%PDF-1.7\n';
  const offsets = objects.map((body, i) => {
    const at = file.length;
    file += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const start = file.length;
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  return Buffer.from(
    `${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`,
    'latin1',
  );
}
