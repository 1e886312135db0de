import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { CodedError } from '../coded-error.js';
import { packageRoot } from '../package-root.js';

/** A file of the page, as it is sent. */
export interface PageFile {
  readonly bytes: Buffer;
  readonly contentType: string;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export function pageFolder(): string {
  return join(packageRoot(), 'dist', 'playground');
}

/**
 * Reads the built page into memory, by the paths of its addresses.
 * @throws CodedError `config/no-page` where the page was not built.
 */
export async function readPage(folder = pageFolder()): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  for (const entry of entries) {
    const contentType = contentTypes[extname(entry)];
    if (contentType === undefined) continue;
    const path = entry === 'index.html' ? '/' : `/${entry.replaceAll(sep, '/')}`;
    files.set(path, { bytes: await readFile(join(folder, entry)), contentType });
  }
  if (!files.has('/')) {
    throw new CodedError(
      'config',
      'no-page',
      `The playground's page is not in ${folder}. In a clone, \`npm ci && npm run build\` builds it.`,
    );
  }
  return files;
}
