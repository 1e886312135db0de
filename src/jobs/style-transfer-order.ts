import { transferDefaults } from '../transfer/style-transfer.js';
import type { Strength, StyleTransferOrder, StyleTransferTask, TransferRecipe } from './job.js';

/** How many times as much as usual the style counts. The loss is relative, so this means the same for every style. */
const styleWeightFactors: Readonly<Record<Strength, number>> = { subtle: 0.25, balanced: 1, strong: 4 };

/**
 * What is to be computed for an order.
 * @param tuned - what its preset differs in from the defaults.
 */
export function planStyleTransfer(
  { size, epochs, strength, keepColors }: StyleTransferOrder,
  tuned: Omit<TransferRecipe, 'size' | 'epochs'> = {},
): StyleTransferTask {
  const weights = { ...transferDefaults.weights, ...tuned.weights };
  const style = weights.style * styleWeightFactors[strength];
  return {
    kind: 'style-transfer',
    transfer: { ...tuned, weights: { ...weights, style }, size, epochs },
    keepColors,
  };
}
