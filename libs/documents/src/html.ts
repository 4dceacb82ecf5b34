import { Parser } from 'htmlparser2';
import { decodeText, type Encoding } from './decode.js';
import { HtmlWalk } from './html-walk.js';
import { type Extracted, TextWriter } from './text-writer.js';

const DECLARED: Record<string, Encoding> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  gb2312: 'gb18030',
  gbk: 'gb18030',
  gb18030: 'gb18030',
  big5: 'big5',
};

/** The words of a page as it is seen without its scripts and menus; nothing that it names is fetched. */
export function htmlText(bytes: Uint8Array): Extracted {
  const { text, encoding } = decodeText(bytes, declaredEncoding(bytes));
  const writer = new TextWriter();
  const walk = new HtmlWalk(writer);
  const parser = new Parser(walk, { decodeEntities: true, lowerCaseTags: true });
  parser.end(text);
  walk.finish();
  return writer.done('html', encoding);
}

function declaredEncoding(bytes: Uint8Array): Encoding | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 2048)).toString('latin1');
  const name = /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(head)?.[1] ?? /^\s*<\?xml[^>]+encoding=["']([\w-]+)/i.exec(head)?.[1];
  return DECLARED[name?.toLowerCase() ?? ''] ?? null;
}
