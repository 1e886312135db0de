import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageRoot } from '../src/package-root.js';

/** What is wrong with an {@link installation}. */
export interface Damage {
  /** Paths below the installation that are missing. */
  readonly without: readonly string[];
  /** Packages that are copied instead of linked, so that they look for their own packages in this installation. */
  readonly copied?: readonly string[];
}

/** Makes an installation of the compiled program in a new folder, whose packages are links, and returns its path. */
export async function installation({ without, copied = [] }: Damage): Promise<string> {
  const root = packageRoot();
  const folder = await mkdtemp(join(tmpdir(), 'whitewalker-installation-'));
  const missing = new Set(without.map((path) => join(root, path)));
  const copy = (name: string) =>
    cp(join(root, name), join(folder, name), {
      recursive: true,
      filter: (path) => !missing.has(path) && !path.endsWith('.map'),
    });
  for (const name of ['package.json', 'weights', 'presets', 'examples']) {
    await symlink(join(root, name), join(folder, name));
  }
  for (const name of ['dist/src', 'dist/commands', 'tools/run.mjs']) {
    await copy(name);
  }
  for (const name of await packagesIn(join(root, 'node_modules'))) {
    const path = join('node_modules', name);
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await (copied.includes(name) ? copy(path) : symlink(join(root, path), join(folder, path)));
  }
  // Folders of packages, and packages that are linked, are there by now.
  for (const path of without) await rm(join(folder, path), { recursive: true, force: true });
  return folder;
}

/** Returns the names of the packages in a folder, with their scopes: `sharp`, `@img/colour`. */
async function packagesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  const scoped = await Promise.all(
    names
      .filter((name) => name.startsWith('@'))
      .map(async (scope) => (await readdir(join(folder, scope))).map((name) => join(scope, name))),
  );
  return [...names.filter((name) => !/^[.@]/.test(name)), ...scoped.flat()];
}
