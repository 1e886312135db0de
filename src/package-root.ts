import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CodedError } from './coded-error.js';

const packageName = 'whitewalker';

/**
 * Returns the folder that whitewalker is installed in, as an absolute path: the nearest one above this file whose
 * package.json has whitewalker's name. It is searched for, because this file is src/package-root.ts during development
 * and dist/src/package-root.js once it is compiled.
 * @throws CodedError `installation/incomplete` where no such folder is found.
 */
export function packageRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (nameOfPackage(folder) === packageName) return folder;
    if (dirname(folder) === folder) {
      const sentence = `No package.json of ${packageName} can be read above ${start}: install it again, or as this user.`;
      throw new CodedError('installation', 'incomplete', sentence);
    }
  }
}

/**
 * Returns the path of a module of this program that is to be forked. Node runs compiled code, so the path is in dist,
 * even while tests run the rest from src.
 * @param module - its path below src without extension, such as `compute/compute-process-main`.
 */
export function programPath(module: string): string {
  return join(packageRoot(), 'dist', 'src', `${module}.js`);
}

/** Returns the version of this program as its package.json has it, such as `0.1.0`. */
export function packageVersion(): string {
  const { version }: { version?: unknown } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  return String(version);
}

function nameOfPackage(folder: string): unknown {
  try {
    const description: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof description === 'object' && description !== null && 'name' in description
      ? description.name
      : undefined;
  } catch {
    // This folder has no package.json, or one that can't be read: look further up.
    return undefined;
  }
}
