import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { InferenceSession } from '../../src/engine/onnx/onnx-runtime.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { secondsPerPixel } from '../../src/transfer/engine-speed.js';
import { singleStyle } from '../../src/transfer/pictures.js';
import { styleTransfer } from '../../src/transfer/style-transfer.js';
import { noisePicture } from '../engine/random-pictures.js';

describe('measuring how fast an engine is', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ engine: 'onnx', network: 'vgg19-lite', threads: 1 });
  });
  afterAll(() => engine.dispose());

  it('compiles all that a usual transfer needs', async () => {
    const opened = vi.spyOn(InferenceSession, 'create');
    expect(await secondsPerPixel(engine)).toBeGreaterThan(0);
    expect(opened).toHaveBeenCalled();
    opened.mockClear();
    const picture = noisePicture(48, 48, 1);
    await styleTransfer(engine, { content: picture, styles: singleStyle(picture) }, { size: 48, epochs: 1 }).next();
    expect(opened).not.toHaveBeenCalled();
    opened.mockRestore();
  });
});
