import type { NetworkName } from '../engine/topology.js';
import { bestColourKeeping } from '../transfer/colours/content-colours.js';
import type { TransferRecipe } from '../transfer/recipe/recipe.js';
import { transferDefaults } from '../transfer/transfer-options.js';
import type { Strength, StyleTransferOrder } from './order.js';
import type { StyleTransferTask } from './task.js';

/** How many times as much as usual the style counts. The loss is relative, so this means the same for every style. */
const styleWeightFactors: Readonly<Record<Strength, number>> = { subtle: 0.25, balanced: 1, strong: 4 };

/**
 * What is to be computed for an order.
 * @param tuned - what its preset differs in from the defaults.
 * @param network - the one that its quality stands for.
 */
export function planStyleTransfer(
  { size, epochs, strength, keepColors }: StyleTransferOrder,
  tuned: Omit<TransferRecipe, 'size' | 'epochs'> = {},
  network?: NetworkName | undefined,
): StyleTransferTask {
  const weights = { ...transferDefaults.weights, ...tuned.weights };
  const style = weights.style * styleWeightFactors[strength];
  return {
    kind: 'style-transfer',
    network,
    transfer: {
      ...tuned,
      weights: { ...weights, style },
      size,
      epochs,
      ...(keepColors && { keepColors: bestColourKeeping }),
    },
  };
}
