import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askForGpu, loadTensorFlow, type TensorFlowPackage } from '../../src/engine/tensorflow/backend.js';

const tensorFlowPath = createRequire(import.meta.url).resolve('@tensorflow/tfjs');

/** Source of a stand-in package for node_modules: TensorFlow.js on its processor backend, which claims to use a GPU. */
const onGpu = `module.exports = { ...require(${JSON.stringify(tensorFlowPath)}), backend: () => ({ isUsingGpuDevice: true }) };`;
const onProcessor = onGpu.replace('isUsingGpuDevice: true', 'isUsingGpuDevice: false');
const broken = `throw new Error('libcudart.so.11.0: cannot open shared object file\\nand so on');`;
const forOlderNode = onGpu.replace(
  'backend:',
  `add: () => { throw new TypeError('util_1.isNullOrUndefined is not a function') }, backend:`,
);

describe('TensorFlow', () => {
  let folder: string;
  let from: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whitewalker-tensorflow-'));
    from = join(folder, 'index.js');
    for (const name of ['TF_FORCE_GPU_ALLOW_GROWTH', 'TF_CPP_MIN_LOG_LEVEL', 'TF_NUM_INTRAOP_THREADS']) {
      vi.stubEnv(name, undefined);
    }
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  async function install(packageName: TensorFlowPackage, code: string): Promise<void> {
    const packageFolder = join(folder, 'node_modules', packageName);
    await mkdir(packageFolder, { recursive: true });
    await writeFile(join(packageFolder, 'index.js'), code);
  }

  const errorOfLoading = () => {
    try {
      return loadTensorFlow({ from });
    } catch (error) {
      return error;
    }
  };

  it('is asked for in plain words where it is not installed', () => {
    const error = errorOfLoading();
    expect(error).toMatchObject({ domain: 'engine', code: 'not-installed', context: { node: process.versions.node } });
    expect(error).toHaveProperty(
      'message',
      expect.stringMatching(/not installed.*npm install @tensorflow\/tfjs-node-gpu/),
    );
    expect(error).toHaveProperty('message', expect.stringContaining('Node 18 and 20 only'));
    expect(askForGpu({ from })).toEqual({ answers: false, reason: '@tensorflow/tfjs-node-gpu is not installed' });
  });

  it('comes from the package for GPUs where there are both, and takes memory as it needs it', async () => {
    await install('@tensorflow/tfjs-node', onProcessor);
    await install('@tensorflow/tfjs-node-gpu', onGpu);
    expect(loadTensorFlow({ from, threads: 3 })).toMatchObject({
      packageName: '@tensorflow/tfjs-node-gpu',
      usesGpu: true,
    });
    expect(process.env).toMatchObject({ TF_FORCE_GPU_ALLOW_GROWTH: 'true', TF_NUM_INTRAOP_THREADS: '3' });
    expect(askForGpu({ from })).toMatchObject({ answers: true, backend: { usesGpu: true } });
  });

  it('is left with what an operator has set', async () => {
    vi.stubEnv('TF_FORCE_GPU_ALLOW_GROWTH', 'false');
    await install('@tensorflow/tfjs-node', onProcessor);
    expect(loadTensorFlow({ from })).toMatchObject({ packageName: '@tensorflow/tfjs-node', usesGpu: false });
    expect(process.env.TF_FORCE_GPU_ALLOW_GROWTH).toBe('false');
  });

  it('comes from the package for processors where the other one is broken', async () => {
    await install('@tensorflow/tfjs-node-gpu', broken);
    await install('@tensorflow/tfjs-node', onProcessor);
    expect(loadTensorFlow({ from })).toMatchObject({ packageName: '@tensorflow/tfjs-node' });
    expect(askForGpu({ from })).toMatchObject({ answers: false, reason: expect.stringContaining('libcudart.so.11.0') });
  });

  it('may find no GPU', async () => {
    await install('@tensorflow/tfjs-node-gpu', onProcessor);
    expect(askForGpu({ from })).toMatchObject({ answers: false, reason: expect.stringContaining('finds no GPU') });
  });

  it.each([
    ['does not load', broken, /tfjs-node could not be loaded: libcudart.so.11.0: cannot open shared object file\. Run/],
    ['is none', 'module.exports = { tensor() {} };', /lacks tensor1d, add/],
    ['is not made for this Node', forOlderNode, /isNullOrUndefined is not a function\. .*Node 18 and 20 only/],
  ])('that %s says so', async (_what, code, message) => {
    await install('@tensorflow/tfjs-node', code);
    const error = errorOfLoading();
    expect(error).toMatchObject({ domain: 'engine', code: 'unavailable', message: expect.stringMatching(message) });
  });
});
