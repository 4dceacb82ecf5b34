import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { Unreadable } from './unreadable.js';

const PACKAGE = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));

/** Opens a PDF for reading its text: no script runs, no font or picture is drawn, nothing is fetched but the tables of the package itself. */
export async function openPdf(bytes: Uint8Array): Promise<PDFDocumentProxy> {
  const loading = getDocument({
    data: new Uint8Array(bytes),
    // Chinese fonts that are not embedded name one of Adobe's tables.
    cMapUrl: join(PACKAGE, 'cmaps/'),
    cMapPacked: true,
    standardFontDataUrl: join(PACKAGE, 'standard_fonts/'),
    disableFontFace: true,
    useSystemFonts: false,
    isEvalSupported: false,
    useWasm: false,
    useWorkerFetch: false,
    enableXfa: false,
    // Every picture is larger, so none is unpacked.
    maxImageSize: 1,
    verbosity: 0,
  });
  try {
    return await loading.promise;
  } catch (cause) {
    throw new Unreadable((cause as Error).name === 'PasswordException' ? 'file.encrypted' : 'file.broken', { cause });
  }
}
