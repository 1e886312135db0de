import { afterEach, expect, it, vi } from 'vitest';
import { processor } from '../../src/engine/onnx/device.js';
import { OnnxEngine } from '../../src/engine/onnx/onnx-engine.js';
import { InferenceSession } from '../../src/engine/onnx/onnx-runtime.js';
import { randomNetwork } from '../../src/engine/weights/random-network.js';
import { noisePicture } from './random-pictures.js';

afterEach(() => vi.restoreAllMocks());

it.each([
  ['the processor, only the latest of several losses', true, 1],
  ['a GPU, each of several losses', false, 2],
])('memory is kept for %s, and none is lost while several run', async (_where, keepsLatestOnly, most) => {
  const engine = new OnnxEngine(randomNetwork('vgg19', 1, { upTo: 'relu2_1' }), { ...processor(1), keepsLatestOnly });
  try {
    const picture = noisePicture(48, 32, 1);
    const { grams } = await engine.features(picture, { grams: ['relu1_1', 'relu2_1'] });
    const style = [...grams].map(([layer, target]) => ({ layer, weight: 1, target }));
    const map = { width: 48, height: 32, data: new Float32Array(48 * 32).fill(1) };
    const losses = [
      await engine.prepare({ content: [], style }),
      await engine.prepare({ content: [], style: style.map((term) => ({ ...term, map })) }),
    ];
    const open = new Set<unknown>();
    const create = InferenceSession.create.bind(InferenceSession) as (bytes: Uint8Array) => Promise<InferenceSession>;
    vi.spyOn(InferenceSession, 'create').mockImplementation(async (...options: readonly unknown[]) => {
      const session = await create(...(options as [Uint8Array]));
      open.add(session);
      const release = session.release.bind(session);
      vi.spyOn(session, 'release').mockImplementation(() => {
        open.delete(session);
        return release();
      });
      return session;
    });
    const errors: number[] = [];
    for (const loss of [...losses, ...losses]) errors.push((await loss.evaluate(picture)).loss);
    expect(open.size).toBe(most);
    const beside = await Promise.all([...losses, ...losses].map((loss) => loss.evaluate(picture)));
    expect(beside.map(({ loss }) => loss)).toEqual(errors);
  } finally {
    await engine.dispose();
  }
});
