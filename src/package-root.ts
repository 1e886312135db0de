import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageName = 'whitewalker';

/**
 * The folder that whitewalker is installed in, as an absolute path: the nearest one above this file whose package.json
 * has whitewalker's name. Found by looking, because this file is src/package-root.ts while it is developed and
 * dist/src/package-root.js once it is compiled.
 * @throws Error where there is none: the installation is incomplete.
 */
export function packageRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (nameOfPackage(folder) === packageName) return folder;
    if (dirname(folder) === folder) {
      throw new Error(
        `No package.json of ${packageName} above ${start}: the installation is incomplete, install it again.`,
      );
    }
  }
}

/**
 * The path of a program of ours that is to be forked.
 * @param module - its place below src, such as `compute/compute-process-main`. Node runs what is compiled, so the path is in
 *   dist, also while tests run the rest from src.
 */
export function programPath(module: string): string {
  return join(packageRoot(), 'dist', 'src', `${module}.js`);
}

/** The version of this program, as its package.json has it: `0.1.0`. */
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
    // None here, or one that is somebody else's business: look further up.
    return undefined;
  }
}
