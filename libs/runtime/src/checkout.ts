import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json, from the sources and from dist alike. Data files are read from its source tree. */
export const CHECKOUT = folderOf('package.json', dirname(fileURLToPath(import.meta.url)));

function folderOf(file: string, from: string): string {
  return existsSync(join(from, file)) || dirname(from) === from ? from : folderOf(file, dirname(from));
}
