import { expect, it } from 'vitest';
import { processor } from '../../src/engine/onnx/device.js';
import { OnnxEngine } from '../../src/engine/onnx/onnx-engine.js';
import { randomNetwork } from '../../src/engine/weights/random-network.js';
import { noisePicture } from './random-pictures.js';

it('an objective goes on with other threads from its next evaluation on, with the same numbers', async () => {
  let threads = 2;
  const device = processor(() => threads);
  const opened: (number | undefined)[] = [];
  const engine = new OnnxEngine(randomNetwork('vgg19', 1, { upTo: 'relu2_1' }), {
    ...device,
    sessionOptions: (keepsMemory) => {
      const options = device.sessionOptions(keepsMemory);
      opened.push(options.intraOpNumThreads);
      return options;
    },
  });
  try {
    const { grams } = await engine.features(noisePicture(48, 32, 1), { grams: ['relu1_1', 'relu2_1'] });
    const style = [...grams].map(([layer, target]) => ({ layer, weight: 1, target }));
    const prepared = await engine.prepare({ content: [], style });
    const picture = noisePicture(64, 48, 2);
    const evaluations = [];
    for (const count of [2, 2, 1, 1, 2]) {
      threads = count;
      evaluations.push(await prepared.evaluate(picture));
    }
    // The first session is that of the features. One is opened for each change only.
    expect(opened).toEqual([2, 2, 1, 2]);
    for (const evaluation of evaluations) expect(evaluation).toEqual(evaluations[0]);
    // While evaluations run side by side, none loses its session to a change.
    const several = [1, 2, 1].map((count) => {
      threads = count;
      return prepared.evaluate(picture);
    });
    for (const evaluation of await Promise.all(several)) expect(evaluation).toEqual(evaluations[0]);
  } finally {
    await engine.dispose();
  }
});
