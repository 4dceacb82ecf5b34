import { crc32, deflateRawSync } from 'node:zlib';

/** What a test puts into an archive; `lies` changes what its directory says about it. */
export type Part = { name: string; content: string | Buffer; lies?: { size?: number; flags?: number; attributes?: number; crc?: number } };

/** A ZIP archive, byte by byte (APPNOTE 6.3), so that tests can also write what no program writes. */
export function zipOf(parts: readonly Part[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, lies = {} } of parts) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(lies.flags ?? 0x0800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(lies.crc ?? crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(lies.size ?? bytes.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, path, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((lies.attributes ?? 0) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), common, rest, path);
    files.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(parts.length & 0xffff, 8);
  end.writeUInt16LE(parts.length & 0xffff, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, central, end]);
}

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="urn:mc" xmlns:wps="urn:wps" xmlns:v="urn:v"';

const rels = (entries: readonly (readonly [id: string, kind: string, target: string])[]): string =>
  `<Relationships>${entries.map(([id, kind, target]) => `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`).join('')}</Relationships>`;

/** The parts of a Word document with this body. Other parts are named as they are in a real one: numbering, styles, footnotes … */
export const docxParts = (body: string, others: Record<string, string> = {}): Part[] => [
  { name: '_rels/.rels', content: rels([['r1', 'officeDocument', 'word/document.xml']]) },
  { name: 'word/document.xml', content: `<?xml version="1.0" encoding="UTF-8"?><w:document ${W}><w:body>${body}</w:body></w:document>` },
  { name: 'word/_rels/document.xml.rels', content: rels(Object.keys(others).map((kind) => [kind, kind, `${kind}.xml`])) },
  ...Object.entries(others).map(([kind, content]) => ({ name: `word/${kind}.xml`, content: `<w:${kind} ${W}>${content}</w:${kind}>` })),
];
export const docx = (body: string, others: Record<string, string> = {}): Buffer => zipOf(docxParts(body, others));

/** A paragraph of Word with these words. */
export const p = (text: string, properties = ''): string =>
  `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
export const tc = (content: string, properties = ''): string => `<w:tc><w:tcPr>${properties}</w:tcPr>${content}</w:tc>`;
export const tr = (...cells: string[]): string => `<w:tr>${cells.join('')}</w:tr>`;

type Sheet = { name: string; rows: string; merges?: readonly string[]; state?: string };

/** A workbook with these sheets; `styles` is the inside of its styleSheet. */
export function xlsx(sheets: readonly Sheet[], strings: readonly string[] = [], styles = '', workbook = ''): Buffer {
  const list = sheets.map(
    ({ name, state }, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="s${i}"${state ? ` state="${state}"` : ''}/>`,
  );
  return zipOf([
    { name: '_rels/.rels', content: rels([['r1', 'officeDocument', 'xl/workbook.xml']]) },
    { name: 'xl/workbook.xml', content: `<workbook xmlns:r="${OFFICE}">${workbook}<sheets>${list.join('')}</sheets></workbook>` },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: rels([
        ...sheets.map((_, i) => [`s${i}`, 'worksheet', `worksheets/sheet${i}.xml`] as const),
        ['x', 'sharedStrings', 'sharedStrings.xml'],
        ['y', 'styles', '/xl/styles.xml'],
      ]),
    },
    { name: 'xl/sharedStrings.xml', content: `<sst>${strings.map((text) => `<si><t>${text}</t></si>`).join('')}</sst>` },
    { name: 'xl/styles.xml', content: `<styleSheet>${styles}</styleSheet>` },
    ...sheets.map(({ rows, merges = [] }, i) => ({
      name: `xl/worksheets/sheet${i}.xml`,
      content: `<worksheet><sheetData>${rows}</sheetData><mergeCells>${merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells></worksheet>`,
    })),
  ]);
}

/** A row of Excel with its words in the cells. */
export const row = (number: number, ...cells: readonly (string | null)[]): string =>
  `<row r="${number}">${cells
    .map((text, i) => (text === null ? '' : `<c r="${String.fromCharCode(65 + i)}${number}" t="inlineStr"><is><t>${text}</t></is></c>`))
    .join('')}</row>`;
