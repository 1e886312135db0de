import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.js';

const python = process.env.CONTEST_PYTHON ?? 'python3';
const hasPackages = spawnSync(python, ['-c', 'import numpy, PIL, safetensors, torch']).status === 0;

// The contest is a tool in Python, with tests of its own; most machines lack its packages.
it.skipIf(!hasPackages)('the contest compares, judges and hides as it says', () => {
  const { status, stderr } = spawnSync(python, ['-m', 'unittest', 'bench/contest/test_contest.py'], {
    cwd: packageRoot(),
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/OK/);
  expect(status).toBe(0);
});
