import { describe, expect, it } from 'vitest';
import { chooseNetwork } from '../../src/engine/choose-network.js';
import { multiplicationsPerPixel, type NetworkName, topologies } from '../../src/engine/topology.js';

const lite = ['vgg19-lite'] as const;
const all = ['vgg19', 'vgg16', 'vgg19-lite'] as const;

describe('the choice of a network', () => {
  it.each<[string, 'auto' | undefined, readonly NetworkName[], boolean, NetworkName, string]>([
    ['a GPU and the weights', 'auto', all, true, 'vgg19', 'GPU'],
    ['nobody asking for anything', undefined, all, true, 'vgg19', 'GPU'],
    ['weights and no GPU', 'auto', all, false, 'vgg19-lite', 'NETWORK=vgg19'],
    ['a GPU and no weights', 'auto', lite, true, 'vgg19-lite', 'weights download vgg19'],
    ['neither', 'auto', lite, false, 'vgg19-lite', 'comes with the program'],
  ])('with %s has a reason', (_, requested, available, gpu, network, reason) => {
    const choice = chooseNetwork({ requested, available, gpu });
    expect(choice).toEqual({ network, reason: expect.stringContaining(reason) });
  });

  it('follows who asks for one', () => {
    for (const network of all) {
      for (const gpu of [false, true]) {
        expect(chooseNetwork({ requested: network, available: all, gpu })).toMatchObject({ network });
      }
    }
  });

  it('names the command where the weights are missing', () => {
    expect(() => chooseNetwork({ requested: 'vgg16', available: lite, gpu: true })).toThrow(
      expect.objectContaining({
        domain: 'weights',
        code: 'not-fetched',
        message: expect.stringContaining('npx whitewalker weights download vgg16'),
      }),
    );
  });
});

describe("a network's work", () => {
  it('is as the model card says', () => {
    expect(multiplicationsPerPixel(topologies['vgg19-lite'])).toBeCloseTo(22_896, 6);
    expect(multiplicationsPerPixel(topologies.vgg19, '5_1')).toBeCloseTo(361_152, 6);
    expect(multiplicationsPerPixel(topologies.vgg19)).toBeGreaterThan(361_152);
  });
});
