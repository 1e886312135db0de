import type { WeightMap } from './engine.js';
import { engineError } from './engine-error.js';
import { downsamplingOf } from './request-checks.js';
import type { Network } from './weights/network.js';

/**
 * Computes the weight of each of a layer's positions: the mean of a map over the pixels that the position covers,
 * divided so that all weights add up to 1. Rows and columns that pooling leaves out don't count.
 *
 * @returns the layer's height · width weights, row by row.
 * @throws `engine/unknown-layer` for a layer that the network lacks; `engine/wrong-size` where the map has another
 *   number of values than its size says, `engine/not-finite` where it holds NaN or infinity, `engine/wrong-map` where a
 *   value is negative or all are zero at this layer.
 */
export function positionWeights(network: Network, layer: string, map: WeightMap): Float32Array {
  checkValues(layer, map);
  const { width, data } = map;
  const downsampling = downsamplingOf(network, layer);
  const [columns, rows] = [Math.floor(width / downsampling), Math.floor(map.height / downsampling)];
  const sums = new Float64Array(columns * rows);
  let total = 0;
  for (let y = 0; y < rows * downsampling; y++) {
    const row = Math.floor(y / downsampling) * columns;
    for (let x = 0; x < columns * downsampling; x++) {
      const value = data[y * width + x] as number;
      const position = row + Math.floor(x / downsampling);
      sums[position] = (sums[position] as number) + value;
      total += value;
    }
  }
  if (total > 0) return new Float32Array(sums.length).map((_, i) => (sums[i] as number) / total);
  const message =
    `The weight map of ${layer} is zero everywhere, so that there is nothing to compare. ` +
    'Give at least one pixel a weight above 0, or leave the map out.';
  throw engineError('wrong-map', message, { layer, width, height: map.height });
}

function checkValues(layer: string, { width, height, data }: WeightMap): void {
  if (data.length !== width * height) {
    const message = `A weight map of ${width}×${height} has ${width * height} values, but ${data.length} came for ${layer}.`;
    throw engineError('wrong-size', message, { layer, width, height, values: data.length });
  }
  const position = data.findIndex((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY));
  if (position < 0) return;
  const value = data[position] as number;
  throw engineError(
    value < 0 && Number.isFinite(value) ? 'wrong-map' : 'not-finite',
    `Value ${position} of the weight map of ${layer} is ${value}. Weights are finite numbers from 0 up.`,
    { layer, position },
  );
}
