import { parseLayer } from '../engine/topology.js';
import type { Mask } from './area/mask.js';
import type { LayerWeights } from './layers.js';
import { type StyleStatistic, statisticShares } from './style-statistics.js';

/**
 * So many of its positions a layer must see to take a style's statistics from them. With fewer, it paints the same few motifs
 * over whatever is there: in a face, over all of it.
 */
const enoughPositions = 192;

/**
 * What style layers count in the end: by a statistic, in an area of a picture. Where a layer sees too few positions, it counts
 * in proportion to them; in a small area at a coarse scale those are the deep layers.
 *
 * @param area - where the picture is styled, of the size of the pictures that are evaluated; undefined: everywhere.
 */
export function styleLayersFor(
  layers: LayerWeights,
  { statistic, area }: { readonly statistic: StyleStatistic; readonly area: Mask | undefined },
): LayerWeights {
  const pixels = area?.data.reduce((sum, value) => sum + value, 0) ?? 0;
  const enough = (layer: string) => {
    if (area === undefined) return 1;
    return Math.min(1, pixels / Math.min(enoughPositions * pixelsAt(layer), area.data.length));
  };
  return Object.fromEntries(
    Object.entries(layers).map(([layer, weight]) => [layer, statisticShares[statistic] * enough(layer) * weight]),
  );
}

/** How many pixels one position of a layer covers: block 1 sees each, and every block has a pooling of 2×2 before it. */
function pixelsAt(layer: string): number {
  const block = Number.parseInt(parseLayer(layer).convolution, 10);
  return 4 ** (block - 1);
}
