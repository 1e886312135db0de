import { describe, expect, it } from 'vitest';
import { chooseEngine, engineNames } from '../../src/engine/choose-engine.js';
import { listSupportedBackends } from '../../src/engine/onnx/onnx-runtime.js';
import { openEngine } from '../../src/engine/open-engine.js';

describe('the engine that is chosen', () => {
  it('is the one that computes on a GPU, and ONNX Runtime on the processor elsewhere, with the reason', async () => {
    const found = { answers: true, engine: 'webgpu', reason: 'a GPU computes' } as const;
    expect(await chooseEngine('auto', async () => found)).toEqual({ engine: 'webgpu', reason: 'a GPU computes' });
    const { engine, reason } = await chooseEngine('auto', async () => ({ answers: false, reason: 'there is no GPU' }));
    expect(engine).toBe('onnx');
    expect(reason).toContain('there is no GPU');
  });

  it('is the one that was asked for, and then no GPU is', async () => {
    for (const name of engineNames) {
      if (name === 'auto') continue;
      expect((await chooseEngine(name, () => expect.fail('asked'))).engine).toBe(name);
    }
  });
});

const hasCuda = listSupportedBackends().some(({ name, bundled }) => name === 'cuda' && bundled);

describe('ONNX Runtime with CUDA', () => {
  it.skipIf(hasCuda)('says what to install where it is missing', async () => {
    const error = await openEngine({ engine: 'onnx-cuda' }).then(
      () => expect.fail('it opened'),
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({
      domain: 'engine',
      code: 'unavailable',
      message: expect.stringMatching(/CUDA 12.*ONNXRUNTIME_NODE_INSTALL=cuda12.*ENGINE=onnx/),
    });
  });
});
