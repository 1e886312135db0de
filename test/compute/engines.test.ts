import { describe, expect, it } from 'vitest';
import { isCoded } from '../../src/coded-error.js';
import { Engines } from '../../src/compute/engines.js';
import type { Engine } from '../../src/engine/engine.js';
import { processor } from '../../src/engine/onnx/device.js';
import { OnnxEngine } from '../../src/engine/onnx/onnx-engine.js';
import type { NetworkName } from '../../src/engine/topology.js';
import { randomNetwork } from '../../src/engine/weights/random-network.js';
import type { EngineNeeds } from '../../src/works/work.js';

/** Opens small engines under the names of large networks, and records which were opened. */
function recorded(usual: NetworkName) {
  const opened: Engine[] = [];
  const open = async ({ network = usual }: EngineNeeds) => {
    const engine = new OnnxEngine({ ...randomNetwork([[4]], 1), name: network }, processor(1));
    opened.push(engine);
    return engine;
  };
  return { engines: new Engines(open), opened, names: () => opened.map(({ network }) => network.name) };
}

const picture = { width: 16, height: 16, data: new Float32Array(3 * 16 * 16) };
const works = (engine: Engine | undefined) =>
  (engine ?? expect.fail('none')).features(picture, { grams: ['relu1_1'] }).then(
    () => true,
    (error: unknown) => (isCoded(error, 'engine', 'disposed') ? false : expect.fail(String(error))),
  );

describe('the engines of a compute process', () => {
  it('are opened once for each network and pooling, the usual one under both its names', async () => {
    const { engines, names } = recorded('vgg19-lite');
    const usual = await engines.of();
    expect(await engines.of({ network: 'vgg19-lite' })).toBe(usual);
    const full = await engines.of({ network: 'vgg19' });
    expect(await engines.of({ network: 'vgg19' })).toBe(full);
    expect(await engines.of()).toBe(usual);
    expect(names()).toEqual(['vgg19-lite', 'vgg19']);
    const average = await engines.of({ pooling: 'average' });
    expect(average).not.toBe(usual);
    expect(await engines.of({ network: 'vgg19-lite', pooling: 'average' })).toBe(average);
    expect(await engines.of()).toBe(usual);
  });

  it('are two at most: the one that was not used for longest gives way', async () => {
    const { engines, opened, names } = recorded('vgg19-lite');
    for (const network of [undefined, 'vgg19', undefined, 'vgg16', undefined] as const) await engines.of({ network });
    expect(names()).toEqual(['vgg19-lite', 'vgg19', 'vgg16']);
    expect(await Promise.all(opened.map(works))).toEqual([true, false, true]);
    await engines.of({ network: 'vgg19' });
    await engines.of();
    expect(names()).toEqual(['vgg19-lite', 'vgg19', 'vgg16', 'vgg19']);
    expect(await Promise.all(opened.map(works))).toEqual([true, false, false, true]);
  });

  it('do without one that cannot be opened', async () => {
    const { engines: working } = recorded('vgg19-lite');
    let isBroken = true;
    const engines = new Engines(async (needs) => {
      if (needs.network === 'vgg19' && isBroken) throw new Error('no weights');
      return working.of(needs);
    });
    const usual = await engines.of();
    await expect(engines.of({ network: 'vgg19' })).rejects.toThrow('no weights');
    expect(await engines.of()).toBe(usual);
    isBroken = false;
    expect((await engines.of({ network: 'vgg19' })).network.name).toBe('vgg19');
  });
});
