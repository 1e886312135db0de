import { describe, expect, it } from 'vitest';
import { planStyleTransfer } from '../../src/discord/kinds/style-transfer.js';
import type { Quality } from '../../src/works/quality.js';

function order(quality: Quality) {
  const asked = { strength: 'balanced', size: 1024, epochs: 150, keepColors: false, spoiler: false } as const;
  return { kind: 'style-transfer', quality, ...asked } as const;
}

describe('what is computed for an order', () => {
  it('compares style by moments in high quality only', () => {
    const statisticOf = (quality: Quality) => planStyleTransfer(order(quality)).transfer.statistic ?? 'gram';
    expect([statisticOf('draft'), statisticOf('standard'), statisticOf('high')]).toEqual(['gram', 'gram', 'moments']);
  });

  it('leaves the last word to the preset', () => {
    expect(planStyleTransfer(order('high'), { statistic: 'gram' }).transfer.statistic).toBe('gram');
  });
});
