import type { NetworkName } from '../engine/topology.js';
import { bestColourKeeping } from '../transfer/colours/content-colours.js';
import type { TransferRecipe } from '../transfer/recipe/recipe.js';
import type { StyleStatistic } from '../transfer/style-statistics.js';
import { transferDefaults } from '../transfer/transfer-options.js';
import type { Quality } from '../works/quality.js';
import type { StyleTransferTask } from '../works/style-transfer.js';
import type { Strength, StyleTransferOrder } from './order.js';

/** How many times as much as usual the style counts. The loss is relative, so this means the same for every style. */
const styleWeightFactors: Readonly<Record<Strength, number>> = { subtle: 0.25, balanced: 1, strong: 4 };

/**
 * What style is compared by, where it isn't Gram matrices. Moments come nearer to a style at the same content, and paint more of it
 * into flat areas; but at the sizes of the other qualities they cost small faces their eyes (docs/quality.md).
 */
const statistics: Readonly<Partial<Record<Quality, StyleStatistic>>> = { high: 'moments' };

/**
 * What is to be computed for an order.
 * @param tuned - what its preset differs in from the defaults.
 * @param network - the one that its quality stands for.
 */
export function planStyleTransfer(
  { quality, size, epochs, strength, keepColors }: StyleTransferOrder,
  tuned: Omit<TransferRecipe, 'size' | 'epochs'> = {},
  network?: NetworkName | undefined,
): StyleTransferTask {
  const weights = { ...transferDefaults.weights, ...tuned.weights };
  const style = weights.style * styleWeightFactors[strength];
  return {
    kind: 'style-transfer',
    network,
    transfer: {
      statistic: statistics[quality],
      ...tuned,
      weights: { ...weights, style },
      size,
      epochs,
      ...(keepColors && { keepColors: bestColourKeeping }),
    },
  };
}
