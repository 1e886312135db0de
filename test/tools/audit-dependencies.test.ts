import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.js';
import { serve } from '../download/local-server.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whitewalker-audit-'));
  const dependencies = { needed: '1.0.0' };
  const optionalDependencies = { spare: '1.0.0' };
  await write('package.json', { name: 'audited', version: '1.0.0', dependencies, optionalDependencies });
  await write('package-lock.json', {
    name: 'audited',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': { name: 'audited', version: '1.0.0', dependencies, optionalDependencies },
      'node_modules/needed': { version: '1.0.0' },
      'node_modules/spare': { version: '1.0.0', optional: true },
    },
  });
});
afterAll(() => rm(folder, { recursive: true }));

const write = (name: string, content: object) => writeFile(join(folder, name), JSON.stringify(content));

/** Audits the dependencies with the advisories of this registry; returns exit code and output. */
function audit(registry: string): Promise<{ code: unknown; output: string }> {
  const env = { PATH: process.env.PATH, HOME: folder, npm_config_registry: registry };
  const script = join(packageRoot(), 'tools', 'audit-dependencies.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [script], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}

let nextId = 1;

/** Answers as a registry that knows of one vulnerability, in this package. */
function vulnerable(name: string, severity: string): RequestListener {
  // npm remembers advisories by their id, so each has a new one.
  const advisory = { id: nextId++, url: 'https://advisories.example/1', title: 'Melts in the sun', severity };
  const known = { [name]: [{ ...advisory, vulnerable_versions: '*', cwe: [], cvss: { score: 9 } }] };
  return ({ method }, response) => {
    if (method === 'POST') response.end(JSON.stringify(known));
    else response.writeHead(404).end('{}');
  };
}

describe('the audit of dependencies', () => {
  it('fails where one is seriously vulnerable, and names it', async () => {
    const { code, output } = await audit(await serve(vulnerable('needed', 'high')));
    expect(output).toContain(
      'high: the dependency needed is vulnerable: Melts in the sun https://advisories.example/1',
    );
    expect(code).toBe(1);
  });

  it.each([
    ['tells of optional ones', vulnerable('spare', 'critical'), 'critical: the optional dependency spare'],
    ['is content with lesser ones', vulnerable('needed', 'moderate'), ''],
    [
      'says so where the registry does not answer such questions',
      ((_, response) => response.writeHead(405).end()) as RequestListener,
      'Dependencies were not audited: the registry',
    ],
  ])('%s, and fails nothing', async (_what, answer, sentence) => {
    const { code, output } = await audit(await serve(answer));
    expect(output).toContain(sentence);
    if (sentence === '') expect(output).toBe('');
    expect(code).toBe(0);
  });
});
