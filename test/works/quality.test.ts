import { describe, expect, it } from 'vitest';
import { readBotConfig } from '../../src/config.js';
import { chooseNetwork } from '../../src/engine/choose-network.js';
import type { NetworkName } from '../../src/engine/topology.js';
import { withNetworks } from '../../src/works/quality.js';

function networks(environment: Record<string, string>, available: readonly NetworkName[], gpu = false) {
  const { qualities, network } = readBotConfig({ DISCORD_TOKEN: 'x', ...environment });
  const complete = withNetworks(
    qualities,
    network,
    (requested) => chooseNetwork({ requested, available, gpu }).network,
  );
  return [complete.draft, complete.standard, complete.high].map(({ network: name }) => name);
}

const all = ['vgg19', 'vgg16', 'vgg19-lite'] as const;

describe("the qualities' networks", () => {
  it('are by quality, by NETWORK, or by the machine, in this order', () => {
    expect(networks({}, all)).toEqual(['vgg19-lite', 'vgg19-lite', 'vgg19-lite']);
    expect(networks({ NETWORK: 'auto' }, all, true)).toEqual(['vgg19', 'vgg19', 'vgg19']);
    expect(networks({ QUALITY_HIGH: 'vgg19 1024px 150 epochs' }, all)).toEqual(['vgg19-lite', 'vgg19-lite', 'vgg19']);
    expect(networks({ NETWORK: 'vgg19', QUALITY_DRAFT: 'VGG19-lite, 256, 60' }, all)).toEqual([
      'vgg19-lite',
      'vgg19',
      'vgg19',
    ]);
  });

  it('keep size and epochs', () => {
    const { qualities } = readBotConfig({ DISCORD_TOKEN: 'x', QUALITY_HIGH: 'vgg16 800px 120 epochs' });
    expect(qualities.high).toEqual({ network: 'vgg16', size: 800, epochs: 120 });
    expect(qualities.standard).toMatchObject({ size: 512, epochs: 100 });
  });

  it('stop the bot from starting where weights are missing, and say what fetches them', () => {
    const lite = ['vgg19-lite'] as const;
    for (const environment of [{ NETWORK: 'vgg19' }, { QUALITY_HIGH: 'vgg19 1024px 150 epochs' }]) {
      expect(() => networks(environment as Record<string, string>, lite)).toThrow('weights download vgg19');
    }
  });

  it.each(['resnet 512px 100 epochs', 'vgg19', 'vgg19 vgg16 512 100', '512px'])('are refused as "%s"', (value) => {
    expect(() => readBotConfig({ DISCORD_TOKEN: 'x', QUALITY_DRAFT: value })).toThrow('"vgg19 512px 100 epochs"');
  });
});
