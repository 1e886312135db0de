import { parseLayer } from '../engine/topology.js';
import type { Mask } from './area/mask.js';
import { type StyleStatistic, statisticShares } from './style-statistics.js';
import type { LayerWeights } from './transfer-layers.js';

/**
 * Number of positions that a layer must have in the styled area to take a style's statistics from them. With fewer, it
 * paints the same few motifs over whatever is there: in a face, over all of it.
 */
const enoughPositions = 192;

/**
 * Computes the final weights of style layers for a statistic and a styled area. A layer with too few positions in the
 * area counts in proportion to them; in a small area at a coarse scale those are the deep layers.
 *
 * @param area - where the picture is styled, in the size of the pictures that are evaluated; undefined is everywhere.
 */
export function styleLayersFor(
  layers: LayerWeights,
  { statistic, area }: { readonly statistic: StyleStatistic; readonly area: Mask | undefined },
): LayerWeights {
  const pixels = area?.data.reduce((sum, value) => sum + value, 0) ?? 0;
  const enough = (layer: string) => {
    if (area === undefined) return 1;
    return Math.min(1, pixels / Math.min(enoughPositions * downsamplingOf(layer) ** 2, area.data.length));
  };
  return Object.fromEntries(
    Object.entries(layers).map(([layer, weight]) => [layer, statisticShares[statistic] * enough(layer) * weight]),
  );
}

/** Returns how many pixels a side a position of a layer covers: one in block 1, twice as many after each 2×2 pooling. */
export function downsamplingOf(layer: string): number {
  return 2 ** (parseLayer(layer).block - 1);
}
