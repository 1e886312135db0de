import { describe, expect, it } from 'vitest';
import { readHostConfig } from '../../src/config.js';
import { planStyleTransfer, styleTransfer } from '../../src/discord/kinds/style-transfer.js';
import type { Job, PresetReference } from '../../src/jobs/job.js';
import { builtInPreset } from '../../src/presets/presets.js';
import { defaultServerSettings } from '../../src/settings/server-settings.js';

function orderFor(preset?: PresetReference) {
  const asked = { strength: 'balanced', size: 1024, epochs: 150, keepColors: false, spoiler: false } as const;
  return { kind: 'style-transfer', quality: 'high', preset, ...asked } as const;
}

describe('what is computed for an order', () => {
  it('leaves what nobody chose to the defaults', () => {
    const { statistic, layers } = planStyleTransfer(orderFor()).transfer;
    expect([statistic, layers]).toEqual([undefined, undefined]);
  });

  it('leaves the last word to the preset', () => {
    expect(planStyleTransfer(orderFor(), { statistic: 'gram' }).transfer.statistic).toBe('gram');
  });

  it.each<[string, PresetReference | undefined]>([
    ["a person's own style", undefined],
    ['a kept style', { name: 'quilt', guildId: '400000000000000001' }],
    ['a preset', { name: 'wildfire' }],
  ])('is, for %s again, what the job has, but for presets, which are read anew', (_, preset) => {
    const layers = { style: { relu1_1: 1, relu5_1: 0.2 } };
    const order = orderFor(preset);
    const job: Job = {
      id: '1'.repeat(20),
      task: planStyleTransfer(order, { statistic: 'gram', layers }),
      order,
      inputs: {},
      ownerId: '500000000000000001',
      guildId: undefined,
      reply: {
        applicationId: '1',
        interactionId: '2',
        token: 'token',
        ephemeral: false,
        botMaySpeak: true,
        locale: 'en',
        maxFileBytes: 1e7,
      },
      acceptedAt: 0,
      state: 'closed',
      crashes: 0,
      outcome: undefined,
    };
    const bot = { config: readHostConfig({}), hasNetwork: () => true };
    const { task } = styleTransfer.again({ job, order })(defaultServerSettings, bot);
    const { statistic, layers: painted } = task.kind === 'style-transfer' ? task.transfer : {};
    const asToday = [undefined, builtInPreset('wildfire')?.transfer.layers];
    expect([statistic, painted]).toEqual(preset?.name === 'wildfire' ? asToday : ['gram', layers]);
  });
});
