/**
 * What pdfjs expects of a browser when it is loaded, although reading text uses none of it. Import this before pdfjs.
 * Without these it would need a native drawing library.
 */
for (const name of ['DOMMatrix', 'ImageData', 'Path2D'])
  if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value: class {}, configurable: true, writable: true });
