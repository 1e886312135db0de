import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { EvaluationFigures } from '../../bench/evaluation.js';
import { evaluationTable, withTables } from '../../bench/peers/tables.js';
import { packageRoot } from '../../src/package-root.js';

const figures: EvaluationFigures = {
  network: 'vgg19-lite to conv5_1',
  size: 256,
  milliseconds: 61.4,
  gflops: 84,
  matrixProductGflops: 112,
  ofMatrixProduct: 0.75,
  peer: new Map(),
};

it('ours stands beside the peer, and the lead is the one before its fastest way to run', () => {
  const beside = { ...figures, peer: new Map([...Object.entries({ eager: 96.1, channels_last: 79.8 })]) };
  expect(evaluationTable([beside]).split('\n')).toEqual([
    '| network | size | ms | PyTorch eager, ms | PyTorch channels_last, ms | lead | GFLOP/s | matrix product, GFLOP/s | ratio |',
    '|---|---|---|---|---|---|---|---|---|',
    '| vgg19-lite to conv5_1 | 256² | 61 | 96 | 80 | 1.30 × | 84 | 112 | 0.75 |',
  ]);
  expect(evaluationTable([figures])).not.toMatch(/PyTorch|lead/);
});

it('tables are written where docs/performance.md has places for them, and nothing else changes', async () => {
  const document = await readFile(join(packageRoot(), 'docs/performance.md'), 'utf8');
  const written = withTables(document, { evaluations: 'fast', jobs: 'short' });
  expect(written).toContain('<!-- evaluations -->\n\nfast\n\n<!-- end of evaluations -->');
  expect(written).toContain('<!-- jobs -->\n\nshort\n\n<!-- end of jobs -->');
  const besides = (text: string) => text.replaceAll(/<!-- (\w+) -->.*?<!-- end of \1 -->/gs, '');
  expect(besides(written)).toBe(besides(document));
  expect(withTables(written, { evaluations: 'fast', jobs: 'short' })).toBe(written);
  expect(() => withTables(document, { peers: '' })).toThrow('no place');
});
