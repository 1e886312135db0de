import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../../src/engine/engine.js';
import { webGpuDevice } from '../../../src/engine/onnx/device.js';
import { OnnxEngine } from '../../../src/engine/onnx/onnx-engine.js';
import { randomNetwork } from '../../../src/engine/weights/random-network.js';
import { failingVulkan, noFailingVulkan } from '../../software-vulkan.js';
import { noisePicture } from '../random-pictures.js';

/*
 * A Vulkan driver that fails on purpose, so that the words are ONNX Runtime's own.
 */
describe.skipIf(noFailingVulkan !== undefined)(
  `WebGPU on a failing device (${noFailingVulkan ?? 'made here'})`,
  { timeout: 300_000 },
  () => {
    let folder: string;
    let engine: Engine;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'whitewalker-failing-'));
      for (const [name, value] of Object.entries(failingVulkan(folder))) vi.stubEnv(name, value);
      engine = new OnnxEngine(randomNetwork([[12], [4]], 1), webGpuDevice());
    });
    afterEach(async () => {
      await engine.dispose();
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
    });

    async function evaluationOf(side: number) {
      const image = noisePicture(side, side, 1);
      const { activations, grams } = await engine.features(image, { activations: ['relu2_1'], grams: ['relu1_1'] });
      const prepared = await engine.prepare({
        content: [...activations].map(([layer, target]) => ({ layer, weight: 1, target })),
        style: [...grams].map(([layer, target]) => ({ layer, weight: 1, target })),
      });
      return prepared.evaluate(noisePicture(side, side, 2));
    }

    it('says that there is no memory, and then computes what there is memory for', async () => {
      // Small buffers share pieces of some megabytes; these ones need more than that.
      vi.stubEnv('LARGEST_BYTES', '9000000');
      await expect(evaluationOf(448)).rejects.toMatchObject({ domain: 'engine', code: 'out-of-memory' });
      expect((await evaluationOf(32)).loss).toBeGreaterThan(0);
    });

    it('says that the device is lost, during an evaluation', async () => {
      expect((await evaluationOf(32)).loss).toBeGreaterThan(0);
      const file = join(folder, 'lost');
      vi.stubEnv('LOSES_DEVICE_WHILE', file);
      writeFileSync(file, '');
      await expect(evaluationOf(32)).rejects.toMatchObject({
        domain: 'engine',
        code: 'device-lost',
        message: expect.stringContaining('ENGINE=onnx'),
      });
    });
  },
);
