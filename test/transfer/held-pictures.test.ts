import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { collectGarbage } from '../../src/engine/pieces/collect-garbage.js';
import { encodePicture } from '../../src/imaging/encode.js';
import { transferMemory, usualLayers } from '../../src/transfer/transfer-memory.js';
import { perform, type Task } from '../../src/works/works.js';
import { gradient, mosaic } from '../imaging/test-pictures.js';

const side = 2048;
const size = { width: side, height: side };
const region = { left: 45, top: 45, width: 10, height: 10 };

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ network: 'vgg19-lite', threads: 1 });
});
afterAll(() => engine.dispose());

/**
 * Returns the most bytes of arrays that were held at once while something ran, beyond those before: looked at whenever an
 * array of floating-point numbers is made that is about as large as a plane of the picture.
 */
async function mostBytesHeld(run: () => Promise<unknown>): Promise<number> {
  const bytesHeld = () => {
    // The first collection finds what nobody holds, the second one waits until that is freed.
    collectGarbage();
    collectGarbage();
    return process.memoryUsage().arrayBuffers;
  };
  const before = bytesHeld();
  let most = 0;
  const Original = Float32Array;
  const Watched = new Proxy(Original, {
    construct(target, [first, ...others]): Float32Array {
      const array: Float32Array = Reflect.construct(target, [first, ...others]);
      if (!(first instanceof ArrayBuffer) && array.length > 0.2 * side ** 2) most = Math.max(most, bytesHeld());
      return array;
    },
  });
  const use = (value: Float32ArrayConstructor) => {
    globalThis.Float32Array = value;
    // Arrays that are made of others ask those for their constructor.
    Object.defineProperty(Original.prototype, 'constructor', { configurable: true, writable: true, value });
  };
  use(Watched);
  try {
    await run();
  } finally {
    use(Original);
  }
  return most - before;
}

it('a picture of which a small region is painted takes no more than is foretold, whatever else is held of it', async () => {
  const opacity = { ...size, data: new Float32Array(side ** 2).fill(0.5) };
  const content = { bytes: await encodePicture(gradient(side, side), 'png', { opacity }) };
  const style = { bytes: await encodePicture(mosaic(80, 70), 'png') };
  const layers = usualLayers('vgg19-lite');
  const { least: foretold } = transferMemory('vgg19-lite', size, { layers, styled: [region] });
  const { least: ofProcess } = transferMemory('vgg19-lite', { width: 16, height: 16 }, { layers });
  const transfer = { size: side, epochs: 1, scaleEpochs: [0, 0, 0, 0, 1], regions: [region] };
  const task: Task = { kind: 'style-transfer', transfer: { ...transfer, keepColors: 'luminance' } };
  const held = await mostBytesHeld(() =>
    perform(task, async (input) => (input === 'content' ? content : style), {
      engineFor: async () => engine,
      animated: true,
      onProgress: ({ picture }) => void picture(),
    }),
  );
  const planes = (bytes: number) => bytes / (Float32Array.BYTES_PER_ELEMENT * side ** 2);
  expect(planes(held)).toBeLessThan(planes(foretold - ofProcess));
  // The content, what is seen and what is painted of it are there whatever is saved: if this fails, it isn't counted.
  expect(planes(held)).toBeGreaterThan(9);
});
