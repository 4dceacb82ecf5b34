import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';
import { Unreadable } from './unreadable.js';

export type Attributes = Readonly<Record<string, string>>;
/** Names come without their prefix: the formats of Office give each name one meaning in the parts that are read. */
export type XmlEvents = {
  open(name: string, attributes: Attributes): void;
  close?(name: string): void;
  text?(text: string): void;
};

/** Deeper than any document that a program writes. */
const DEEPEST = 400;

/** Reads one part of XML, in pieces. No DOCTYPE is allowed, so no entity but the five of XML itself can be declared or fetched. */
export async function readXml(chunks: AsyncIterable<Buffer>, events: XmlEvents): Promise<void> {
  const parser = new SaxesParser({ position: false });
  let depth = 0;
  parser.on('doctype', () => {
    throw new Unreadable('file.unsafe');
  });
  parser.on('error', (error) => {
    throw new Unreadable('file.broken', { cause: error });
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > DEEPEST) throw new Unreadable('file.broken');
    events.open(local(name), Object.fromEntries(Object.entries(attributes).map(([key, value]) => [local(key), value])));
  });
  parser.on('closetag', ({ name }) => {
    depth -= 1;
    events.close?.(local(name));
  });
  parser.on('text', (text) => events.text?.(text));
  parser.on('cdata', (text) => events.text?.(text));
  let decoder: TextDecoder | null = null;
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(chunk[0] === 0xff && chunk[1] === 0xfe ? 'utf-16le' : 'utf-8', { fatal: true });
    parser.write(decoded(decoder, chunk));
  }
  if (decoder) parser.write(decoded(decoder, null));
  parser.close();
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

function decoded(decoder: TextDecoder, chunk: Buffer | null): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch (error) {
    throw new Unreadable('file.broken', { cause: error });
  }
}

/** How Office writes yes and no: an element alone means yes. */
export const isOn = (value: string | undefined): boolean => value === undefined || !/^(?:0|false|off)$/.test(value);

/** A whole number of an attribute, null for anything else. */
export function whole(value: string | undefined): number | null {
  return value !== undefined && /^-?\d{1,7}$/.test(value) ? Number(value) : null;
}
