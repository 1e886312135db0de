import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { variableNames } from '../src/environment.js';
import { packageRoot } from '../src/package-root.js';

const read = (name: string) => readFileSync(join(packageRoot(), name), 'utf8');
const known = [...read('.env.example').matchAll(/^([A-Z\d_]+)=/gm)].map(([, name]) => name);

/** Returns the paths that a Dockerfile copies out of the repository. */
function copied(dockerfile: string): readonly string[] {
  const copies = [...read(dockerfile).matchAll(/^COPY (?!--from)(.+) \S+$/gm)];
  return copies.flatMap(([, sources = '']) => sources.split(' '));
}

describe.each(['Dockerfile', 'Dockerfile.gpu', 'Dockerfile.tensorflow'])('%s', (dockerfile) => {
  it('copies what is there and what .dockerignore lets through', () => {
    const [first, ...others] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    const sources = copied(dockerfile);
    expect(sources).toContain('src');
    for (const source of sources) {
      expect(existsSync(join(packageRoot(), source)), source).toBe(true);
      expect(others).toContain(`!${source}`);
    }
  });

  it('ends as a user without rights, who has only data to write to, and is asked for its health', () => {
    const text = read(dockerfile);
    expect(text).toMatch(/^USER 1000:1000$/m);
    expect(text).toMatch(/^VOLUME \/data$/m);
    expect(text).toMatch(/^HEALTHCHECK .*\n.*METRICS_PORT}\/healthz/m);
  });
});

describe('settings', () => {
  it('that the program knows are those of .env.example', () => {
    expect([...variableNames].sort()).toEqual([...known].sort());
  });

  it.each([
    ['src/config.ts', /'([A-Z][A-Z\d]*_[A-Z_]+)'|\('([A-Z][A-Z\d_]+)'/g],
    ['Dockerfile', /^(?:ENV| {4})\s*([A-Z_]+)=/gm],
    ['Dockerfile.gpu', /^(?:ENV| {4})\s*([A-Z_]+)=/gm],
    ['Dockerfile.tensorflow', /^(?:ENV| {4})\s*([A-Z_]+)=/gm],
    ['compose.yaml', /^ {6}([A-Z_]+):/gm],
    ['docs/configuration.md', /^\| `([A-Z]+_[A-Z_]+)`/gm],
  ])('that %s names stand in .env.example', (file, pattern) => {
    const names = [...read(file).matchAll(pattern)].map(([, first, second]) => first ?? second);
    expect(names.length).toBeGreaterThan(1);
    // Settings of others: of Node.js, of NVIDIA's container toolkit, and of where programs keep files.
    const foreign = /^(?:NODE_ENV|NVIDIA_.*|XDG_.*)$/;
    for (const name of names) if (!foreign.test(name ?? '')) expect(known).toContain(name);
  });
});

describe('an install', () => {
  const { allowScripts, files, dependencies } = z
    .object({
      allowScripts: z.record(z.string(), z.boolean()),
      files: z.array(z.string()),
      dependencies: z.record(z.string(), z.string()),
    })
    .parse(JSON.parse(read('package.json')));
  const { packages } = z
    .object({ packages: z.record(z.string(), z.object({ hasInstallScript: z.boolean().optional() })) })
    .parse(JSON.parse(read('package-lock.json')));

  it('runs no script that package.json forbids, though older versions of npm only read the lockfile', () => {
    // Where this fails, take "hasInstallScript" out of package-lock.json; CONTRIBUTING.md, "Dependencies", tells more.
    // npm marks msgpackr-extract anew at each `npm install`. Its script only looks for an addon that its package brings along.
    const unmarkable = 'msgpackr-extract';
    const withScripts = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
    const names = withScripts.map(([path]) => path.split('node_modules/').at(-1)).filter((name) => name !== unmarkable);
    const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name]);
    expect([...new Set(names)].sort()).toEqual(allowed.sort());
  });

  it('of the package needs nothing that only compiling needs', () => {
    expect(Object.keys(dependencies).filter((name) => /^(@types\/|typescript$)/.test(name))).toEqual([]);
  });

  it('of the package brings along all that the README links to', () => {
    const readme = read('README.md');
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)|src="(?!https?:)([^"]+)"/g)].map(
      ([, target, source]) => target ?? source ?? '',
    );
    // npm adds these to what package.json lists.
    const brought = [...files, 'README.md', 'LICENSE'];
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((link) => !brought.some((file) => link === file || link.startsWith(`${file}/`)))).toEqual([]);
  });

  it('of the package has all that the package lists', () => {
    for (const file of files) if (!file.startsWith('!')) expect(existsSync(join(packageRoot(), file)), file).toBe(true);
  });
});
